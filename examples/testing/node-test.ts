import test from 'node:test'
import request from '@expressway/testing'
import { handler } from './orders.ts'

test('answers an order', async () => {
  await request(handler).get('/orders/7').expect(200, { id: '7' })
})
