// Compiled, not run: types by the name of the default export, and a program's own additions to Express's.
import express from '../../src/index.ts'
import { toHandle, toLambdaHandler } from '../../src/lambda.ts'

interface Account {
  readonly plan: 'free' | 'paid'
}

declare global {
  namespace Express {
    interface Request {
      account?: Account
    }
    interface Locals {
      requestId: string
    }
  }
}

type Locals = { user: string }

export class Controller {
  readonly router: express.Router = express.Router()

  constructor(private_: express.RouterOptions) {
    this.router = express.Router(private_)
    this.router.get('/', this.list)
    this.router.get('/:id', this.show)
  }

  list = (req: express.Request, res: express.Response): void => {
    const plan: 'free' | 'paid' | undefined = req.account?.plan
    const id: string = res.locals.requestId
    res.json({ plan, id })
  }

  show: express.RequestHandler<{ id: string }, { id: string }, never, never, Locals> = (req, res, next) => {
    const user: string = res.locals.user
    if (user === '') return next('route')
    res.json({ id: req.params.id })
  }
}

export const wrap =
  <P, B>(handle: (req: express.Request<P>, res: express.Response<B>) => Promise<B>): express.RequestHandler<P, B> =>
  async (req, res, next) => {
    try {
      res.json(await handle(req, res))
    } catch (error) {
      next(error)
    }
  }

interface TypedRequest<Body> extends express.Request {
  body: Body
}

export const typed = (req: TypedRequest<{ a: number }>): number => req.body.a

export function build(): express.Express {
  const app: express.Application = express()
  app.get(
    '/wrapped/:id',
    wrap(async (req: express.Request<{ id: string }>) => req.params.id),
  )
  const options: express.CookieOptions = { httpOnly: true, sameSite: 'lax', signed: false }
  app.get('/cookie', (_req, res) => void res.cookie('a', 'b', options).redirect(303, '/'))
  const patched: express.Request = Object.create(express.request)
  const answer: express.Response = Object.create(express.response)
  return [patched, answer].length ? express() : (app as express.Express)
}

export const handler = toLambdaHandler(build(), { basePath: 'mount', onOtherEvent: (event) => event })
export const handle = toHandle(build())
