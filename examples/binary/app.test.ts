import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { app } from './app.ts'

it('sends an image', async () => {
  const res = await request(app).get('/pixel.gif').expect(200).expect('content-type', 'image/gif')
  expect(res.body).toHaveLength(37)
})

it('gives back every byte', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
  const res = await request(app).post('/reverse').type('application/octet-stream').send(bytes).expect(200)
  expect(Buffer.from(res.body)).toEqual(Buffer.from(bytes).reverse())
})
