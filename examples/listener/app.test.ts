import request from '@expressway/testing'
import { describe, it } from 'vitest'
import { handler as express } from './express.ts'
import { handler as fastify } from './fastify.ts'
import { handler as h3 } from './h3.ts'
import { handler as hapi } from './hapi.ts'
import { handler as koa } from './koa.ts'
import { handler as nest } from './nest.ts'
import { handler as node } from './node.ts'

describe('frameworks as they are', () => {
  it.each(Object.entries({ express, fastify, h3, hapi, koa, nest }))('%s', async (_name, handler) => {
    await request(handler).get('/hello/ada').viaAll().expect('content-type', /json/).expect(200, { hello: 'ada' })
  })

  it('a bare listener, which knows its invocation', () =>
    request(node, { gateway: 'alb' }).get('/hello/ada').expect(200, { hello: 'ada', source: 'alb' }))

  it('the same, streamed', () =>
    request(node).get('/hello/ada').stream().expect(200, { hello: 'ada', source: 'function-url' }))
})
