// One source for everything that calls itself Express: only the module and the adapter differ.
import { gzipSync } from 'node:zlib'
import type shim from '@expressway/express-shim'
import type { ErrorRequestHandler, Express, RequestHandler } from '@expressway/express-shim'
import helmet from 'helmet'
import type { Contender, LambdaHandler } from '../contender.ts'
import { image, notFound, profile, serverError, summarize, text } from '../data.ts'
import cookieParser from '../untyped/cookie-parser.js'

const count: RequestHandler = (_req, res, next) => {
  res.locals['count'] = (res.locals['count'] ?? 0) + 1
  next()
}

const onNotFound: RequestHandler = (_req, res) => {
  res.status(404).json(notFound)
}

const onError: ErrorRequestHandler = (_error, _req, res, _next) => {
  res.status(500).json(serverError)
}

/** The applications on a given `express`, each made a Lambda handler by `adapt`. */
export function expressContender(express: typeof shim, adapt: (app: Express) => LambdaHandler): Required<Contender> {
  return {
    basic() {
      const app = express()
      app.get('/hello', (_req, res) => {
        res.type('text/plain').send('Hello World')
      })
      app.get('/profile', (_req, res) => {
        res.json(profile)
      })
      app.get('/users/:userId/posts/:postId', (req, res) => {
        res.json({ userId: req.params.userId, postId: req.params.postId })
      })
      app.get('/search', (req, res) => {
        const { q, page, limit } = req.query
        res.json({ q, page, limit })
      })
      app.post('/orders', express.json(), (req, res) => {
        res.status(201).json(summarize(req.body))
      })
      app.get('/logo.png', (_req, res) => {
        res.type('image/png').send(image)
      })
      app.use(onNotFound)
      return adapt(app)
    },

    middleware() {
      const app = express()
      app.use(count, count, count, count, count)
      app.get('/', (_req, res) => {
        res.json({ count: res.locals['count'] })
      })
      return adapt(app)
    },

    routes(routes) {
      const app = express()
      for (let route = 0; route < routes; route++) {
        app.get(`/resource${route}/:id`, (req, res) => {
          res.json({ route, id: req.params.id })
        })
      }
      app.use(onNotFound)
      return adapt(app)
    },

    gzip() {
      const app = express()
      app.get('/text', (_req, res) => {
        res.set('Content-Encoding', 'gzip').type('text/plain').send(gzipSync(text))
      })
      return adapt(app)
    },

    realistic() {
      const users = express.Router()
      users.get('/:id', (req, res) => {
        res.cookie('seen', req.params.id, { httpOnly: true })
        res.json({ ...profile, id: Number(req.params.id), session: req.cookies.session })
      })
      const orders = express.Router()
      orders.post('/', (req, res) => {
        res.status(201).json(summarize(req.body))
      })
      orders.get('/broken', () => {
        throw new Error('broken')
      })
      const app = express()
      app.use(helmet())
      app.use(cookieParser())
      app.use(express.json())
      app.use('/api/users', users)
      app.use('/api/orders', orders)
      app.use(onNotFound)
      app.use(onError)
      return adapt(app)
    },
  }
}
