import request from '@expressway/testing'
import { gatewayNames } from '@expressway/testing/gateway'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { app } from './app.ts'

beforeEach(() => void vi.spyOn(console, 'info').mockImplementation(() => {}))
afterEach(() => vi.restoreAllMocks())

describe.each(gatewayNames)('%s', (gateway) => {
  const at = (host: string) => request.agent(app).via(gateway).domain(host).set('Host', host)

  it('shows the tenant of the host', async () => {
    await at('blue.example.com')
      .get('/')
      .expect(200, /Blue Bakery/)
    await at('red.example.com')
      .get('/')
      .expect(200, /Red Roastery/)
    await at('API.red-roastery.example')
      .get('/')
      .expect(200, /Red Roastery/)
  })

  it('knows no other host', async () => {
    for (const host of ['example.com', 'blue.example.com.evil.example', 'blue.example.com.', 'constructor'])
      await at(host).get('/orders').expect(421)
  })

  it('keeps orders apart, whatever a client says of itself', async () => {
    const item = `tea by ${gateway}`
    await at('blue.example.com').post('/orders').send({ item }).expect(201)
    await at('blue.example.com').get('/orders').expect(200, new RegExp(item))
    for (const [name, value] of [
      ['X-Forwarded-Host', 'blue.example.com'],
      ['Forwarded', 'host=blue.example.com'],
      ['X-Host', 'blue.example.com'],
      ['X-Original-Host', 'blue.example.com'],
      ['Origin', 'https://blue-bakery.example'],
    ] as const)
      await at('red.example.com').set(name, value).get('/orders').expect(200, [])
    await at('red.example.com').get('//blue.example.com/orders').expect(404)
  })

  it('lets the pages of the tenant read, and no others', async () => {
    const preflight = (host: string) =>
      at(host)
        .options('/orders')
        .set('Origin', 'https://blue-bakery.example')
        .set('Access-Control-Request-Method', 'POST')
        .expect(204)
    const own = await preflight('blue.example.com')
    expect(own.get('access-control-allow-origin')).toBe('https://blue-bakery.example')
    const foreign = await preflight('red.example.com')
    expect(foreign.get('access-control-allow-origin')).toBeUndefined()
  })

  it('logs the tenant', async () => {
    await at('red.example.com').get('/orders').expect(200)
    await at('other.example.com').get('/orders').expect(421)
    expect(vi.mocked(console.info).mock.calls).toMatchObject([
      [{ tenant: 'red', method: 'GET', route: '/orders', status: 200 }],
      [{ tenant: 'unknown', method: 'GET', route: '/orders', status: 421 }],
    ])
  })
})

describe('below the mapping /shop', () => {
  it.each(['rest-api', 'http-api', 'http-api-v1'] as const)('of a custom domain of a %s', async (gateway) => {
    await request(app).get('/orders').via(gateway).domain('red.example.com').basePath('/shop').expect(200, [])
  })

  it.each(['alb', 'alb-multi-value'] as const)('of paths that a %s passes as they are', async (gateway) => {
    await request(app).get('/shop/orders').via(gateway).set('Host', 'red.example.com').expect(200, [])
  })
})
