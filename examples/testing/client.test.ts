import request, { type Response } from '@expressway/testing'
import { expect, it } from 'vitest'
import { handler, streamHandler } from './orders.ts'

it('answers', async () => {
  await request(handler).get('/orders/7').expect(200, { id: '7' })
})

it('takes any handler', async () => {
  const plain = async (event: { rawPath: string }) => ({ statusCode: 200, body: `You asked for ${event.rawPath}` })
  await request(plain).get('/orders/7').expect(200, 'You asked for /orders/7')
})

it('goes through a REST API', async () => {
  const res = await request(handler).get('/orders/7').via('rest').stage('prod').expect(200)
  expect(res.event.requestContext.stage).toBe('prod')
})

it('gives the same answer through every gateway', async () => {
  const res = await request(handler).get('/orders/7').viaAll().expect(200)
  expect(Object.keys(res.all)).toContain('vpc-lattice')
})

it('says why the gateway refused a result', async () => {
  const wrong = async () => 'no object, as a REST API wants'
  const res = await request(wrong).get('/').via('rest').expect(502)
  expect(res.gateway?.warnings).toEqual([expect.stringContaining('The function returned a string')])
  const failing = request(wrong).get('/').via('rest').expect(200)
  await expect(failing).rejects.toThrow('The function returned a string')
})

it('streams', async () => {
  const res = await request(streamHandler).get('/export').stream().expectChunk('first ').expect(200)
  expect(res.chunks.map(({ data }) => String(data))).toEqual(['first ', 'second'])
  expect(res.chunks[1]!.at).toBeGreaterThan(res.chunks[0]!.at)
})

it('loses its client after one chunk', async () => {
  const res = await request(streamHandler).get('/export').disconnectAfter(1)
  expect(res.text).toBe('first ')
})

it('has a slow client', async () => {
  await request(streamHandler).get('/export').slowReader({ bytesPerSecond: 1000 }).expect(200, 'first second')
})

it('takes bodies', async () => {
  const client = request(handler)
  await client.post('/orders').send({ sku: 7 }).expect(201, { id: '8', sku: 7 })
  const form = new FormData()
  form.set('picture', new Blob(['…']), 'a.png')
  await client
    .post('/pictures')
    .send(form)
    .expect(/multipart\/form-data; boundary=/)
})

it('keeps cookies', async () => {
  const client = request.agent(handler)
  await client.get('/login').expectCookie('session', 'abc', { httpOnly: true })
  await client.get('/me').expect('session=abc')
  expect(client.jar.getCookies().toValueString()).toBe('session=abc')
})

it('has expectations of its own', async () => {
  await request(handler)
    .post('/orders')
    .send({ items: [{ sku: 7 }] })
    .expectJsonPath('$.items[0].sku', 7)
    .expectResult({ statusCode: 201 })
    .expectGateway('ok')
    .expectHandledBy('POST /orders')
    .expect(async (res: Response) => expect(res.get('content-type')).toMatch(/json/))
})

it('gives up on a handler that never answers', async () => {
  const silent = () => new Promise<never>(() => {})
  await expect(request(silent).get('/').timeout(50)).rejects.toThrow('Timeout of 50ms exceeded')
})

it('starts cold', async () => {
  const res = await request(new URL('./orders.ts', import.meta.url))
    .get('/orders/7')
    .cold()
    .expect(200)
  expect(res.initMs).toBeGreaterThan(0)
})
