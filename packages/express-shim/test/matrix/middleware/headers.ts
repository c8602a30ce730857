import { expect } from 'vitest'
import { load, type Middleware } from '../scenario.ts'

const helmet: Middleware = {
  name: 'helmet',
  scenarios: [
    {
      title: 'sets 12 headers and takes X-Powered-By away',
      build: (express) => {
        const app = express()
        app.use(load('helmet')())
        app.get('/', (_req, res) => void res.send('hello'))
        return app
      },
      async talk(client) {
        const { headers } = await client.get('/')
        const own = ['date', 'connection', 'keep-alive', 'etag', 'content-type', 'content-length', 'transfer-encoding']
        expect(Object.keys(headers).filter((name) => !own.includes(name))).toHaveLength(12)
        expect(headers['content-security-policy']).toContain("default-src 'self'")
        expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
        expect(headers['x-powered-by']).toBeUndefined()
        expect((await client.get('/none')).status).toBe(404)
      },
    },
    {
      title: 'directives of the application, also by request, and headers turned off',
      build: (express) => {
        const app = express()
        app.use((_req, res, next) => {
          res.locals.nonce = 'abc123'
          next()
        })
        app.use(
          load('helmet')({
            contentSecurityPolicy: {
              useDefaults: false,
              directives: {
                defaultSrc: ["'self'"],
                scriptSrc: [
                  "'self'",
                  (_req: unknown, res: { locals: { nonce: string } }) => `'nonce-${res.locals.nonce}'`,
                ],
              },
              reportOnly: true,
            },
            xDownloadOptions: false,
            strictTransportSecurity: { maxAge: 123456, preload: true },
            referrerPolicy: { policy: ['origin', 'unsafe-url'] },
          }),
        )
        app.get('/', (_req, res) => void res.send('hello'))
        return app
      },
      async talk(client) {
        const { headers } = await client.get('/')
        expect(headers['content-security-policy-report-only']).toBe(
          "default-src 'self';script-src 'self' 'nonce-abc123'",
        )
        expect(headers['x-download-options']).toBeUndefined()
        expect(headers['referrer-policy']).toBe('origin,unsafe-url')
      },
    },
  ],
}

const cors: Middleware = {
  name: 'cors',
  scenarios: [
    {
      title: 'allows every origin, and answers preflight requests',
      build: (express) => {
        const app = express()
        app.use(load('cors')())
        app.get('/products/:id', (_req, res) => void res.json({ msg: 'for all origins' }))
        return app
      },
      async talk(client) {
        const { headers } = await client.get('/products/1', { origin: 'https://shop.example' })
        expect(headers['access-control-allow-origin']).toBe('*')
        const preflight = await client.send('OPTIONS', '/products/1', {
          headers: {
            origin: 'https://shop.example',
            'access-control-request-method': 'DELETE',
            'access-control-request-headers': 'x-one, x-two',
          },
        })
        expect(preflight.status).toBe(204)
        expect(preflight.headers).toMatchObject({
          'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
          'access-control-allow-headers': 'x-one, x-two',
          vary: 'Access-Control-Request-Headers',
        })
      },
    },
    {
      title: 'origins by list, pattern and function, credentials, max age, on single routes',
      build: (express) => {
        const cors = load('cors')
        const app = express()
        const options = {
          origin: ['https://a.example', /\.b\.example$/],
          credentials: true,
          exposedHeaders: ['x-total'],
          maxAge: 600,
          optionsSuccessStatus: 200,
        }
        app.options('/list', cors(options))
        app.get('/list', cors(options), (_req, res) => void res.json({ ok: true }))
        const dynamic = (
          req: { get(name: string): string },
          callback: (error: Error | null, value?: object) => void,
        ) =>
          req.get('x-block')
            ? callback(new Error('Not allowed by CORS'))
            : callback(null, { origin: 'https://c.example' })
        app.get('/dynamic', cors(dynamic), (_req, res) => void res.json({ ok: true }))
        return app
      },
      async talk(client) {
        const allowed = async (path: string, origin: string) =>
          (await client.get(path, { origin })).headers['access-control-allow-origin']
        expect(await allowed('/list', 'https://a.example')).toBe('https://a.example')
        expect(await allowed('/list', 'https://x.b.example')).toBe('https://x.b.example')
        expect(await allowed('/list', 'https://evil.example')).toBeUndefined()
        expect(await allowed('/dynamic', 'https://other.example')).toBe('https://c.example')
        expect((await client.get('/dynamic', { 'x-block': '1' })).status).toBe(500)
        const preflight = await client.send('OPTIONS', '/list', {
          headers: { origin: 'https://a.example', 'access-control-request-method': 'GET' },
        })
        expect(preflight.status).toBe(200)
        expect(preflight.headers['access-control-max-age']).toBe('600')
      },
    },
    {
      title: 'preflightContinue leaves the answer to the application',
      build: (express) => {
        const app = express()
        app.use(load('cors')({ preflightContinue: true, origin: 'https://a.example' }))
        app.options('/', (_req, res) => void res.status(202).send('mine'))
        return app
      },
      async talk(client) {
        const preflight = await client.send('OPTIONS', '/', { headers: { 'access-control-request-method': 'GET' } })
        expect([preflight.status, preflight.text, preflight.headers.vary]).toEqual([
          202,
          'mine',
          'Origin, Access-Control-Request-Headers',
        ])
      },
    },
  ],
}

const responseTime: Middleware = {
  name: 'response-time',
  scenarios: [
    {
      title: 'X-Response-Time in milliseconds, with digits and header of choice',
      normal: (text) => text.replace(/\d+\.\d+(ms)?/g, '<time>$1'),
      build: (express) => {
        const responseTime = load('response-time')
        const app = express()
        app.get('/', responseTime(), (_req, res) => void res.send('hello'))
        app.get(
          '/short',
          responseTime({ digits: 1, suffix: false, header: 'X-Took' }),
          (_req, res) => void res.status(201).json({}),
        )
        return app
      },
      async talk(client) {
        expect((await client.get('/')).headers['x-response-time']).toMatch(/^\d+\.\d{3}ms$/)
        expect((await client.get('/short')).headers['x-took']).toMatch(/^\d+\.\d$/)
      },
    },
    {
      title: 'hands the time to a function',
      build: (express, { note }) => {
        const app = express()
        app.use(
          load('response-time')((req: { method: string; url: string }, res: { statusCode: number }, time: number) =>
            note(req.method, req.url, res.statusCode, time > 10),
          ),
        )
        app.get('/slow', (_req, res) => void setTimeout(() => res.send('at last'), 15))
        return app
      },
      async talk(client) {
        await client.get('/slow')
        expect(client.notes).toEqual(['GET', '/slow', 200, true])
      },
    },
  ],
}

export const headers: readonly Middleware[] = [helmet, cors, responseTime]
