// Compiled, not run: code as it is written against Express's types, with only the import changed.
import express, {
  type Application,
  type ErrorRequestHandler,
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from '../../src/index.ts'

interface User {
  id: string
  name: string
}

interface ListQuery {
  page?: string
  tags?: string[]
}

const app: Express = express()

app.use(express.json({ limit: '1mb' }))
app.use(express.urlencoded({ extended: true }))
app.use(express.text(), express.raw({ type: 'application/octet-stream' }))
app.use('/static', express.static('public', { maxAge: '1d', index: false }))

// Parameters are inferred from the path.
app.get('/users/:id/posts/:post', (req, res) => {
  const { id, post } = req.params
  const both: [string, string] = [id, post]
  // @ts-expect-error: the path has no such parameter
  req.params.other
  res.json(both)
})
app.get('/files/*path', (req, res) => void res.send(req.params.path.join('/')))
app.get(/^\/re\/(\d+)/, (req, res) => void res.send(req.params[0]))

app.get('/users', (req: Request<object, User[], never, ListQuery>, res: Response<User[]>) => {
  const page: string | undefined = req.query.page
  const tags: string[] | undefined = req.query.tags
  res.json([{ id: page ?? '', name: String(tags) }])
  // @ts-expect-error: the response's body is a list of users
  res.json({ id: '1' })
})

const create: RequestHandler<{ id: string }, User, Pick<User, 'name'>> = async (req, res) => {
  const name: string = req.body.name
  res.status(201).location(`/users/${req.params.id}`).json({ id: req.params.id, name })
}
app.post('/users/:id', create)

const authenticate =
  (role: string): RequestHandler =>
  (req, res, next) => {
    if (req.get('authorization') === role) next()
    else res.sendStatus(401)
  }
app.use(authenticate('admin'))

function logger(req: Request, _res: Response, next: NextFunction): void {
  console.log(req.method, req.originalUrl, req.ip, req.hostname)
  next()
}
app.use('/api', logger, [logger, logger])

const onError: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error)
  res.status(error.status ?? 500).json({ message: error.message })
}
app.use(onError)
app.use((error: Error, _req: Request, res: Response, _next: NextFunction) => {
  res.status(500).send(error.message)
})

const router = Router({ mergeParams: true, caseSensitive: true, strict: false })
router.param('id', (req, _res, next, id: string) => {
  req.params.id = id.trim()
  next()
})
router
  .route('/:id')
  .get((req, res) => void res.send(req.params.id))
  .delete(async (_req, res) => {
    res.status(204).end()
  })
app.use('/items', router)

export function configure(target: Application): void {
  target.set('trust proxy', 1).disable('x-powered-by')
  target.locals.title = 'title'
  target.engine('tpl', (_path, _options, callback) => callback(null, ''))
}
configure(app)

// What Lambda adds.
app.get('/lambda', (req, res) => {
  const event: unknown = req.lambda.event
  const remaining: number | undefined = req.lambda.context.getRemainingTimeInMillis?.()
  const subject: string | undefined = req.identity?.subject
  res.json({ event, remaining, subject })
})

export const handler: (event: unknown, context?: object) => Promise<unknown> = app.handler
export const server = app.listen(3000, () => {})
