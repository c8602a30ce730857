import { BadRequestError, createApp, reply } from '@expressway/core'

export const app = createApp()

app.get('/hello/:name', (req) => ({ message: `Hello ${req.params.name}!` }))

app.post('/orders', (req) => {
  const order = toOrder(req.json())
  return reply({ status: 201, body: order })
})

interface Order {
  product: string
  quantity: number
}

/** @throws BadRequestError if the body is not an order */
function toOrder(body: unknown): Order {
  const { product, quantity } = Object(body)
  if (typeof product === 'string' && Number.isInteger(quantity) && quantity > 0) return { product, quantity }
  throw new BadRequestError('An order is {"product": "a text", "quantity": "a whole number from 1"}')
}
