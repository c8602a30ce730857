import { createApp } from '@expressway/core'
import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { expectLog } from '../../test/expect-log.ts'
import { app } from './limits.ts'

const megabyte = 1024 * 1024

it('a request that is too large never reaches the function', async () => {
  let calls = 0
  const counting = createApp().post('/', () => ++calls)
  await request(counting)
    .post('/')
    .via('alb')
    .send(Buffer.alloc(1.1 * megabyte))
    .expect(413)
  expect(calls).toBe(0)
  await request(counting)
    .post('/')
    .via('http')
    .type('text/plain')
    .send('a'.repeat(2 * megabyte))
    .expect(200)
})

it.each([
  ['rest-api', 413],
  ['http-api', 413],
  ['function-url', 413],
  ['vpc-lattice', 413],
] as const)('%s refuses an event over 6 MB', async (gateway, status) => {
  await request(app)
    .post('/measure')
    .via(gateway)
    .type('application/octet-stream')
    .binaryMediaTypes(['*/*'])
    .send(Buffer.alloc(4.8 * megabyte))
    .expect(status)
})

it.each([
  ['rest-api', 431],
  ['http-api', 431],
  ['function-url', 404],
  ['alb', 404],
] as const)('%s with 11,000 bytes of headers', async (gateway, status) => {
  await request(app).get('/nowhere').via(gateway).set('x-large', 'a'.repeat(11_000)).expect(status)
})

it('an answer that is too large is compressed if the client accepts that', async () => {
  const get = () => request(app).get('/large').via('alb')
  await get().set('accept-encoding', 'gzip').expect('content-encoding', 'gzip').expect(200)
  expectLog(/answered 15\d+ bytes as a result, and alb takes 1048576. Stream the answer/)
  await get().set('accept-encoding', 'identity').expect(500)
})

it('a handler that does not answer in time is a 503, and is named', async () => {
  expectLog(/GET \/slow: not answered within \d+ ms, sent 503: the handler neither answered nor called next\(\)/)
  await request(app).get('/slow').context({ remainingMs: 300 }).expect(503)
})

it('a handler that listens to the signal answers by itself', () =>
  request(app)
    .get('/careful')
    .context({ remainingMs: 300 })
    .expect(({ body }) => {
      expect(body.complete).toBe(false)
      expect(body.rows.length).toBeGreaterThan(0)
    }))

it('a large answer is a redirect', () => request(app).get('/export').redirects(0).expect(303))
