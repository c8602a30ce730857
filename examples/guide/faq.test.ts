import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '@expressway/core'
import express from '@expressway/express-shim'
import request from '@expressway/testing'
import { httpApiEvent } from '@expressway/testing/events'
import { expect, it } from 'vitest'
import { expectLog } from '../../test/expect-log.ts'
import { app, handler, streamHandler } from './faq.ts'

it('502: malformed Lambda proxy response', async () => {
  const wrong = async () => ({ statusCode: 200, body: { hello: 'ada' } })
  const res = await request(wrong).get('/').via('rest').expect(502, { message: 'Internal server error' })
  expect(res.gateway?.warnings).toEqual([expect.stringContaining('body')])

  const right = createApp().get('/', () => ({ hello: 'ada' }))
  await request(right).get('/').via('rest').expect(200, { hello: 'ada' })
})

it('an error that the client gets is in the log', async () => {
  const failing = createApp().get('/', () => {
    throw new Error('no database')
  })
  expectLog(/Unhandled error in GET \/: Error: no database/)
  await request(failing).get('/').expect(500, { statusCode: 500, message: 'Internal server error' })
})

it('two cookies behind a load balancer', async () => {
  const plain = async () => ({
    statusCode: 200,
    multiValueHeaders: { 'set-cookie': ['session=abc', 'theme=dark'] },
    body: '',
  })
  const lost = await request(plain).get('/').via('alb')
  expect(lost.headers['set-cookie']).toBeUndefined()
  expect(lost.gateway?.warnings).toContainEqual(expect.stringContaining('multi-value headers off'))

  const { headers } = await request(app).get('/login').via('alb').expectGateway('ok')
  expect(headers['set-cookie']).toHaveLength(2)
})

it('several cookies arrive everywhere', () =>
  request(app).get('/login').viaAll().expectCookie('session', 'abc').expectCookie('theme', 'dark'))

it('the address is the one that the gateway saw', async () => {
  const app = createApp().get('/', (req) => req.ip)
  await request(app)
    .get('/')
    .set('x-forwarded-for', '203.0.113.9')
    .sourceIp('198.51.100.7')
    .viaAll()
    .expect(200, '198.51.100.7')
})

it('a handler that never answers is named', async () => {
  const app = express()
  app.get('/', function forgets() {})
  expectLog(/forgets/)
  await request(app.handler).get('/').context({ remainingMs: 300 }).expect(503)
})

it('two places with CORS', async () => {
  const get = () => request(app).get('/users/7').set('origin', 'https://www.example.com').via('url')
  const res = await get().gatewayOptions({ cors: true })
  expect(res.gateway?.warnings).toContainEqual(expect.stringMatching(/access-control-allow-origin/i))
  await get().expectGateway('ok').expect('access-control-allow-origin', 'https://www.example.com')
})

it('a stage or a mapping in front of the path', async () => {
  await request(app).get('/users/7').via('rest').stage('prod').expect(200)
  await request(app).get('/users/7').via('http').stage('prod').expect(200)
  await request(app).get('/shop/users/7').via('alb').expect(200, { id: '7' })
})

it('a body that is too large for the gateway', () =>
  request(app).post('/orders').via('alb').send(Buffer.alloc(1_100_000)).expect(413))

it('streams at a gateway that streams, with the handler that streams', async () => {
  const res = await request(streamHandler).get('/count').stream()
  expect(res.chunks.map(({ data }) => String(data))).toEqual(['one ', 'two'])

  expectLog(/a streamed body was collected into one result: to send it as it is written, export app.streamHandler/)
  await request(handler).get('/count').via('url').expect(200, 'one two')
})

it('events that are not HTTP', async () => {
  expect(await handler({ source: 'aws.events', 'detail-type': 'Scheduled Event' })).toBe('not HTTP')
  const { handler: httpOnly } = createApp()
  await expect(httpOnly({ Records: [{ eventSource: 'aws:sqs' }] })).rejects.toThrow('This is an SQS event, not HTTP')
})

it('parameters have types', () => request(app).get('/people/7').expect(200, { id: '7' }))

it('numbers keep their digits', () =>
  request(app).post('/orders').type('json').send('{"id":9007199254740993}').expect(200, { id: '9007199254740993' }))

it('headers that a REST API keeps for itself', async () => {
  const app = createApp().get('/', (_req, res) => res.set('date', new Date(0).toUTCString()).json({}))
  const { headers } = await request(app).get('/').via('rest')
  expect(headers['x-amzn-remapped-date']).toBe('Thu, 01 Jan 1970 00:00:00 GMT')
})

it('a gateway that stops waiting', async () => {
  const slow = () => new Promise<never>(() => {})
  await request(slow).get('/').via('rest').gatewayOptions({ timeoutMs: 50 }).expect(504)
  await request(slow).get('/').via('http').gatewayOptions({ timeoutMs: 50 }).expect(503)
})

it('files can be written below the temporary folder', async () => {
  const event = httpApiEvent({ method: 'POST', path: '/scratch', body: 'notes' })
  expect(await handler(event)).toMatchObject({ statusCode: 200 })
  const file = join(tmpdir(), `expressway-scratch-${event.requestContext.requestId}`)
  expect(existsSync(file)).toBe(true)
  rmSync(file)
})
