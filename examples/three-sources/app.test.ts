import request, { agent } from '@expressway/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { app, handler } from './app.ts'

afterEach(() => vi.restoreAllMocks())

const streams = { invokeMode: 'RESPONSE_STREAM', responseTransferMode: 'STREAM' } as const

// As in template.yaml: the REST API has a stage, and the load balancer multi-value headers.
const sources = [
  {
    gateway: 'rest-api',
    source: 'rest-api',
    gatewayOptions: { ...streams, stage: 'prod' },
    basePath: '/prod',
  },
  { gateway: 'function-url', source: 'function-url', gatewayOptions: streams, basePath: '' },
  { gateway: 'alb-multi-value', source: 'alb', gatewayOptions: {}, basePath: '' },
] as const

describe.each(sources)('behind $gateway', ({ gateway, source, gatewayOptions, basePath }) => {
  const client = () => agent(handler, { gateway }).gatewayOptions(gatewayOptions)

  it('reads the same of a request', async () => {
    const { body } = await client()
      .get('/request?name=Zo%C3%AB&tag=a&tag=b')
      .sourceIp('203.0.113.7')
      .set('x-forwarded-for', '10.0.0.1') // which anybody can write
      .context({ requestId: 'of the invocation' })
      .expect(200)
    expect(body).toEqual({
      source,
      ip: '203.0.113.7',
      protocol: 'https',
      host: expect.stringContaining('.'),
      basePath,
      path: '/request',
      query: { name: 'Zoë', tag: ['a', 'b'] },
      // A load balancer gives none that can be trusted.
      requestId: source === 'alb' ? 'of the invocation' : expect.stringMatching(/^[\w-]{20,}$/),
    })
  })

  it('links to what it made', async () => {
    const { headers } = await client().post('/orders').send({ item: 'Milk' }).expect(201)
    const [, path] = headers.location!.split(basePath === '' ? /^/ : basePath)
    expect(headers.location).toMatch(new RegExp(`^${basePath}/orders/\\d+$`))
    await client()
      .get(path ?? headers.location!)
      .expect(200, { item: 'Milk' })
  })

  it('sets several cookies, and reads them', async () => {
    const browser = client()
    await browser
      .post('/login')
      .expectCookie('session', 'abc', { httpOnly: true })
      .expectCookie('theme', 'dark')
      .expect(204)
    await browser.get('/me').expect(200, { session: 'abc', theme: 'dark' })
  })

  it('answers errors in one form', async () => {
    await client().get('/orders/99').expect(404, { statusCode: 404, message: 'Not found' })
    await client().post('/orders').type('json').send('{').expect(400)
    await client().delete('/me').expect(405).expect('allow', 'GET, HEAD, OPTIONS')
  })
})

describe('rows', () => {
  const rows = (text: string) => text.trimEnd().split('\n').length

  it.each(sources.slice(0, 2))('are sent one by one behind $gateway', async ({ gateway, gatewayOptions }) => {
    const response = await request(handler, { gateway })
      .get('/rows?count=20000')
      .gatewayOptions(gatewayOptions)
      .expect(200)
    expect(rows(response.text)).toBe(20_000)
    expect(response.chunks.length).toBeGreaterThan(1)
  })

  it('are sent whole behind the load balancer, up to 1 MB', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const client = () => request(handler, { gateway: 'alb-multi-value' })
    expect(rows((await client().get('/rows').expect(200)).text)).toBe(3)
    expect(String(warn.mock.calls[0])).toContain('alb cannot stream')
    await client().get('/rows?count=20000').set('accept-encoding', 'identity').expect(500)
    expect(String(log.mock.calls[0])).toMatch(
      /alb takes 1048576\. Stream the answer .* behind a function URL or a REST API/,
    )
  })
})

it('gives the same answers to all', async () => {
  await request(app)
    .get('/orders/1')
    .viaAll(sources.map(({ gateway }) => gateway))
    .expect(200, { item: 'Tea' })
})
