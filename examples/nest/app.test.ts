import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { handler } from './handler.ts'

it('answers on every event source', async () => {
  await request(handler).get('/notes').viaAll().expect('content-type', /json/).expect(200, [])
})

it('adds, finds and removes a note', async () => {
  await request(handler).post('/notes').send({ text: 'tea' }).expect(201, { id: 1, text: 'tea' })
  await request(handler).get('/notes/1').expect(200, { id: 1, text: 'tea' })
  await request(handler).delete('/notes/1').expect(204)
  await request(handler).get('/notes').expect(200, [])
})

it('validates by the schema of the parameter', async () => {
  const { body } = await request(handler).post('/notes').send({ text: '' }).viaAll().expect(400)
  expect(body).toMatchObject({ statusCode: 400, message: [expect.stringContaining('text')] })
  await request(handler).get('/notes/x').viaAll().expect(400)
})

it('answers an error of the domain by its filter', async () => {
  await request(handler).get('/notes/7').viaAll().expect(404, { statusCode: 404, message: 'There is no note 7', id: 7 })
})

it('answers what it does not know as Nest does', async () => {
  await request(handler)
    .get('/nothing')
    .viaAll()
    .expect(404, { message: 'Cannot GET /nothing', error: 'Not Found', statusCode: 404 })
})
