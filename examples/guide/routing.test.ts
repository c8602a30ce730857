import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { app, exact, mapped } from './routing.ts'

const get = (path: string) => request(app).get(path)

it('parameters', async () => {
  await get('/users/ada%20l').expect(200, { user: 'ada l' })
  await get('/files/2026/may/report.pdf').expect(200, { segments: ['2026', 'may', 'report.pdf'] })
  await get('/reports').expect(200, { year: 'all' })
  await get('/reports/2026').expect(200, { year: '2026' })
  await get('/teams/blue').expect(200, { team: 'blue' })
  await get('/hi').expect(200, 'Hello!')
  await get('/v2/status').expect(200, { version: '2' })
  await get('/products/7').expect(200, { sku: '7' })
})

it('the first registered route that matches answers', async () => {
  await get('/orders/latest').expect(200, { order: 'the latest' })
  await get('/orders/7').expect(200, { order: '7' })
})

it('methods', async () => {
  await request(app).patch('/users/7').expect(200, { changed: '7' })
  await request(app).delete('/echo').expect(200, { method: 'DELETE' })
})

it('routers', async () => {
  await get('/customers/7').expect(200, { customer: '7' })
  await get('/customers/current/invoices').expect(200, ['i1', 'i2'])
  await get('/customers/current/invoices/i1').expect(200, { invoice: 'i1' })
})

it('what no route answers', async () => {
  await request(app).get('/nowhere').expect(404, { statusCode: 404, message: 'Not found' })
  await request(app).delete('/users/7').expect('allow', 'GET, HEAD, OPTIONS, PATCH, PUT').expect(405)
  await request(app).options('/users/7').expect('allow', 'GET, HEAD, OPTIONS, PATCH, PUT').expect(204)
  await request(app).head('/users/7').expect('content-type', 'application/json').expect(200)
})

it('malformed escapes in a parameter', () => get('/users/%ff').via('url').expect(400))

it('any case and a slash at the end, unless the application says otherwise', async () => {
  await get('/USERS/7/').expect(200, { user: '7' })
  await request(exact).get('/About').expect(200)
  await request(exact).get('/about').expect(404)
  await request(exact).get('/About/').expect(404)
})

it('prefixes', async () => {
  await request(mapped).get('/v2/orders').via('alb').expect(200, { path: '/orders', rawPath: '/v2/orders' })
  await request(mapped).get('/shop/orders').via('alb').expect(200)
  await request(mapped).get('/shopping/orders').via('alb').expect(404)
})

it('routes are complete before the first request', async () => {
  await get('/hi').expect(200)
  expect(() => app.get('/late', () => 'late')).toThrow('Routes are added before the first request')
})
