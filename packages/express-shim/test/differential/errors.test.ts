import { describe, test } from 'vitest'
import { type Build, type Sent, same } from './harness.ts'

// biome-ignore lint/suspicious/noExplicitAny: what is thrown can be anything.
type Any = any

const thrown: Record<string, () => unknown> = {
  error: () => new Error('boom <b> & "quotes"  two  spaces'),
  status: () => Object.assign(new Error('teapot'), { status: 418 }),
  statusCode: () => Object.assign(new Error('gone'), { statusCode: 410 }),
  both: () => Object.assign(new Error('both'), { status: 404, statusCode: 410 }),
  tooLow: () => Object.assign(new Error('low'), { status: 200 }),
  tooHigh: () => Object.assign(new Error('high'), { status: 600 }),
  text: () => Object.assign(new Error('text'), { status: '404' }),
  unknown: () => Object.assign(new Error('odd'), { status: 499 }),
  headers: () =>
    Object.assign(new Error('slow down'), { status: 429, headers: { 'Retry-After': '5', 'X-A': ['1', '2'] } }),
  headersWithoutStatus: () => Object.assign(new Error('no'), { headers: { 'Retry-After': '5' } }),
  noStack: () => Object.assign(new Error('bare'), { stack: undefined }),
  string: () => 'just text',
  number: () => 42,
  object: () => ({ status: 402, message: 'pay' }),
  nullPrototype: () => Object.assign(Object.create(null), { status: 403 }),
  lines: () => Object.assign(new Error('x'), { stack: 'first\nsecond\n  third' }),
}

const build: Build = (express) => {
  const app = express()
  app.get('/set', (_req, res, next) => {
    res
      .status(422)
      .set({ 'Content-Encoding': 'gzip', 'Content-Language': 'de', 'Content-Range': 'x', 'X-Kept': 'yes', ETag: '"1"' })
    next(new Error('after headers'))
  })
  app.get('/accepted', (_req, res, next) => {
    res.status(202)
    next(new Error('with a status of success'))
  })
  for (const [name, make] of Object.entries(thrown)) {
    app.all(`/next/${name}`, (_req, _res, next) => next(make() as Any))
    app.all(`/throw/${name}`, () => {
      throw make()
    })
    app.all(`/reject/${name}`, async () => {
      await null
      throw make()
    })
  }
  app.get('/reject', () => Promise.reject())
  return app
}

const sent: Sent[] = [
  ...Object.keys(thrown).flatMap((name) => ['next', 'throw', 'reject'].map((way) => ({ path: `/${way}/${name}` }))),
  { path: '/next/error', method: 'HEAD' },
  { path: '/next/headers', method: 'POST', body: 'unread '.repeat(20_000), headers: { 'content-type': 'text/plain' } },
  { path: '/set' },
  { path: '/accepted' },
  { path: '/reject' },
  { path: '/none' },
  { path: '/none', method: 'HEAD' },
  { path: '/none', method: 'POST', body: 'x' },
  { path: '/none', method: 'OPTIONS' },
  { path: '/%zz' },
  { path: '/a%20b/%C3%A9?q=%3Cscript%3E' },
  { path: "/it's&<so>" },
  { path: '/a//b/../c' },
]

describe('what answers where nobody did', () => {
  test.each(['test', 'production'])('in the environment %s', (env) => same(build, sent, { env }))

  test.each([undefined, '', false])('with the setting env at %j it is the environment of the process', (env) =>
    same(
      (express) => {
        const app = express().set('env', env)
        app.get('/', () => {
          throw new Error('secret')
        })
        return app
      },
      {},
      { env: 'production' },
    ),
  )

  test('the environment is that of when the request came', () =>
    same((express) => {
      const app = express()
      app.get('/', () => {
        app.set('env', 'production')
        throw new Error('no secret yet')
      })
      return app
    }, {}))

  test('also below a mount path, behind a router and a mounted application', () =>
    same(
      (express) => {
        const app = express()
        const sub = express()
        sub.get('/fail', () => {
          throw new Error('inside')
        })
        const router = express.Router()
        router.get('/fail', (_req, _res, next) => next(Object.assign(new Error('routed'), { status: 400 })))
        app.use('/sub', sub)
        app.use('/router', router)
        return app
      },
      ['/sub', '/sub/fail', '/sub/none?x=1', '/router/fail', '/router/none'].map((path) => ({ path })),
    ))

  test('an error handler answers in its place', () =>
    same(
      (express, note) => {
        const app = express()
        app.get('/a', () => {
          throw new Error('a')
        })
        app.use((error: Error, req: Any, _res: Any, next: Any) => {
          note('first', error.message, req.url)
          next(error)
        })
        app.use((_req, _res, next) => {
          note('never with an error')
          next()
        })
        app.use('/a', (error: Error, _req: Any, res: Any, _next: Any) => {
          note('second', error.message)
          res.status(500).json({ error: error.message })
        })
        return app
      },
      [{ path: '/a' }, { path: '/b' }],
    ))

  test('a handler that fails after it has answered changes nothing of the answer', () =>
    same(
      (express) => {
        const app = express()
        app.get('/sync', (_req, res) => {
          res.send('sent')
          throw new Error('late')
        })
        app.get('/async', async (_req, res) => {
          res.send('sent')
          throw new Error('late')
        })
        app.get('/next', (_req, res, next) => {
          res.send('sent')
          next()
        })
        return app
      },
      [{ path: '/sync' }, { path: '/async' }, { path: '/next' }],
    ))
})
