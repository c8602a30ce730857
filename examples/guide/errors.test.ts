import { createApp } from '@expressway/core'
import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { expectLog } from '../../test/expect-log.ts'
import { app, problems } from './errors.ts'

it('errors with a status', async () => {
  await request(app)
    .post('/orders/7/payment')
    .expect(409, { statusCode: 409, message: 'The order is paid', details: { order: '7' } })
  await request(app).get('/busy').expect('retry-after', '30').expect(429)
})

it('errors of the domain', () => request(app).post('/cart/7').expect(409, { soldOut: '7' }))

it('404 in your own words', async () => {
  await request(app).get('/orders/7').expect(404, { message: 'There is no order 7', path: '/orders/7' })
  await request(app).get('/nowhere').expect(404, { message: 'Not found', path: '/nowhere' })
})

it('any other error is logged, and says nothing to the client', async () => {
  expectLog(/Unhandled error in GET \/broken: Error: password=hunter2 is wrong/)
  await request(app).get('/broken').expect(500, { statusCode: 500, message: 'Internal server error' })
})

it('problem details', () =>
  request(problems)
    .get('/orders/7')
    .expect('content-type', 'application/problem+json')
    .expect(409, { paidOn: '2026-05-01', type: 'about:blank', status: 409, title: 'The order is paid' }))

it('stacks for development', async () => {
  const app = createApp({ debug: true }).get('/', () => {
    throw new Error('out of order')
  })
  expectLog(/out of order/)
  const { body } = await request(app).get('/').expect(500)
  expect(body.message).toMatch(/^Error: out of order\n {4}at /)
})
