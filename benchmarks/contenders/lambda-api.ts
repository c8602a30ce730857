import type { API, HandlerFunction, Middleware, Request, Response } from 'lambda-api'
import type { Contender, LambdaHandler } from '../contender.ts'
import { image, notFound, type Order, profile, summarize, text } from '../data.ts'
import createApi from '../untyped/lambda-api.js'

const count: Middleware = (req, _res, next) => {
  req['count'] = ((req['count'] as number | undefined) ?? 0) + 1
  next()
}

const newApi = (options = {}): API => createApi({ logger: { errorLogging: false }, ...options })

const onMiss: HandlerFunction = (_req, res) => res.status(404).json(notFound)

function serve(api: API): LambdaHandler {
  api.any('/*', onMiss)
  return (event, context) => api.run(event as never, context as never)
}

export const contender: Contender = {
  basic() {
    const api = newApi()
    api.get('/hello', (_req: Request, res: Response) => res.type('text/plain').send('Hello World'))
    api.get('/profile', (_req: Request, res: Response) => res.json(profile))
    api.get('/users/:userId/posts/:postId', (req: Request, res: Response) =>
      res.json({ userId: req.params['userId'], postId: req.params['postId'] }),
    )
    api.get('/search', (req: Request, res: Response) => {
      const { q, page, limit } = req.query
      res.json({ q, page, limit })
    })
    api.post('/orders', (req: Request, res: Response) => res.status(201).json(summarize(req.body as Order)))
    api.get('/logo.png', (_req: Request, res: Response) => res.type('image/png').sendFile(image))
    return serve(api)
  },

  middleware() {
    const api = newApi()
    api.use(count, count, count, count, count)
    api.get('/', (req: Request, res: Response) => res.json({ count: req['count'] }))
    return serve(api)
  },

  routes(routes) {
    const api = newApi()
    for (let route = 0; route < routes; route++) {
      api.get(`/resource${route}/:id`, (req: Request, res: Response) => res.json({ route, id: req.params['id'] }))
    }
    return serve(api)
  },

  gzip() {
    const api = newApi({ compression: ['gzip'] })
    api.get('/text', (_req: Request, res: Response) => res.type('text/plain').send(text))
    return serve(api)
  },
}
