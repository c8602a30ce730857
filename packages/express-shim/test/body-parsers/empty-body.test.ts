// A POST without a body: clients announce a length of 0, which a REST API and a function URL do not pass on.
import request from '@expressway/testing'
import realExpress from 'express'
import { describe, expect, it } from 'vitest'
import express from '../../src/index.ts'

const kinds = { json: 'application/json', urlencoded: 'application/x-www-form-urlencoded', text: 'text/plain' } as const
type Kind = keyof typeof kinds

// biome-ignore lint/suspicious/noExplicitAny: the same program for both.
const echo = (module: any, kind: Kind) => {
  const app = module()
  app.use(module[kind]())
  // biome-ignore lint/suspicious/noExplicitAny: the handlers of both.
  app.all('/', (req: any, res: any) => res.json({ body: req.body ?? 'none' }))
  return app
}

describe.each(Object.keys(kinds) as Kind[])('%s', (kind) => {
  it.each(['post', 'put', 'patch', 'get'] as const)(
    'an empty %s is what it is to Express on a server',
    async (method) => {
      const real = await request(echo(realExpress, kind))[method]('/').set('Content-Type', kinds[kind])
      await request(echo(express, kind))[method]('/').set('Content-Type', kinds[kind]).viaAll().expect(200, real.body)
      expect(real.body.body).toEqual(method === 'get' ? 'none' : kind === 'text' ? '' : {})
    },
  )
})
