import { openapi } from '@expressway/core/openapi'
import request from '@expressway/testing'
import { expect, it } from 'vitest'
import { app, openapiOptions } from './contract.ts'

it('answers as before, and names every problem', async () => {
  const order = { product: 'tea', quantity: 2 }
  await request(app).post('/orders').send(order).expect(201, order)
  const { body } = await request(app).post('/orders').send({ quantity: 0 }).expect(422)
  expect(body.detail.map(({ loc }: { loc: unknown }) => loc)).toEqual([
    ['body', 'product'],
    ['body', 'quantity'],
  ])
})

it('is in the document', () => {
  const { document, warnings } = openapi(app, openapiOptions)
  expect(warnings).toEqual([])
  expect(Object.keys(document.paths ?? {})).toEqual(['/orders'])
})
