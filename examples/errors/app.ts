// Errors of the domain, of a validation library and of nobody: each with its own answer.
import { createApp, HttpError } from '@expressway/core'
import * as z from 'zod'

class OutOfStock extends Error {
  readonly sku: number

  constructor(sku: number) {
    super(`${sku} is sold out`)
    this.sku = sku
  }
}

const Order = z.object({ sku: z.number().int(), amount: z.number().int().positive() })

const app = createApp({ errors: 'problem' })

app.onError(z.ZodError, (error) => {
  throw new HttpError(422, 'The order is not valid', {
    details: { issues: error.issues.map(({ path }) => path.join('.')) },
  })
})
app.onError(OutOfStock, (error, _req, res) => res.status(409).json({ soldOut: error.sku }))

app.post('/orders', (req) => {
  const order = Order.parse(req.json())
  if (order.sku === 13) throw new OutOfStock(order.sku)
  return order
})

export { app }
export const handler = app.handler
