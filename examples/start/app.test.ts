import request from '@expressway/testing'
import { it } from 'vitest'
import { handler } from './handler.ts'

const api = request(handler, { gateway: 'http-api' })

it('says hello', async () => {
  await api.get('/hello/ada').expect(200, { message: 'Hello ada!' })
})

it('refuses what is not an order', async () => {
  await api
    .post('/orders')
    .send({ product: 'tea', quantity: 0 })
    .expect(400, /whole number/)
})

it('takes an order', async () => {
  await api.post('/orders').send({ product: 'tea', quantity: 2 }).expect(201, { product: 'tea', quantity: 2 })
})

it('gives the same answer through every gateway', async () => {
  await api.get('/hello/ada').viaAll().expect(200, { message: 'Hello ada!' })
})
