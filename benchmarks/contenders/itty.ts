// itty-router has no Lambda adapter: these six lines give it what its handlers read, and no web Request.
import { type IRequest, Router } from 'itty-router'
import type { Contender, LambdaHandler } from '../contender.ts'
import { image, notFound, type Order, profile, summarize } from '../data.ts'

const type = { 'content-type': 'application/json' }
const json = (value: unknown, statusCode = 200) => ({ statusCode, headers: type, body: JSON.stringify(value) })

function serve(router: ReturnType<typeof Router>): LambdaHandler {
  router.all('*', () => json(notFound, 404))
  return (event) => {
    const { rawPath: path = event.path, requestContext, rawQueryString, queryStringParameters, body } = event
    const query = rawQueryString ?? new URLSearchParams(queryStringParameters ?? {}).toString()
    const url = `https://localhost${path}${query ? `?${query}` : ''}`
    return router.fetch({ method: event.httpMethod ?? requestContext.http.method, url, body } as unknown as IRequest)
  }
}

export const contender: Contender = {
  basic() {
    const router = Router()
    router.get('/hello', () => ({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body: 'Hello World' }))
    router.get('/profile', () => json(profile))
    router.get('/users/:userId/posts/:postId', ({ params }) =>
      json({ userId: params['userId'], postId: params['postId'] }),
    )
    router.get('/search', ({ query }) => json({ q: query['q'], page: query['page'], limit: query['limit'] }))
    router.post('/orders', (request) => json(summarize(JSON.parse(request['body'] as unknown as string) as Order), 201))
    router.get('/logo.png', () => ({
      statusCode: 200,
      headers: { 'content-type': 'image/png' },
      body: image.toString('base64'),
      isBase64Encoded: true,
    }))
    return serve(router)
  },

  middleware() {
    const router = Router()
    const count = (request: IRequest) => {
      request['count'] = ((request['count'] as number | undefined) ?? 0) + 1
    }
    router.all('*', count, count, count, count, count)
    router.get('/', (request) => json({ count: request['count'] }))
    return serve(router)
  },

  routes(routes) {
    const router = Router()
    for (let route = 0; route < routes; route++) {
      router.get(`/resource${route}/:id`, ({ params }) => json({ route, id: params['id'] }))
    }
    return serve(router)
  },
}
