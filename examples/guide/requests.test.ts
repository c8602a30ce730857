import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { app } from './requests.ts'

it('query', async () => {
  await request(app)
    .get('/search?q=a%20b&tag=x&tag=y')
    .viaAll(['http-api', 'function-url', 'rest-api', 'alb-multi-value'])
    .expect(200, { q: 'a b', tags: ['x', 'y'], raw: 'q=a%20b&tag=x&tag=y' })
})

it('headers and cookies', () =>
  request(app)
    .get('/headers')
    .set({ 'user-agent': 'curl', 'x-tenant': 'blue', cookie: 'session=a%20b; session=second' })
    .expect(200, { agent: 'curl', tenants: ['blue'], session: 'a b' }))

it('bodies', async () => {
  await request(app).post('/orders').send({ sku: 7 }).expect(200, { sku: 7 })
  await request(app).post('/text').type('text/plain').send('Zoë').expect(200, { text: 'Zoë', bytes: 4 })
  await request(app)
    .post('/upload')
    .field('title', 'Cat')
    .attach('file', Buffer.from([0, 255]), 'cat.png')
    .expect(200, { title: 'Cat', name: 'cat.png', type: 'image/png', size: 2 })
})

it('a body that cannot be read is a 400', async () => {
  const post = (type: string, body: string) => request(app).post('/orders').type(type).send(body)
  await post('application/json', '{"sku":').expect(400, /not valid JSON/)
  await post('application/json', '{"__proto__":{}}').expect(400, /a member named __proto__/)
  await request(app)
    .post('/upload')
    .type('text/plain')
    .send('x')
    .expect(400, /not a form: text\/plain/)
})

it('who asks', () =>
  request(app)
    .get('/who')
    .set({ host: 'api.example.com', 'x-forwarded-for': '203.0.113.9' })
    .via('alb')
    .sourceIp('198.51.100.7')
    .expect(({ body }) =>
      expect(body).toMatchObject({
        ip: '198.51.100.7',
        protocol: 'https',
        host: 'api.example.com',
        source: 'alb',
        requestId: expect.any(String),
      }),
    ))

it('the deadline stops work that is handed the signal', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  process.env.REPORTS = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
  const { expectLog } = await import('../../test/expect-log.ts')
  expectLog(/about to time out/)
  await request(app).get('/report').context({ remainingMs: 500 }).expect(500)
  silent.closeAllConnections()
  await new Promise((resolve) => silent.close(resolve))
  delete process.env.REPORTS
})

it('the event and the context', () =>
  request(app)
    .get('/event')
    .context({ memoryLimitInMB: '512' })
    .expect(200, /"memory":"512"/))

it('some sources pass the last of repeated parameters', async () => {
  for (const gateway of ['alb', 'vpc-lattice-v1'] as const)
    await request(app)
      .get('/search?q=a&tag=x&tag=y')
      .via(gateway)
      .expect(({ body }) => expect(body.tags).toEqual(['y']))
})
