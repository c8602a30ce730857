import { createApp } from '@expressway/core'
import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { expectLog } from '../../test/expect-log.ts'
import { app } from './cors.ts'

const page = 'https://www.example.com'

it('answers a preflight', () =>
  request(app)
    .options('/orders/7')
    .set({ origin: page, 'access-control-request-method': 'DELETE' })
    .expect('access-control-allow-origin', page)
    .expect('access-control-allow-methods', 'DELETE,OPTIONS')
    .expect('access-control-allow-headers', /X-Tenant/)
    .expect('access-control-allow-credentials', 'true')
    .expect('access-control-max-age', '600')
    .expect('vary', 'Origin')
    .expect(204))

it('names the origin in answers, and in errors', async () => {
  const get = (path: string) => request(app).get(path).set('origin', page).expect('access-control-allow-origin', page)
  await get('/orders').expect('access-control-expose-headers', 'X-Total').expect(200)
  await get('/nowhere').expect(404)
})

it('takes whole origins only', async () => {
  const originOf = async (origin: string) => {
    const { headers } = await request(app).get('/orders').set('origin', origin)
    return headers['access-control-allow-origin']
  }
  expect(await originOf('https://a1.preview.example.com')).toBe('https://a1.preview.example.com')
  expectLog(/matches only a part of some origin/)
  expect(await originOf('https://a1.preview.example.com.evil.test')).toBeUndefined()
})

it('is chosen for each route', async () => {
  const { headers } = await request(app).get('/health').set('origin', page)
  expect(headers['access-control-allow-origin']).toBeUndefined()
  await request(app).get('/public').set('origin', page).expect('access-control-allow-origin', '*')
})

it('needs named origins for credentials', () => {
  expect(() => createApp({ cors: { allowCredentials: true } })).toThrow('needs named origins')
})

it('is at the application or at the gateway, not at both', async () => {
  const res = await request(app).get('/orders').set('origin', page).via('url').gatewayOptions({ cors: true })
  expect(res.gateway?.warnings.join()).toContain('ccess-Control-Allow-Origin')
})

it('an HTTP API with CORS answers by itself, and replaces the headers', async () => {
  const http = { cors: { allowOrigins: ['https://other.example'], allowMethods: ['GET'] } }
  const get = () => request(app).get('/public').via('http').gatewayOptions(http).set('origin', 'https://other.example')
  const res = await get().expect('access-control-allow-origin', 'https://other.example')
  expect(res.gateway?.warnings.join()).toContain("replaced by the gateway's own CORS")
})
