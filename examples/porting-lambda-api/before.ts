import lambdaApi, { type API, type NextFunction, type Request, type Response } from 'lambda-api'

// Its types are those of its CommonJS build, although Node.js loads the ES module.
const createApi = lambdaApi as unknown as typeof lambdaApi.default
const api = createApi({ base: 'v1' })

api.use((req: Request, res: Response, next: NextFunction) => {
  res.header('x-request', req.id)
  next()
})
api.get('/users/:id', (req: Request, res: Response) =>
  res.cookie('seen', req.params.id!).json({ id: req.params.id, q: req.query.q }),
)
api.post('/users', (req: Request, res: Response) => res.status(201).header('location', '/users/7').json(req.body))
api.get('/old', (_req: Request, res: Response) => res.redirect(301, '/v1/users/1'))
api.get('/client', (req: Request) => ({ ip: req.ip }))
api.get('/broken', () => {
  throw new Error('no tea')
})
api.register((routes: API) => routes.get('/orders', () => [{ id: 1 }]), { prefix: '/shop' })
api.use((error: Error, _req: Request, res: Response, next: NextFunction) => {
  if (error.message === 'no tea') res.status(418).json({ error: 'teapot' })
  next()
})

export const handler = (event: never, context: never) => api.run(event, context)
