import { expect } from 'vitest'
import { type Any, load, type Middleware } from '../scenario.ts'
import { cutOff } from '../targets.ts'

const rateLimit: Middleware = {
  name: 'express-rate-limit',
  note: 'Set `trust proxy` to 1. Otherwise it logs a warning about the X-Forwarded-For that gateways send. It counts in the memory of one execution environment.',
  scenarios: [
    {
      title: 'counts by client, answers 429 past the limit, and says so in headers of each draft',
      normal: (text) => text.replace(/(reset=)\d+|;t=\d+/g, '$1<s>').replace(/^(1[78]\d{8}|60|59|58)$/, '<s>'),
      build: (express, { note }) => {
        const { rateLimit } = load('express-rate-limit')
        const app = express()
        app.set('trust proxy', 1)
        const options = { windowMs: 60_000, limit: 2, message: { error: 'too many' } }
        const onLimit = (req: Any, res: Any, _next: Any, { statusCode, message }: Any) => {
          note(req.ip, req.rateLimit.used)
          res.status(statusCode).json(message)
        }
        app.get(
          '/legacy',
          rateLimit({ ...options, handler: onLimit }),
          (req: Any, res) => void res.json(req.rateLimit.remaining),
        )
        for (const draft of ['draft-6', 'draft-7', 'draft-8']) {
          const limiter = rateLimit({ ...options, standardHeaders: draft, legacyHeaders: false, identifier: 'api' })
          app.get(`/${draft}`, limiter, (_req, res) => void res.send('ok'))
        }
        return app
      },
      async talk(client) {
        const first = await client.get('/legacy')
        expect(first.headers).toMatchObject({ 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '1' })
        await client.get('/legacy')
        const third = await client.get('/legacy')
        expect([third.status, third.json()]).toEqual([429, { error: 'too many' }])
        expect(third.headers['retry-after']).toBeDefined()
        for (const draft of ['draft-6', 'draft-7', 'draft-8']) {
          const statuses = []
          for (const _ of [1, 2, 3]) statuses.push((await client.get(`/${draft}`)).status)
          expect(statuses).toEqual([200, 200, 429])
        }
        expect((await client.get('/draft-8')).headers['ratelimit-policy']).toMatch(/^"api"; q=2; w=60/)
        expect(client.notes).toEqual(['192.0.2.1', 3])
      },
    },
    {
      title: 'keys, skipped requests, requests that do not count, and resets',
      normal: (text) => text.replace(/^(1[78]\d{8}|60|59|58)$/, '<s>'),
      build: (express) => {
        const { rateLimit } = load('express-rate-limit')
        const app = express()
        app.set('trust proxy', 1)
        const limiter = rateLimit({
          limit: (req: Any) => (req.get('x-key') === 'vip' ? 3 : 1),
          keyGenerator: (req: Any) => req.get('x-key') ?? 'none',
          skip: (req: Any) => req.get('x-key') === 'skipped',
          skipSuccessfulRequests: true,
          requestWasSuccessful: (_req: Any, res: Any) => res.statusCode === 201,
        })
        app.get('/reset', (req: Any, res) => {
          limiter.resetKey(req.get('x-key'))
          res.end()
        })
        app.use(limiter)
        app.get('/', (_req, res) => void res.send('ok'))
        app.get('/free', (_req, res) => void res.status(201).send('ok'))
        return app
      },
      async talk(client) {
        const ask = async (path: string, key: string) => (await client.get(path, { 'x-key': key })).status
        expect([await ask('/', 'a'), await ask('/', 'a'), await ask('/', 'b')]).toEqual([200, 429, 200])
        expect([await ask('/', 'vip'), await ask('/', 'vip'), await ask('/', 'vip'), await ask('/', 'vip')]).toEqual([
          200, 200, 200, 429,
        ])
        expect([await ask('/', 'skipped'), await ask('/', 'skipped')]).toEqual([200, 200])
        await ask('/reset', 'a')
        expect(await ask('/', 'a')).toBe(200)
        expect(await ask('/free', 'c')).toBe(201)
        await new Promise((resolve) => setTimeout(resolve, 10))
        expect(await ask('/free', 'c')).toBe(201)
      },
    },
    {
      title: 'accepts the address of the client, and warns of an X-Forwarded-For that is not trusted',
      build: (express, { note }) => {
        const { rateLimit } = load('express-rate-limit')
        const logger = {
          error: (fault: Any) => note('error', fault.code),
          warn: (fault: Any) => note('warn', fault.code),
        }
        const limited = () => {
          const app = express()
          app.use(rateLimit({ legacyHeaders: false, logger }))
          app.get('/', (req, res) => void res.send(req.ip))
          return app
        }
        const app = express()
        app.use('/trusting', limited().set('trust proxy', 1))
        app.use('/default', limited())
        return app
      },
      ignore: ['etag'],
      normal: (text) => text.replace(/^127\.0\.0\.1$/, '192.0.2.1'),
      async talk(client) {
        expect((await client.get('/trusting')).text).toBe('192.0.2.1')
        expect(client.notes).toEqual([])
        expect((await client.get('/default')).status).toBe(200)
        expect(client.notes).toEqual(['error', 'ERR_ERL_UNEXPECTED_X_FORWARDED_FOR'])
      },
    },
  ],
}

const connectTimeout: Middleware = {
  name: 'connect-timeout',
  scenarios: [
    {
      title: 'answers 503 when the time is over, and not when the response began before or the clock was stopped',
      build: (express, { note }) => {
        const timeout = load('connect-timeout')
        const app = express()
        app.get('/slow', timeout('20ms'), (req: Any, res) => {
          setTimeout(() => {
            note(req.timedout)
            if (!req.timedout) res.send('too late')
          }, 60)
        })
        app.get('/fast', timeout(200), (req: Any, res) => void res.json({ timedout: req.timedout }))
        app.get('/begun', timeout(10), (_req, res) => {
          res.write('begun ')
          setTimeout(() => res.end('done'), 30)
        })
        app.get('/cleared', timeout(10), (req: Any, res) => {
          req.clearTimeout()
          setTimeout(() => res.send('cleared'), 30)
        })
        app.get('/own', timeout(10, { respond: false }), (req: Any, res) => {
          req.on('timeout', (delay: number) => res.status(504).json({ delay, timedout: req.timedout }))
        })
        app.use((error: Any, req: Any, res: Any, _next: Any) => {
          const { code, message, status, timeout: limit } = error
          res.status(status).json({ code, message, limit, timedout: req.timedout })
        })
        return app
      },
      async talk(client) {
        const slow = await client.get('/slow')
        expect([slow.status, slow.json()]).toEqual([
          503,
          { code: 'ETIMEDOUT', message: 'Response timeout', limit: 20, timedout: true },
        ])
        expect(await client.noted(1)).toEqual([true])
        expect((await client.get('/fast')).json()).toEqual({ timedout: false })
        expect((await client.get('/begun')).text).toBe('begun done')
        expect((await client.get('/cleared')).text).toBe('cleared')
        expect((await client.get('/own')).json()).toEqual({ delay: 10, timedout: true })
      },
    },
    {
      title: 'at the top level, with a halt after each step',
      build: (express) => {
        const app = express()
        const halt = (req: Any, _res: Any, next: Any) => {
          if (!req.timedout) next()
        }
        app.use(load('connect-timeout')('250ms'), express.json(), halt, load('cookie-parser')(), halt)
        app.post('/save', (req: Any, res) => {
          setTimeout(() => req.timedout || res.send(`saved as ${req.body.id}`), req.body.delay)
        })
        return app
      },
      async talk(client) {
        expect((await client.post('/save', { json: { id: 7, delay: 1 } })).text).toBe('saved as 7')
        expect((await client.post('/save', { json: { id: 8, delay: 500 } })).status).toBe(503)
      },
    },
  ],
}

const errorhandler: Middleware = {
  name: 'errorhandler',
  scenarios: [
    {
      title: 'errors with their stack as HTML, JSON and text, and logs them',
      build: (express, { note }) => {
        const app = express()
        app.get('/fail', () => {
          throw Object.assign(new Error('boom <&>'), { status: 418, detail: 'more' })
        })
        app.get('/plain', (_req, _res, next) => next('only text'))
        app.get('/object', (_req, _res, next) => next({ hello: 'there' }))
        const log = (_error: unknown, text: string, req: Any) =>
          note(`${req.method} ${req.url} ${text.split('\n', 1)[0]}`)
        app.use(load('errorhandler')({ log }))
        return app
      },
      async talk(client) {
        for (const path of ['/fail', '/plain', '/object']) {
          for (const accept of ['text/html', 'application/json', 'text/plain', 'image/png'])
            await client.get(path, { accept })
        }
        const { status, text, headers } = await client.get('/fail', { accept: 'application/json' })
        expect([status, JSON.parse(text).error.detail, headers['x-content-type-options']]).toEqual([
          418,
          'more',
          'nosniff',
        ])
        expect((await client.noted(13))[0]).toBe('GET /fail Error: boom <&>')
      },
    },
    {
      title: 'cuts off a response that has begun',
      cannot: cutOff,
      build: (express, { note }) => {
        const app = express()
        app.get('/', (_req, res, next) => {
          res.write('begun')
          setTimeout(() => next(new Error('too late')), 5)
        })
        app.use(load('errorhandler')({ log: (error: Error) => note(error.message) }))
        return app
      },
      async talk(client) {
        const failed = await client.get('/').then(
          ({ status }) => status >= 500,
          () => true,
        )
        expect(failed).toBe(true)
        expect(await client.noted(1)).toEqual(['too late'])
      },
    },
  ],
}

export const limits: readonly Middleware[] = [rateLimit, connectTimeout, errorhandler]
