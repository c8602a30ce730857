import { gzipSync } from 'node:zlib'
import awsLambdaFastify from '@fastify/aws-lambda'
import fastify, { type FastifyInstance } from 'fastify'
import type { Contender, LambdaHandler } from '../contender.ts'
import { image, notFound, type Order, profile, summarize, text } from '../data.ts'

type Params = Record<string, string>

async function serve(app: FastifyInstance): Promise<LambdaHandler> {
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(notFound))
  const handler = awsLambdaFastify(app, { binaryMimeTypes: ['image/png'] })
  await app.ready()
  return handler as LambdaHandler
}

export const contender: Contender = {
  basic() {
    const app = fastify()
    app.get('/hello', (_request, reply) => reply.type('text/plain').send('Hello World'))
    app.get('/profile', () => Promise.resolve(profile))
    app.get('/users/:userId/posts/:postId', async ({ params }) => {
      const { userId, postId } = params as Params
      return { userId, postId }
    })
    app.get('/search', async ({ query }) => {
      const { q, page, limit } = query as Params
      return { q, page, limit }
    })
    app.post('/orders', async ({ body }, reply) => reply.code(201).send(summarize(body as Order)))
    app.get('/logo.png', (_request, reply) => reply.type('image/png').send(image))
    return serve(app)
  },

  middleware() {
    const app = fastify()
    app.decorateRequest('count', 0)
    for (let index = 0; index < 5; index++) {
      app.addHook('onRequest', (request, _reply, done) => {
        ;(request as unknown as { count: number }).count++ // Fastify has its types of decorations by declaration merging.
        done()
      })
    }
    app.get('/', async (request) => ({ count: (request as unknown as { count: number }).count }))
    return serve(app)
  },

  routes(routes) {
    const app = fastify()
    for (let route = 0; route < routes; route++) {
      app.get(`/resource${route}/:id`, async ({ params }) => ({ route, id: (params as Params)['id'] }))
    }
    return serve(app)
  },

  gzip() {
    const app = fastify()
    app.get('/text', (_request, reply) =>
      reply.header('content-encoding', 'gzip').type('text/plain').send(gzipSync(text)),
    )
    return serve(app)
  },
}
