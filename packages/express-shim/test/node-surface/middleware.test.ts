import { createRequire } from 'node:module'
import { createGzip } from 'node:zlib'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import { describe, it } from 'vitest'
import { type Build, same } from '../differential/harness.ts'

// These packages have no types of their own.
const load = createRequire(import.meta.url)
const bodyParser = load('body-parser')
const compression = load('compression')
const cookieParser = load('cookie-parser')
const cookieSession = load('cookie-session')
const cors = load('cors')
const session = load('express-session')
const methodOverride = load('method-override')
const morgan = load('morgan')
const responseTime = load('response-time')

/** npm's middleware that replaces, listens to or asks for what Node's messages have; on a real server and by events. */
const form = { 'content-type': 'application/x-www-form-urlencoded' }
// Of these a request can come without TLS, as it does to the server.
const only = ['alb', 'alb-multi-value'] as const

describe('middleware made for Node', () => {
  it('compression replaces write, end and on', async () => {
    const build: Build = (express, note) => {
      const app = express()
      app.use(compression({ threshold: 0 }))
      app.get('/send', (_req, res) => void res.type('text').send('x'.repeat(2000)))
      app.get('/json', (_req, res) => void res.json({ a: 'b'.repeat(2000) }))
      app.get('/write', (_req, res) => {
        res.type('text')
        res.on('finish', () => note('finish')).on('drain', () => {})
        res.write('616263', 'hex')
        ;(res as unknown as { flush(): void }).flush()
        setTimeout(() => res.end('end', 'latin1'), 2)
      })
      app.get('/pipe', (_req, res) => {
        const source = createGzip()
        res.type('application/gzip')
        source.pipe(res)
        source.end('packed')
      })
      app.get('/image', (_req, res) => void res.type('png').send(Buffer.from([137, 80])))
      app.get('/empty', (_req, res) => void res.status(204).end())
      return app
    }
    const paths = ['/send', '/json', '/write', '/pipe', '/image', '/empty']
    await same(
      build,
      paths.flatMap((path) => [
        { path },
        { path, headers: { 'accept-encoding': 'gzip' } },
        { path, method: 'HEAD', headers: { 'accept-encoding': 'gzip' } },
      ]),
      { only },
    )
  })

  it('express-session replaces end and writeHead', () => {
    const build: Build = (express, note) => {
      const app = express()
      app.use(
        session({
          secret: 'x',
          resave: false,
          saveUninitialized: true,
          genid: () => 'fixed',
          cookie: { secure: 'auto' },
        }),
      )
      const visit = (req: object) => {
        const state = (req as { session: { count?: number } }).session
        state.count = (state.count ?? 0) + 1
        return state.count
      }
      app.get('/send', (req, res) => void res.send(String(visit(req))))
      app.get('/json', (req, res) => void res.json({ count: visit(req) }))
      app.get('/end', (req, res) => void res.end(`plain ${visit(req)}`))
      app.get('/twice', (req, res) => {
        visit(req)
        res.end('a')
        note(res.end('b'))
      })
      app.get('/destroy', (req, res) => {
        const { session: state } = req as unknown as { session: { destroy(done: () => void): void } }
        state.destroy(() => res.send('gone'))
      })
      app.get('/redirect', (req, res) => {
        visit(req)
        res.redirect('/x')
      })
      return app
    }
    return same(
      build,
      [
        { path: '/send' },
        { path: '/json' },
        { path: '/end' },
        { path: '/twice' },
        { path: '/destroy' },
        { path: '/redirect' },
      ],
      { only },
    )
  })

  it('morgan, response-time and cookie-session listen for headers and the end', () => {
    const build: Build = (express, note) => {
      const app = express()
      app.use(
        morgan(':method :url :status :res[content-length] :http-version :referrer', {
          stream: { write: (line: string) => note(line) },
        }),
      )
      app.use(responseTime({ digits: 0, header: 'X-Took' }))
      app.use(cookieSession({ keys: ['x'] }))
      app.get('/', (req, res) => {
        Object.assign((req as unknown as { session: object }).session, { a: 1 })
        res.send('hi')
      })
      app.get('/thrown', () => {
        throw Object.assign(new Error('teapot'), { status: 418 })
      })
      return app
    }
    return same(build, [{ path: '/' }, { path: '/thrown' }, { path: '/nothing' }, { path: '/', method: 'HEAD' }], {
      only,
      ignoreHeaders: ['x-took'],
      env: 'production',
    })
  })

  it('parsers of npm read the stream', () => {
    const build: Build = (express, note) => {
      const app = express()
      app.use((req, _res, next) => {
        note(req.body)
        next()
      })
      app.use(bodyParser.json({ limit: 20 }), bodyParser.urlencoded(), bodyParser.text(), bodyParser.raw())
      app.all(
        '/',
        (req, res) => void res.json({ body: req.body ?? null, complete: req.complete, readable: req.readable }),
      )
      return app
    }
    return same(
      build,
      [
        {},
        { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } },
        { method: 'POST', body: '{"a":', headers: { 'content-type': 'application/json' } },
        { method: 'POST', body: `"${'x'.repeat(40)}"`, headers: { 'content-type': 'application/json' } },
        { method: 'POST', body: 'a=1&b=ü', headers: form },
        { method: 'PUT', body: 'grüße', headers: { 'content-type': 'text/plain' } },
        { method: 'PUT', body: Buffer.from([0, 255]), headers: { 'content-type': 'application/octet-stream' } },
      ],
      { only, env: 'production' },
    )
  })

  it('helmet, cors, cookies, overrides and limits set what they set', () => {
    const build: Build = (express, note) => {
      const app = express()
      app.use(
        helmet(),
        cors({ origin: 'https://a.example', credentials: true }),
        cookieParser('secret'),
        methodOverride('X-HTTP-Method-Override'),
      )
      app.use(
        rateLimit({
          limit: 100,
          keyGenerator: () => 'one',
          standardHeaders: false,
          legacyHeaders: false,
          validate: false,
        }),
      )
      app.delete('/', (req, res) => {
        note(req.cookies, req.signedCookies, req.method)
        res.cookie('a', 'b', { signed: true }).sendStatus(202)
      })
      return app
    }
    return same(
      build,
      [
        { method: 'OPTIONS', headers: { origin: 'https://a.example', 'access-control-request-method': 'PUT' } },
        { method: 'POST', headers: { 'x-http-method-override': 'DELETE', cookie: 'x=1; y=s%3Av.bad' } },
        { method: 'GET' },
      ],
      { only },
    )
  })
})
