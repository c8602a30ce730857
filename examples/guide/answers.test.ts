import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { createApp } from '@expressway/core'
import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { expectLog } from '../../test/expect-log.ts'
import { app } from './answers.ts'

const get = (path: string) => request(app).get(path)

it('values', async () => {
  await get('/object').expect('content-type', 'application/json').expect(200, { id: 7 })
  await get('/text').expect('content-type', 'text/plain; charset=utf-8').expect(200, 'Hello!')
  await get('/bytes')
    .expect('content-type', 'application/octet-stream')
    .expect(200, Buffer.from([0, 255]))
  await get('/html').expect('content-type', 'text/html').expect(200, '<h1>Hello!</h1>')
})

it('reply', async () => {
  await request(app)
    .post('/orders')
    .expect('location', '/orders/7')
    .expectCookie('last', '7', { httpOnly: true, maxAge: 3600 })
    .expect(201, { id: 7 })
  await request(app).delete('/orders/7').expect(204, '')
})

it('res', async () => {
  await get('/written').expect('x-request', '7').expectCookie('seen', 'yes').expect(201, { written: true })
  await get('/old').redirects(0).expect('location', '/new').expect(301)
})

it('an answer of fetch', async () => {
  const upstream = createServer((_req, res) => {
    res.writeHead(203, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(gzipSync('from upstream'))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => upstream.once('listening', resolve))
  process.env.UPSTREAM = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  expectLog(/a streamed body was collected/)
  const { headers } = await get('/proxied').expect(203, 'from upstream')
  expect(headers['content-encoding']).toBeUndefined()
  upstream.closeAllConnections()
  await new Promise((resolve) => upstream.close(resolve))
  delete process.env.UPSTREAM
})

it('data is never the shape of an answer', async () => {
  const sent = [200, 'text/html', '<script>alert(1)</script>']
  await request(app).post('/echo').send(sent).expect('content-type', 'application/json').expect(200, sent)
  await get('/notes/0').expect('content-type', 'application/json').expect(200, [200, 'text/html', '<script>'])
})

it('decimals and big integers', async () => {
  await get('/price').expect(200, '{"price":"100.1","id":"1152921504606846976"}')
  await request(app)
    .post('/sum')
    .type('json')
    .send('{"amount":0.12345678901234567890,"count":9007199254740993}')
    .expect(200, { amount: '1.1234567890123456789', count: '9007199254740993' })
})

it('what cannot be an answer is an error that names the route', async () => {
  const wrong = createApp().get('/wrong', () => () => 'a function')
  expectLog(/GET \/wrong returned a function; a handler returns JSON, text, bytes, a stream or reply/)
  await request(wrong).get('/wrong').expect(500)
})
