import { METHODS } from 'node:http'
import realExpress, { type Request } from 'express'
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { asked, type Program, program } from '../routing-programs.ts'
import { type Build, type Express, type Note, type Sent, same } from './harness.ts'

// biome-ignore lint/suspicious/noExplicitAny: routers are driven by the names of their methods.
type Any = any

/** Everything that routing writes on a request. */
function seen(req: Request): unknown {
  const { method, url, baseUrl, originalUrl, path, params, query } = req
  const prototype = Object.getPrototypeOf(params ?? {}) === null
  return {
    method,
    url,
    baseUrl,
    originalUrl,
    path,
    params,
    prototype,
    query,
    route: req.route && String(req.route.path),
  }
}

// CONNECT is answered by another event of a server; the gateways take only the usual ones.
const verbs = METHODS.filter((method) => method !== 'CONNECT')

describe('methods', () => {
  test('each has its function', () =>
    same(
      (express, note) => {
        const app = express() as Any
        for (const method of verbs) {
          app[method.toLowerCase()](`/${method}`, (req: Request, res: Any) => {
            note(seen(req))
            res.send(method)
          })
        }
        return app
      },
      verbs.flatMap((method) => [
        { method, path: `/${method}` },
        { method, path: '/GET' },
        { method: 'OPTIONS', path: `/${method}` },
        { method: 'HEAD', path: `/${method}` },
      ]),
    ))

  test('all of them, some of them and none', () =>
    same(
      (express) => {
        const app = express()
        app.all('/all', (req, res) => void res.send(req.method))
        app
          .route('/some')
          .get((_req, res) => void res.send('get'))
          .put((_req, res) => void res.send('put'))
        app.post('/some', (_req, res) => void res.send('post'))
        app.route('/none')
        app.use('/used', (_req, _res, next) => next())
        app.head('/head', (_req, res) => void res.set('x-head', '1').end())
        app.get('/head', (_req, res) => void res.send('get'))
        app.options('/own', (_req, res) => void res.set('allow', 'mine').send('own'))
        app.get('/own', (_req, res) => void res.send('get'))
        return app
      },
      ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'].flatMap((method) =>
        ['/all', '/some', '/none', '/used', '/head', '/own', '/nowhere'].map((path) => ({ method, path })),
      ),
    ))
})

const patterns: (string | RegExp | (string | RegExp)[])[] = [
  '/',
  '/users',
  '/users/',
  '/users/:id',
  '/users/:id/posts/:post',
  '/:"quoted-name"',
  '/files/*path',
  '/files{/*path}',
  '/*a/to/*b',
  '/opt{/:maybe}/end',
  '/:file.:ext',
  '/:from-:to',
  '/flights/:from{-:to}',
  '/a.b',
  '/%7Euser',
  '/caf\u00e9',
  '/esc\\:aped',
  ['/one', '/two/:x'],
  /^\/re\/(\d+)(?:\/(?<named>\w+))?$/,
  /\/ANY(.*)/i,
  ['/list', /^\/re/],
]
const paths = [
  '/',
  '//',
  '/users',
  '/USERS/',
  '/users//',
  '/users/7',
  '/users/%20x%2Fy',
  '/users/%zz',
  '/users/__proto__',
  '/users/a+b',
  '/users/7/posts/8/',
  '/files',
  '/files/',
  '/files/a/b%20c/d',
  '/x/y/to/z/to/w',
  '/opt/end',
  '/opt/1/end',
  '/report.final.pdf',
  '/a-b-c',
  '/a.b',
  '/~user',
  '/%7Euser',
  '/caf%C3%A9',
  '/esc:aped',
  '/two/constructor?x=/users',
  '/re/12/go',
  '/re/12',
  '/what/any/more',
]

describe('paths', () => {
  const options = [{}, { strict: true }, { caseSensitive: true }, { strict: true, caseSensitive: true }]

  test.each(options)('of every shape, with %j', async (option) => {
    for (const pattern of patterns) {
      const build =
        (kind: 'get' | 'use'): Build =>
        (express, note) => {
          const app = express()
          const router = express.Router(option) as Any
          router[kind](pattern, (req: Request, res: Any) => {
            note(seen(req))
            res.send('found')
          })
          app.use(router)
          app.use((req, res) => {
            note(seen(req))
            res.status(404).send('not')
          })
          app.use((error: Any, _req: Any, res: Any, _next: Any) => {
            note(error.name, error.message, error.status, error.statusCode)
            res.status(error.status ?? 500).send('failed')
          })
          return app
        }
      const sent = paths.map((path) => ({ path }))
      await same(build('get'), sent, { only: ['function-url', 'rest-api'] })
      await same(build('use'), sent, { only: ['function-url', 'rest-api'] })
    }
  })

  test('the settings of the application say the same for its own router', () =>
    same(
      (express, note) => {
        const app = express()
        app.enable('strict routing')
        app.enable('case sensitive routing')
        app.get('/Foo', (req, res) => {
          note(seen(req))
          res.send('found')
        })
        return app
      },
      ['/Foo', '/foo', '/Foo/'].map((path) => ({ path })),
    ))
})

describe('programs of layers', () => {
  test('answer alike on a server and through every source', async () => {
    await fc.assert(
      fc.asyncProperty(program, fc.array(asked, { minLength: 1, maxLength: 3 }), async (given, requests) => {
        const sent: Sent[] = requests
          .filter(({ url }) => url.startsWith('/') && !url.includes('#'))
          .map(({ method, url }) => ({ method, path: url }))
        const build: Build = (express, note) => {
          const app = express()
          app.use(toRouter(express, given, note))
          return app
        }
        try {
          build(realExpress, () => {})
        } catch {
          // What a registration refuses is compared by the router's own test.
          return
        }
        await same(build, sent)
      }),
      { numRuns: 60 },
    )
  })
})

function toRouter(express: Express, { steps, ...options }: Program, note: Note): Any {
  const router = express.Router(options) as Any
  const handler = (act: string, name: string) => (req: Any, res: Any, next: Any) => {
    note(name, seen(req))
    return act === 'stop' ? void res.send(name) : perform(act, name, req, next)
  }
  for (const [index, step] of steps.entries()) {
    const name = String(index)
    const on = 'path' in step && step.path !== undefined ? [step.path] : []
    if (step.kind === 'use') router.use(...on, ...step.acts.map((act) => handler(act, name)))
    if (step.kind === 'verb') router[step.method](step.path, ...step.acts.map((act) => handler(act, name)))
    if (step.kind === 'mount') router.use(...on, toRouter(express, step.router, note))
    if (step.kind === 'route') {
      const route = router.route(step.path)
      for (const { method, act } of step.verbs) route[method](handler(act, name))
    }
    if (step.kind === 'catch') {
      router.use(...on, (error: Any, _req: Any, res: Any, next: Any) => {
        note(name, error)
        return step.act === 'stop'
          ? void res.status(500).send('caught')
          : next(step.act === 'recover' ? undefined : error)
      })
    }
  }
  return router
}

function perform(act: string, name: string, req: Any, next: Any): unknown {
  if (act === 'later') return void setImmediate(next)
  if (act === 'route' || act === 'router') return next(act)
  if (act === 'error') return next(new Error(name))
  if (act === 'throw') throw Object.assign(new Error(name), { status: 418 })
  if (act === 'reject') return Promise.reject(new Error(name))
  if (act === 'reject-nothing') return Promise.reject()
  if (act === 'rewrite') req.url = '/a/b'
  return next()
}
