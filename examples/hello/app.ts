// A whole API: `npx --yes pnpm@12 start` serves it, and Lambda runs it as it is.
import { createApp, type Middleware, NotFoundError, reply, UnauthorizedError } from '@expressway/core'
import { Decimal } from 'decimal.js'

const orders = new Map([['7', { id: '7', price: new Decimal('100.01') }]])

const authenticate: Middleware = (req, _res, next) => {
  if (req.headers.get('authorization') !== 'Bearer letmein') throw new UnauthorizedError()
  return next()
}

const app = createApp({
  cors: { allowOrigin: 'https://www.example.com', allowCredentials: true, maxAge: 100 },
  compress: true,
  etag: true,
})

app.get('/', () => ({ try: ['/hello/world', '/orders/7'] }))

app.get('/hello/:username', (req) => [200, 'text/html', `Hello ${escapeHtml(req.params.username)}!`])

app.get('/orders/:id', { cacheControl: 'max-age=600' }, (req) => {
  const order = orders.get(req.params.id)
  if (order === undefined) throw new NotFoundError(`There is no order ${req.params.id}`)
  return order
})

app.post('/orders', authenticate, (req) => {
  const { price } = req.json<{ price: string }>()
  const id = String(orders.size + 7)
  orders.set(id, { id, price: new Decimal(price) })
  return reply({ status: 201, headers: { location: `/orders/${id}` }, body: orders.get(id) })
})

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

export { app }
export const handler = app.handler
