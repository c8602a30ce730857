import { createApp, reply } from '@expressway/core'
import { contract } from '@expressway/core/contract'
import * as z from 'zod'
import { cancelOrder, findOrder, listOrders, NewOrder, Order, placeOrder } from './orders.ts'

// Clients pass a cursor back as it is. It holds an id only, so that a changed one leads to no other customer.
const Cursor = z.base64url().transform((text) => Buffer.from(text, 'base64url').toString())
const toCursor = (id: string) => Buffer.from(id).toString('base64url')

const Page = z.object({ orders: z.array(Order), next: z.string().optional() }).meta({ id: 'Page' })
const Problem = z.object({ statusCode: z.number(), message: z.string() }).meta({ id: 'Problem' })

export const app = createApp()

app.get(
  '/customers/:customer/orders',
  contract({
    query: z.object({ limit: z.coerce.number<string>().int().min(1).max(100).default(20), cursor: Cursor.optional() }),
    response: Page,
  }),
  async (req) => {
    const { limit, cursor } = req.valid.query
    const { orders, last } = await listOrders(req.params.customer, limit, cursor)
    return { orders, next: last && toCursor(last) }
  },
)

app.get('/customers/:customer/orders/:id', contract({ response: { 200: Order, 404: Problem } }), (req) =>
  findOrder(req.params),
)

app.put(
  '/customers/:customer/orders/:id',
  contract({ body: NewOrder, response: { 200: Order, 201: Order, 409: Problem } }),
  async (req) => {
    const { order, created } = await placeOrder({ ...req.params, ...req.valid.body, status: 'open' })
    return reply({ status: created ? 201 : 200, body: order })
  },
)

app.post(
  '/customers/:customer/orders/:id/cancel',
  contract({ response: { 200: Order, 404: Problem, 409: Problem } }),
  (req) => cancelOrder(req.params),
)

export const handler = app.handler
