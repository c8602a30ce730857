import { createApp, createRouter, type Middleware, reply } from '@expressway/core'
import type { Contender } from '../contender.ts'
import { image, notFound, type Order, profile, securityHeaders, serverError, summarize, text } from '../data.ts'

const count: Middleware = (req, _res, next) => {
  req.locals['count'] = ((req.locals['count'] as number | undefined) ?? 0) + 1
  return next()
}

const helmet: Middleware = (_req, res, next) => {
  for (const name in securityHeaders) res.set(name, securityHeaders[name]!)
  return next()
}

export const contender: Contender = {
  basic() {
    const app = createApp()
    app.get('/hello', () => 'Hello World')
    app.get('/profile', () => profile)
    app.get('/users/:userId/posts/:postId', (req) => ({ userId: req.params.userId, postId: req.params.postId }))
    app.get('/search', (req) => {
      const { q, page, limit } = req.query
      return { q, page, limit }
    })
    app.post('/orders', (req, res) => {
      res.status(201)
      return summarize(req.json<Order>())
    })
    app.get('/logo.png', () => reply({ contentType: 'image/png', body: image }))
    app.notFound((_error, _req, res) => res.status(404).json(notFound))
    return app.handler
  },

  middleware() {
    const app = createApp()
    app.use(count, count, count, count, count)
    app.get('/', (req) => ({ count: req.locals['count'] }))
    return app.handler
  },

  routes(routes) {
    const app = createApp()
    for (let route = 0; route < routes; route++) {
      app.get(`/resource${route}/:id`, (req) => ({ route, id: req.params.id }))
    }
    app.notFound((_error, _req, res) => res.status(404).json(notFound))
    return app.handler
  },

  gzip() {
    const app = createApp({ compress: true })
    app.get('/text', () => text)
    return app.handler
  },

  realistic() {
    const users = createRouter()
    users.get('/:id', (req, res) => {
      res.cookie('seen', req.params.id, { httpOnly: true })
      return { ...profile, id: Number(req.params.id), session: req.cookies['session'] }
    })
    const orders = createRouter()
    orders.post('/', (req, res) => {
      res.status(201)
      return summarize(req.json<Order>())
    })
    orders.get('/broken', () => {
      throw new Error('broken')
    })
    const app = createApp()
    app.use(helmet)
    app.use('/api/users', users)
    app.use('/api/orders', orders)
    app.notFound((_error, _req, res) => res.status(404).json(notFound))
    app.onError(Error, (_error, _req, res) => res.status(500).json(serverError))
    return app.handler
  },
}
