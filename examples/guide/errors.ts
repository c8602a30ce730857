// What is thrown, and what the client gets.
import { createApp, HttpError, NotFoundError, TooManyRequestsError } from '@expressway/core'

class SoldOut extends Error {
  readonly sku: string

  constructor(sku: string) {
    super(`${sku} is sold out`)
    this.sku = sku
  }
}

export const app = createApp()

app.get('/orders/:id', (req) => {
  throw new NotFoundError(`There is no order ${req.params.id}`)
})

app.post('/orders/:id/payment', (req) => {
  throw new HttpError(409, 'The order is paid', { details: { order: req.params.id } })
})

app.get('/busy', () => {
  throw new TooManyRequestsError('Try again later', { headers: { 'retry-after': '30' } })
})

app.post('/cart/:sku', (req) => {
  throw new SoldOut(req.params.sku)
})

app.onError(SoldOut, (error, _req, res) => res.status(409).json({ soldOut: error.sku }))

app.get('/broken', () => {
  throw new Error('password=hunter2 is wrong')
})

app.notFound((error, req) => ({ message: error.message, path: req.path }))

export const problems = createApp({ errors: 'problem' })
problems.get('/orders/:id', () => {
  throw new HttpError(409, 'The order is paid', { details: { paidOn: '2026-05-01' } })
})
