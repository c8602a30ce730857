import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { app } from './app.ts'

it('says hello on every event source', () =>
  request(app).get('/hello/world').viaAll().expect('content-type', /html/).expect(200, 'Hello world!'))

it('escapes what a client sends', () => request(app).get('/hello/%3Cb%3E').expect(200, 'Hello &#60;b&#62;!'))

it('answers JSON with exact decimals, to be kept for ten minutes', () =>
  request(app).get('/orders/7').expect('cache-control', 'max-age=600').expect(200, { id: '7', price: '100.01' }))

it('answers errors as JSON', () =>
  request(app).get('/orders/8').expect(404, { statusCode: 404, message: 'There is no order 8' }))

it('takes orders of those who may', async () => {
  await request(app).post('/orders').send({ price: '5' }).expect(401)
  const created = await request(app)
    .post('/orders')
    .auth('letmein', { type: 'bearer' })
    .send({ price: '0.30' })
    .expect(201)
  expect(created.body).toEqual({ id: '8', price: '0.3' })
  await request(app).get(created.headers.location!).expect(200, created.body)
})
