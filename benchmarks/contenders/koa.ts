// Koa has neither router nor body parser of its own: a list of patterns, and a parser of the few lines that it takes.
import { gzipSync } from 'node:zlib'
import serverlessHttp from 'serverless-http'
import type { Contender } from '../contender.ts'
import { image, notFound, profile, summarize, text } from '../data.ts'
import Koa, { type Context, type Middleware } from '../untyped/koa.js'

type Params = Record<string, string>
type Answer = (ctx: Context, params: Params) => void | Promise<void>

class Routes {
  readonly #routes: [method: string, pattern: RegExp, answer: Answer][] = []

  on(method: string, path: string, answer: Answer): this {
    const pattern = new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
    this.#routes.push([method, pattern, answer])
    return this
  }

  middleware(): Middleware {
    return (ctx, next) => {
      for (const [method, pattern, answer] of this.#routes) {
        const match = method === ctx.method ? pattern.exec(ctx.path) : null
        if (match) return answer(ctx, match.groups ?? {})
      }
      return next()
    }
  }
}

async function readJson({ req }: Context) {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

const count: Middleware = (ctx, next) => {
  ctx.state['count'] = ((ctx.state['count'] as number | undefined) ?? 0) + 1
  return next()
}

function serve(...middleware: Middleware[]) {
  const app = new Koa()
  for (const each of middleware) app.use(each)
  app.use((ctx) => {
    ctx.status = 404
    ctx.body = notFound
  })
  return serverlessHttp(app as object, { binary: ['image/*'] })
}

const basic = new Routes()
  .on('GET', '/hello', (ctx) => {
    ctx.body = 'Hello World'
  })
  .on('GET', '/profile', (ctx) => {
    ctx.body = profile
  })
  .on('GET', '/users/:userId/posts/:postId', (ctx, params) => {
    ctx.body = { userId: params['userId'], postId: params['postId'] }
  })
  .on('GET', '/search', (ctx) => {
    const { q, page, limit } = ctx.query
    ctx.body = { q, page, limit }
  })
  .on('POST', '/orders', async (ctx) => {
    const order = await readJson(ctx)
    ctx.status = 201
    ctx.body = summarize(order)
  })
  .on('GET', '/logo.png', (ctx) => {
    ctx.type = 'image/png'
    ctx.body = image
  })

const gzip = new Routes().on('GET', '/text', (ctx) => {
  ctx.set('content-encoding', 'gzip')
  ctx.type = 'text/plain'
  ctx.body = gzipSync(text)
})

const counted = new Routes().on('GET', '/', (ctx) => {
  ctx.body = { count: ctx.state['count'] }
})

export const contender: Contender = {
  basic: () => serve(basic.middleware()),
  middleware: () => serve(count, count, count, count, count, counted.middleware()),
  gzip: () => serve(gzip.middleware()),
  routes(routes) {
    const many = new Routes()
    for (let route = 0; route < routes; route++) {
      many.on('GET', `/resource${route}/:id`, (ctx, params) => {
        ctx.body = { route, id: params['id'] }
      })
    }
    return serve(many.middleware())
  },
}
