import request from '@expressway/testing'
import { handler } from './orders.ts'

const { body } = await request(handler).get('/orders/7').expect(200)
console.log(body)
