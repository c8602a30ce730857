import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createLocalServer } from '@expressway/cli/server'
import express from '@expressway/express-shim'
import request, { agent, fromCurl, listener } from '@expressway/testing'
import { createClock, lambdaContext } from '@expressway/testing/context'
import { httpApiEvent, toWireRequest } from '@expressway/testing/events'
import { gateway } from '@expressway/testing/gateway'
import { invoke } from '@expressway/testing/invoke'
import { redact } from '@expressway/testing/vitest'
import { expect, it } from 'vitest'

const app = express()
app.use(express.json())
app.get('/me', (req, res) => void res.json({ subject: req.identity?.subject, ip: req.ip }))
app.post('/orders', (req, res) => void res.status(201).json({ id: 1, ...req.body }))
app.get('/login', (_req, res) => res.cookie('sid', 'abc', { httpOnly: true }).redirect('/me'))
app.get('/count', async (_req, res) => {
  res.write('one ')
  setTimeout(() => res.end('two'), 5)
})
const { handler, streamHandler } = app

it('what the gateway knows', async () => {
  const client = request(handler, { gateway: 'rest-api' })
  await client
    .get('/me')
    .claims({ sub: 'ada' })
    .sourceIp('203.0.113.7')
    .expect(200, { subject: 'ada', ip: '203.0.113.7' })
})

it('an event from a log', async () => {
  const recorded = httpApiEvent({ path: '/me', claims: { sub: 'ada' }, sourceIp: '203.0.113.7' })
  await request(handler).get('/').rawEvent(recorded).expect(200, { subject: 'ada', ip: '203.0.113.7' })
})

it('what was answered', async () => {
  await request(handler)
    .post('/orders')
    .send({ sku: 7 })
    .expectJsonPath('$.sku', 7)
    .expectResult({ statusCode: 201 })
    .expectGateway('ok')
    .expect(201, { id: 1, sku: 7 })
})

it('cookies', async () => {
  const client = agent(handler)
  await client.get('/login').expectCookie('sid', 'abc', { httpOnly: true }).expect(302)
  await client.get('/me').expect(200)
})

it('streams', async () => {
  const res = await request(streamHandler).get('/count').stream().expectChunk('one ').expect(200)
  expect(res.chunks.length).toBe(2)
})

it('a slow reader', async () => {
  await request(streamHandler).get('/count').slowReader({ bytesPerSecond: 1000 }).expectChunk('two').expect(200)
})

it('a cold start', async () => {
  const module = new URL('../first/core.ts', import.meta.url)
  const res = await request(module).get('/hello/ada').cold().expect(200, 'Hello ada!')
  expect(res.initMs).toBeGreaterThan(0)
})

it('who handled it', async () => {
  const res = await request(app).get('/me').expectHandledBy('jsonParser').expectHandledBy('GET /me')
  expect(res.trace?.map(({ path }) => path)).toEqual(['/', '/me'])
})

it('a curl line from a bug report', async () => {
  await fromCurl(handler, `curl https://example.com/orders --json '{"sku":7}'`).expect(201)
})

it('a deadline on a clock of the test', async () => {
  const clock = createClock(Date.UTC(2025, 0, 1))
  const context = lambdaContext({ remainingMs: 1000, clock })
  clock.advance(400)
  expect(context.getRemainingTimeInMillis()).toBe(600)
  await handler(httpApiEvent({ path: '/me' }), context)
})

it('the parts by themselves', async () => {
  const wire = toWireRequest({ path: '/me' })
  expect(gateway('alb').toEvent(wire)).toMatchObject({ httpMethod: 'GET', path: '/me' })
  const { response, result } = await invoke(handler, wire, { gateway: 'function-url' })
  expect(response.status).toBe(200)
  expect(result).toMatchObject({ statusCode: 200 })
})

it('matchers', async () => {
  const res = await request(handler).get('/login')
  expect(res).toHaveStatus(302)
  expect(res).toRedirect('/me')
  expect(res).toHaveCookie('sid', 'abc', { httpOnly: true })
  expect(res).toPassGateway()
})

it('snapshots', async () => {
  const res = await request(handler).post('/orders').send({ sku: 7, at: new Date() })
  expect(res).toMatchInlineSnapshot(`
    HTTP 201
    content-length: <of the body>
    content-type: application/json; charset=utf-8
    etag: <of the body>
    x-powered-by: Express

    {
      "at": "<date>",
      "id": 1,
      "sku": 7,
    }
  `)
  expect(redact({ ref: randomUUID() })).toEqual({ ref: '<uuid 1>' })
})

it('a real server', async () => {
  await using server = await createLocalServer(handler, { gateway: 'function-url' })
  expect((await fetch(`${server.url}/me`)).status).toBe(200)
})

it('a plain listener', async () => {
  const plain = listener((_req: IncomingMessage, res: ServerResponse) => void res.end('plain'))
  await request(plain).get('/').expect(200, 'plain')
})
