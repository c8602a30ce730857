import { Router } from '@aws-lambda-powertools/event-handler/http'
import { compress } from '@aws-lambda-powertools/event-handler/http/middleware'
import type { Contender, LambdaHandler } from '../contender.ts'
import { image, notFound, type Order, profile, summarize, text } from '../data.ts'

type Env = { store: { request: { count: number } } }

const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const newRouter = () => new Router<Env>({ logger: quiet as never })

function serve(app: Router<Env>): LambdaHandler {
  app.notFound(async () => json(notFound, 404))
  return (event, context) => app.resolve(event, context as never)
}

const json = (value: unknown, statusCode: number) => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

export const contender: Contender = {
  basic() {
    const app = newRouter()
    const plain = { 'content-type': 'text/plain' }
    app.get('/hello', () => ({ statusCode: 200, headers: plain, body: 'Hello World' }))
    app.get('/profile', () => profile)
    app.get('/users/:userId/posts/:postId', ({ params }) => ({ userId: params['userId']!, postId: params['postId']! }))
    app.get('/search', ({ req }) => {
      const { searchParams } = new URL(req.url)
      return { q: searchParams.get('q'), page: searchParams.get('page'), limit: searchParams.get('limit') }
    })
    app.post('/orders', async ({ req }) => json(summarize((await req.json()) as Order), 201))
    app.get('/logo.png', () => ({
      statusCode: 200,
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(image).buffer,
      isBase64Encoded: true,
    }))
    return serve(app)
  },

  middleware() {
    const app = newRouter()
    for (let index = 0; index < 5; index++) {
      app.use(async ({ reqCtx, next }) => {
        reqCtx.set('count', (reqCtx.get('count') ?? 0) + 1)
        await next()
      })
    }
    app.get('/', (reqCtx) => ({ count: reqCtx.get('count') ?? 0 }))
    return serve(app)
  },

  routes(routes) {
    const app = newRouter()
    for (let route = 0; route < routes; route++) {
      app.get(`/resource${route}/:id`, ({ params }) => ({ route, id: params['id']! }))
    }
    return serve(app)
  },

  gzip() {
    const app = newRouter()
    app.use(compress())
    app.get('/text', () => ({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body: text }))
    return serve(app)
  },
}
