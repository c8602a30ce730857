// Functions around handlers: for the application, for a path, for one route.
import { createApp, createRouter, type Middleware, UnauthorizedError } from '@expressway/core'

export const app = createApp()

app.use(async (_req, res, next) => {
  const start = performance.now()
  await next()
  res.set('server-timing', `app;dur=${(performance.now() - start).toFixed(1)}`)
})

const users = new Map([['Bearer letmein', 'ada']])

const requireUser: Middleware = (req, _res, next) => {
  const user = users.get(req.headers.get('authorization') ?? '')
  if (user === undefined) throw new UnauthorizedError()
  req.locals.user = user
  return next()
}

app.get('/me', requireUser, (req) => ({ user: req.locals.user }))

app.use('/admin', requireUser)
app.get('/admin/users', (req) => ({ seenBy: req.locals.user }))

const cache = new Map<string, unknown>()

const cached: Middleware = async (req, res, next) => {
  const hit = cache.get(req.path)
  if (hit !== undefined) return hit
  await next()
  if (res.statusCode === 200) cache.set(req.path, JSON.parse(String(res.body)))
}

let reads = 0
app.get('/rates', cached, () => ({ reads: ++reads }))

const orders = createRouter()
orders.use((_req, res, next) => {
  res.set('x-part', 'orders')
  return next()
})
orders.get('/', () => [])
app.use('/orders', orders)

app.get('/quote', withFallback, () => {
  throw new Error('the price service is down')
})

async function withFallback(...[, , next]: Parameters<Middleware>) {
  try {
    await next()
  } catch {
    return { price: 'unknown' }
  }
}
