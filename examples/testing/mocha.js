import request from '@expressway/testing'
import { handler } from './orders.ts'

it('answers an order', () => request(handler).get('/orders/7').expect(200, { id: '7' }))

it('answers an order to a callback', (done) => {
  request(handler).get('/orders/7').expect(200).end(done)
})
