import { Hono, type MiddlewareHandler } from 'hono'
import { handle } from 'hono/aws-lambda'
import { compress } from 'hono/compress'
import type { Contender, LambdaHandler } from '../contender.ts'
import { image, notFound, type Order, profile, summarize, text } from '../data.ts'

type Env = { Variables: { count: number } }

const count: MiddlewareHandler<Env> = async (c, next) => {
  c.set('count', (c.get('count') ?? 0) + 1)
  await next()
}

const serve = (app: Hono<Env>): LambdaHandler => handle(app.notFound((c) => c.json(notFound, 404))) as LambdaHandler

export const contender: Contender = {
  basic() {
    const app = new Hono<Env>()
    app.get('/hello', (c) => c.text('Hello World'))
    app.get('/profile', (c) => c.json(profile))
    app.get('/users/:userId/posts/:postId', (c) =>
      c.json({ userId: c.req.param('userId'), postId: c.req.param('postId') }),
    )
    app.get('/search', (c) => c.json({ q: c.req.query('q'), page: c.req.query('page'), limit: c.req.query('limit') }))
    app.post('/orders', async (c) => c.json(summarize(await c.req.json<Order>()), 201))
    app.get('/logo.png', (c) => c.body(new Uint8Array(image), 200, { 'content-type': 'image/png' }))
    return serve(app)
  },

  middleware() {
    const app = new Hono<Env>()
    app.use(count, count, count, count, count)
    app.get('/', (c) => c.json({ count: c.get('count') }))
    return serve(app)
  },

  routes(routes) {
    const app = new Hono<Env>()
    for (let route = 0; route < routes; route++) {
      app.get(`/resource${route}/:id`, (c) => c.json({ route, id: c.req.param('id') }))
    }
    return serve(app)
  },

  gzip() {
    const app = new Hono<Env>()
    app.use(compress())
    app.get('/text', (c) => c.text(text))
    return serve(app)
  },
}
