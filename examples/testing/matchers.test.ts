import request from '@expressway/testing'
import '@expressway/testing/vitest'
import { expect, it } from 'vitest'
import { handler } from './orders.ts'

it('answers an order', async () => {
  const res = await request(handler).get('/orders/7')
  expect(res).toHaveStatus(200)
  expect(res).toHaveJson({ id: '7' })
})
