import { createApp, createRouter, reply } from '@expressway/core'

class NoTea extends Error {}

const routes = createRouter()
routes.get('/users/:id', (req, res) => {
  res.cookie('seen', req.params.id, { path: '/' })
  return { id: req.params.id, q: req.query.q }
})
routes.post('/users', (req) => reply({ status: 201, headers: { location: '/users/7' }, body: req.json() }))
routes.get('/old', (_req, res) => res.redirect('/v1/users/1', 301))
routes.get('/client', (req) => ({ ip: req.ip }))
routes.get('/broken', () => {
  throw new NoTea('no tea')
})
const shop = createRouter()
shop.get('/orders', () => [{ id: 1 }])
routes.use('/shop', shop)

const app = createApp()
app.use((req, res, next) => {
  res.set('x-request', req.requestId ?? '')
  return next()
})
app.use('/v1', routes)
app.onError(NoTea, () => reply({ status: 418, body: { error: 'teapot' } }))

export const handler = app.handler
