import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import request, { listener } from '@expressway/testing'
import { describe, expect, it } from 'vitest'
import { handler } from './lambda.ts'
import { app as real } from './with-express.ts'
import { app as shim } from './with-shim.ts'

// One suite: real Express on a server of its own, the shim through every event source.
describe.each([
  { name: 'express', target: real },
  { name: '@expressway/express-shim', target: { handler } },
  { name: '@expressway/express-shim on a server', target: listener((req, res) => shim(req as never, res as never)) },
])('$name', ({ target }) => {
  const client = () => request(target as Parameters<typeof request>[0])

  it('answers JSON, with a cookie', () =>
    client()
      .get('/users/1')
      .set('Accept', 'application/json')
      .set('Host', 'example.com')
      .viaAll()
      .expect('set-cookie', /^seen=1; Path=\/; HttpOnly$/)
      .expect(200, { id: '1', host: 'example.com', last: '1' }))

  it('answers HTML', () =>
    client().get('/users/1').set('Accept', 'text/html').viaAll().expect('content-type', /html/).expect('<p>User 1</p>'))

  it('reads JSON', () =>
    client().post('/users').send({ name: 'Ada' }).viaAll().expect('location', '/users/7').expect(201, { name: 'Ada' }))

  it('goes on where a parameter says so', () => client().get('/users/ada').viaAll().expect(404))

  it('redirects', () => client().get('/old').viaAll().redirects(0).expect('location', '/users/1').expect(301))

  it('answers the status of an error', () => client().get('/broken').viaAll().expect(418))
})

it('is one line away from real Express', () => {
  const lines = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8').split('\n')
  const before = lines('with-express.ts')
  expect(lines('with-shim.ts').filter((line, at) => line !== before[at])).toEqual([
    "import express from '@expressway/express-shim'",
  ])
})
