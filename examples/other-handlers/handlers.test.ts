// Nothing here is of Expressway but the tests: any Lambda handler is called as AWS would call it.
import request from '@expressway/testing'
import { restApiEvent } from '@expressway/testing/events'
import { describe, expect, it } from 'vitest'
import { handler as hono } from './hono.ts'
import { handler as lambdaApi } from './lambda-api.ts'
import { handler as plain } from './plain.ts'
import { handler as serverlessHttp } from './serverless-http.ts'

type Target = Parameters<typeof request>[0]

describe.each([
  { name: 'a plain handler', handler: plain as Target, gateways: ['http-api', 'function-url'] as const },
  {
    name: 'Express behind serverless-http',
    handler: serverlessHttp as Target,
    gateways: ['rest-api', 'http-api'] as const,
  },
  {
    name: "Hono's handle",
    handler: hono as Target,
    gateways: ['rest-api', 'http-api', 'function-url', 'alb'] as const,
  },
  { name: 'lambda-api', handler: lambdaApi as Target, gateways: ['rest-api', 'http-api', 'alb-multi-value'] as const },
])('$name', ({ handler, gateways }) => {
  it('says hello behind each gateway that it is made for', () =>
    request(handler)
      .get('/hello/ada')
      .viaAll([...gateways])
      .expect('content-type', /json/)
      .expect(200, { hello: 'ada' }))
})

it('shows what a gateway does not carry, and why', async () => {
  const res = await request(plain, { gateway: 'alb' }).get('/hello/ada')
  expect(res.status).toBe(502)
  expect(res.lambdaError?.message).toMatch(/undefined/)
})

it('makes events to call a handler with, where the gateway is of no interest', async () => {
  // Hono's own event types are narrower than AWS's.
  const result = await hono(restApiEvent({ path: '/hello/ada' }) as unknown as Parameters<typeof hono>[0])
  expect(JSON.parse(result.body)).toEqual({ hello: 'ada' })
})
