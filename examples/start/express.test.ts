import request from '@expressway/testing' // was: 'supertest'
import { it } from 'vitest'
import { app, handler } from './express.ts'

it('answers on Lambda', async () => {
  await request(handler).get('/hello/ada').viaAll().expect(200, { message: 'Hello ada!' })
})

it('answers as a server, still', async () => {
  await request(app, { server: true }).get('/hello/ada').expect(200, { message: 'Hello ada!' })
})

it('takes JSON', async () => {
  await request(handler).post('/orders').send({ sku: 7 }).expect(201, { sku: 7 })
})
