import request from '@expressway/testing'
import { it } from 'vitest'
import { app } from './app.ts'

const post = (body: object) => request(app).post('/orders').send(body)

it('takes a valid order', () => post({ sku: 1, amount: 2 }).expect(200, { sku: 1, amount: 2 }))

it('names what is not valid', () =>
  post({ sku: 1.5, amount: 0 })
    .expect('content-type', 'application/problem+json')
    .expect(422, { issues: ['sku', 'amount'], type: 'about:blank', status: 422, title: 'The order is not valid' }))

it('answers errors of the domain', () => post({ sku: 13, amount: 1 }).expect(409, { soldOut: 13 }))
