import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Any, load, type Middleware, type Setup } from '../scenario.ts'

/** A folder of its own with the files. */
function folder(setup: Setup, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'expressway-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text)
  setup.after(() => rmSync(root, { recursive: true, maxRetries: 5, retryDelay: 20 }))
  return root
}

const expressWinston: Middleware = {
  name: 'express-winston',
  packages: ['express-winston', 'winston'],
  scenarios: [
    {
      title: 'logs requests and errors with their meta data, without the fields that it is asked to hide',
      normal: (text) => text.replace(/"responseTime":\d+/g, '"responseTime":0'),
      build: (express, { note }) => {
        const winston = load('winston')
        const { logger, errorLogger } = load('express-winston')
        const { Writable } = load('node:stream')
        const stream = new Writable({
          write: (chunk: Buffer, _: unknown, done: () => void) => {
            note(chunk.toString())
            done()
          },
        })
        const winstonInstance = winston.createLogger({
          // Without the process and the frames that an error's meta data have.
          format: winston.format.printf(({ level, message, meta }: Any) =>
            JSON.stringify([level, message, meta?.req, meta?.res]),
          ),
          transports: [new winston.transports.Stream({ stream })],
        })
        const requestFilter = (req: Any, name: string) =>
          name === 'headers' ? Object.keys(req.headers).includes('x-shown') : req[name]
        const app = express()
        app.use(logger({ winstonInstance, requestFilter, headerBlacklist: ['host'], meta: true }))
        app.get('/', (_req, res) => void res.status(201).json({ a: 1 }))
        app.get('/broken', () => {
          throw new Error('broken')
        })
        app.use(errorLogger({ winstonInstance, requestFilter, msg: '{{err.message}} {{req.url}}' }))
        return app
      },
      async talk(client) {
        expect((await client.get('/', { 'x-shown': 'yes' })).status).toBe(201)
        await client.get('/broken')
        expect(JSON.stringify(await client.noted(2))).toContain('HTTP GET /')
      },
    },
  ],
}

const fileUpload: Middleware = {
  name: 'express-fileupload',
  scenarios: [
    {
      title: 'reads files and fields into memory, and refuses a file over the limit',
      build: (express) => {
        const app = express()
        app.use(load('express-fileupload')({ limits: { fileSize: 20 }, abortOnLimit: true }))
        app.post('/', (req: Any, res) => {
          const { picture } = req.files
          res.json([req.body, picture.name, picture.mimetype, picture.size, picture.md5, picture.data.toString('hex')])
        })
        return app
      },
      async talk(client) {
        const file = (value: string) => ({ name: 'picture', filename: 'a.png', type: 'image/png', value })
        const answer = await client.post('/', { parts: [{ name: 'title', value: 'A' }, file('bytes')] })
        expect(answer.json().slice(0, 4)).toEqual([{ title: 'A' }, 'a.png', 'image/png', 5])
        expect((await client.post('/', { parts: [file('x'.repeat(30))] })).status).toBe(413)
      },
    },
  ],
}

const formidable: Middleware = {
  name: 'formidable',
  scenarios: [
    {
      title: 'parses uploads, forms and JSON from the request, and errors with their code',
      build: (express, setup) => {
        const uploadDir = folder(setup, {})
        const app = express()
        app.post('/', async (req, res) => {
          const form = load('formidable').formidable({ uploadDir, maxFileSize: 20 })
          const [fields, files] = await form.parse(req)
          const found = Object.values(files)
            .flat()
            .map(({ originalFilename, mimetype, size }: Any) => [originalFilename, mimetype, size])
          res.json([fields, found])
        })
        app.use(
          ((error: Any, _req, res, _next) =>
            void res.status(error.httpCode).json(error.code)) as import('express').ErrorRequestHandler,
        )
        return app
      },
      async talk(client) {
        const file = (value: string) => ({ name: 'picture', filename: 'a.png', type: 'image/png', value })
        const answer = await client.post('/', { parts: [{ name: 'title', value: 'A' }, file('bytes')] })
        expect(answer.json()).toEqual([{ title: ['A'] }, [['a.png', 'image/png', 5]]])
        expect((await client.post('/', { form: { a: '1' } })).json()).toEqual([{ a: ['1'] }, []])
        expect((await client.post('/', { json: { a: 1 } })).status).toBe(200)
        expect((await client.post('/', { parts: [file('x'.repeat(30))] })).status).toBe(413)
      },
    },
  ],
}

const connectRedis: Middleware = {
  name: 'connect-redis',
  note: 'Tested with a client in memory, and not with Redis itself.',
  scenarios: [
    {
      title: 'keeps sessions through its client, and destroys them',
      normal: (text) => text.replace(/s%3A[^;]+/g, '<session>').replace(/expires=[^;]+/gi, '<expires>'),
      build: (express, { note }) => {
        const { RedisStore } = load('connect-redis')
        const rows = new Map<string, string>()
        const client = {
          get: async (key: string) => rows.get(key) ?? null,
          set: async (key: string, value: string) => void rows.set(key, value),
          expire: async () => 1,
          del: async (keys: string[]) => [keys].flat().forEach((key) => void rows.delete(key)),
        }
        const session = load('express-session')
        const app = express()
        app.use(session({ secret: 's', resave: false, saveUninitialized: false, store: new RedisStore({ client }) }))
        app.get('/', (req: Any, res) => {
          req.session.views = (req.session.views ?? 0) + 1
          res.json(req.session.views)
        })
        app.get('/out', (req: Any, res, next) => {
          req.session.destroy((error: unknown) => {
            note(rows.size)
            if (error) next(error)
            else res.send('out')
          })
        })
        return app
      },
      async talk(client) {
        expect([(await client.get('/')).json(), (await client.get('/')).json()]).toEqual([1, 2])
        await client.get('/out')
        expect(client.notes).toEqual([0])
        expect((await client.get('/')).json()).toBe(1)
      },
    },
  ],
}

const flash: Middleware = {
  name: 'connect-flash',
  scenarios: [
    {
      title: 'keeps messages for the next request',
      build: (express) => {
        const app = express()
        app.use(load('cookie-session')({ secret: 's', secure: false }), load('connect-flash')())
        app.get('/set', (req: Any, res) => {
          req.flash('info', 'saved')
          req.flash('info', ['%s is %d', 'it', 1])
          res.redirect('/')
        })
        app.get('/', (req: Any, res) => void res.json(req.flash()))
        return app
      },
      async talk(client) {
        expect((await client.get('/set')).status).toBe(302)
        expect((await client.get('/')).json()).toHaveProperty('info')
        expect((await client.get('/')).json()).toEqual({})
      },
    },
  ],
}

const expressJwt: Middleware = {
  name: 'express-jwt',
  scenarios: [
    {
      title: 'takes a bearer token into req.auth, and refuses none, forged and expired ones',
      build: (express) => {
        const { expressjwt } = load('express-jwt')
        const app = express()
        app.use(expressjwt({ secret: 'key', algorithms: ['HS256'] }).unless({ path: ['/open'] }))
        app.get('/*path', (req: Any, res) => void res.json(req.auth?.sub ?? null))
        app.use(
          ((error: Any, _req, res, _next) =>
            void res.status(error.status).json(error.code)) as import('express').ErrorRequestHandler,
        )
        return app
      },
      async talk(client) {
        const { sign } = load('jsonwebtoken')
        const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
        expect((await client.get('/me', bearer(sign({ sub: 'ann' }, 'key', { noTimestamp: true })))).json()).toBe('ann')
        expect((await client.get('/me')).json()).toBe('credentials_required')
        expect((await client.get('/me', bearer(sign({}, 'other', { noTimestamp: true })))).json()).toBe('invalid_token')
        expect((await client.get('/me', bearer(sign({ exp: 1 }, 'key', { noTimestamp: true })))).status).toBe(401)
        expect((await client.get('/open')).json()).toBe(null)
      },
    },
  ],
}

const oauthBearer: Middleware = {
  name: 'express-oauth2-jwt-bearer',
  scenarios: [
    {
      title: 'checks issuer, audience, signature and scopes of an access token',
      build: (express) => {
        const { auth, requiredScopes } = load('express-oauth2-jwt-bearer')
        const app = express()
        app.use(
          auth({
            issuer: 'https://issuer.example/',
            audience: 'api',
            secret: 'k'.repeat(32),
            tokenSigningAlg: 'HS256',
          }),
        )
        app.get('/', (req: Any, res) => void res.json(req.auth.payload.sub))
        app.get('/admin', requiredScopes('admin'), (_req, res) => void res.send('in'))
        app.use(
          ((error: Any, _req, res, _next) =>
            void res
              .status(error.status)
              .set(error.headers)
              .json(error.code ?? error.name)) as import('express').ErrorRequestHandler,
        )
        return app
      },
      async talk(client) {
        const { sign } = load('jsonwebtoken')
        const claims = {
          sub: 'ann',
          iss: 'https://issuer.example/',
          aud: 'api',
          scope: 'read',
          exp: 4_102_444_800,
          iat: 1,
        }
        const headers = { authorization: `Bearer ${sign(claims, 'k'.repeat(32))}` }
        expect((await client.get('/', headers)).json()).toBe('ann')
        expect((await client.get('/admin', headers)).status).toBe(403)
        expect((await client.get('/')).status).toBe(401)
      },
    },
  ],
}

const basicAuth: Middleware = {
  name: 'express-basic-auth',
  scenarios: [
    {
      title: 'lets users in by name and password, and challenges others',
      build: (express) => {
        const app = express()
        app.use(load('express-basic-auth')({ users: { ann: 'secret' }, unauthorizedResponse: { error: 'who?' } }))
        app.get('/', (req: Any, res) => void res.json(req.auth))
        return app
      },
      async talk(client) {
        const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
        expect((await client.get('/', basic('ann:secret'))).json()).toEqual({ user: 'ann', password: 'secret' })
        expect((await client.get('/', basic('ann:wrong'))).status).toBe(401)
        expect((await client.get('/')).json()).toEqual({ error: 'who?' })
      },
    },
  ],
}

const promBundle: Middleware = {
  name: 'express-prom-bundle',
  packages: ['express-prom-bundle', 'prom-client'],
  scenarios: [
    {
      title: 'counts requests by status, method and path, and answers with the metrics',
      normal: (text) => text.replace(/(_bucket\{[^\n]*|_sum\{[^\n]*|^up )[ ][\d.e-]+/gm, '$1 <n>'),
      build: (express) => {
        const { Registry } = load('prom-client')
        const bundle = load('express-prom-bundle')
        const app = express()
        app.use(bundle({ includeMethod: true, includePath: true, promRegistry: new Registry(), buckets: [60] }))
        app.get('/users/:id', (_req, res) => void res.send('x'))
        return app
      },
      async talk(client) {
        await client.get('/users/1')
        await client.get('/nowhere')
        const { text } = await client.get('/metrics')
        expect(text).toMatch(/http_request_duration_seconds_count\{[^}]*status_code="404"/)
      },
    },
  ],
}

const celebrate: Middleware = {
  name: 'celebrate',
  scenarios: [
    {
      title: 'validates query and body, and answers what is wrong',
      build: (express) => {
        const { celebrate, errors, Joi, Segments } = load('celebrate')
        const app = express()
        app.use(express.json())
        app.post(
          '/:id',
          celebrate({ [Segments.PARAMS]: { id: Joi.number() }, [Segments.BODY]: { name: Joi.string().required() } }),
          (req, res) => void res.json([req.params, req.body]),
        )
        app.use(errors())
        return app
      },
      async talk(client) {
        expect((await client.post('/7', { json: { name: 'Ann' } })).json()[1]).toEqual({ name: 'Ann' })
        expect((await client.post('/7', { json: {} })).json().validation.body.keys).toEqual(['name'])
        expect((await client.post('/x', { json: { name: 'Ann' } })).status).toBe(400)
      },
    },
  ],
}

const hpp: Middleware = {
  name: 'hpp',
  note: 'Express 5 has no setter for `req.query`: define it before, as for Express.',
  scenarios: [
    {
      title: 'takes the last of repeated body parameters, but for those allowed',
      build: (express) => {
        const app = express()
        app.use(express.urlencoded({ extended: true }), load('hpp')({ checkQuery: false, whitelist: ['tags'] }))
        app.post('/', (req: Any, res) => void res.json([req.body, req.bodyPolluted]))
        return app
      },
      async talk(client) {
        const headers = { 'content-type': 'application/x-www-form-urlencoded' }
        expect((await client.post('/', { headers, body: 'a=1&a=2&tags=x&tags=y' })).json()).toEqual([
          { a: '2', tags: ['x', 'y'] },
          { a: ['1', '2'] },
        ])
      },
    },
  ],
}

const slowDown: Middleware = {
  name: 'express-slow-down',
  scenarios: [
    {
      title: 'delays requests past the limit, and says by how much',
      normal: (text) => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>'),
      build: (express) => {
        const app = express()
        app.set('trust proxy', 1)
        app.use(load('express-slow-down').slowDown({ delayAfter: 1, delayMs: (hits: number) => hits }))
        app.get('/', (req: Any, res) => void res.json([req.slowDown.used, req.slowDown.delay]))
        return app
      },
      async talk(client) {
        expect((await client.get('/')).json()).toEqual([1, 0])
        expect((await client.get('/')).json()).toEqual([2, 2])
      },
    },
  ],
}

const apicache: Middleware = {
  name: 'apicache',
  scenarios: [
    {
      title: 'answers from its cache, with the time that is left, and misses on another URL',
      normal: (text) => text.replace(/max-age=\d+/g, 'max-age=<s>'),
      build: (express, { note, after }) => {
        const cache = load('apicache').newInstance({ appendKey: () => '' })
        after(() => cache.clear())
        let calls = 0
        const app = express()
        app.get('/*path', cache.middleware('1 minute'), (req, res) => {
          note(req.url)
          res.json(++calls)
        })
        return app
      },
      async talk(client) {
        expect([
          (await client.get('/a')).json(),
          (await client.get('/a')).json(),
          (await client.get('/b')).json(),
        ]).toEqual([1, 1, 2])
        expect(client.notes).toEqual(['/a', '/b'])
      },
    },
  ],
}

const sirv: Middleware = {
  name: 'sirv',
  scenarios: [
    {
      title: 'files with type, tag and range, and what is missing',
      build: (express, setup) => {
        const app = express()
        const root = folder(setup, { 'index.html': '<p>home</p>', 'a.txt': 'some text' })
        app.use('/files', load('sirv')(root, { dev: true, etag: true, maxAge: 60 }))
        return app
      },
      ignore: ['last-modified', 'etag'],
      async talk(client) {
        expect((await client.get('/files')).text).toBe('<p>home</p>')
        expect((await client.get('/files/a.txt', { range: 'bytes=0-3' })).text).toBe('some')
        expect((await client.get('/files/none')).status).toBe(404)
      },
    },
  ],
}

const serveHandler: Middleware = {
  name: 'serve-handler',
  scenarios: [
    {
      title: 'files, clean URLs, rewrites and what is missing',
      ignore: ['last-modified', 'etag'],
      build: (express, setup) => {
        const root = folder(setup, { 'about.html': '<p>about</p>', 'a.txt': 'some text' })
        const app = express()
        app.use((req, res) =>
          load('serve-handler')(req, res, { public: root, rewrites: [{ source: 'old', destination: '/a.txt' }] }),
        )
        return app
      },
      async talk(client) {
        expect((await client.get('/about')).text).toBe('<p>about</p>')
        expect((await client.get('/about.html')).status).toBe(301)
        expect((await client.get('/old')).text).toBe('some text')
        expect((await client.get('/none')).status).toBe(404)
      },
    },
  ],
}

const betterSse: Middleware = {
  name: 'better-sse',
  scenarios: [
    {
      title: 'events with names, ids and comments, until the session ends',
      normal: (text) => text.replace(/^id: ?.+$/gm, 'id:<id>'),
      build: (express) => {
        const app = express()
        app.get('/', async (req, res) => {
          const session = await load('better-sse').createSession(req, res, { keepAlive: null })
          session.push({ a: 1 }, 'tick', '1')
          session.push('b', 'tick', '2')
          res.end()
        })
        return app
      },
      async talk(client) {
        const { headers, text } = await client.get('/', { accept: 'text/event-stream' })
        expect(headers['content-type']).toMatch(/^text\/event-stream/)
        expect(text).toContain('data:{"a":1}')
      },
    },
  ],
}

const i18next: Middleware = {
  name: 'i18next-http-middleware',
  packages: ['i18next-http-middleware', 'i18next'],
  scenarios: [
    {
      title: 'finds the language by query, cookie and header, and translates',
      build: async (express) => {
        const middleware = load('i18next-http-middleware')
        const i18n = load('i18next').createInstance()
        const resources = { en: { translation: { hi: 'hello' } }, de: { translation: { hi: 'hallo' } } }
        await i18n
          .use(middleware.LanguageDetector)
          .init({ resources, fallbackLng: 'en', preload: ['en', 'de'], showSupportNotice: false })
        const app = express()
        app.use(middleware.handle(i18n))
        app.get('/', (req: Any, res) => void res.json([req.language, req.t('hi')]))
        return app
      },
      async talk(client) {
        expect((await client.get('/', { 'accept-language': 'de' })).json()).toEqual(['de', 'hallo'])
        expect((await client.get('/?lng=de')).json()).toEqual(['de', 'hallo'])
        expect((await client.get('/')).json()[1]).toBe('hello')
      },
    },
  ],
}

const stripe: Middleware = {
  name: 'stripe',
  scenarios: [
    {
      title: 'webhooks: checks the signature over the raw body',
      build: (express) => {
        const Stripe = load('stripe')
        const { webhooks } = new (Stripe.default ?? Stripe)('sk_test_x')
        const app = express()
        app.post('/hook', express.raw({ type: 'application/json' }), (req, res) => {
          try {
            res.json(webhooks.constructEvent(req.body, req.headers['stripe-signature'], 'whsec_x').type)
          } catch (error) {
            res.status(400).json((error as Error).name)
          }
        })
        return app
      },
      async talk(client) {
        const Stripe = load('stripe')
        const payload = JSON.stringify({ object: 'event', type: 'ping' })
        const signature = new (Stripe.default ?? Stripe)('sk_test_x').webhooks.generateTestHeaderString({
          payload,
          secret: 'whsec_x',
        })
        const headers = { 'content-type': 'application/json', 'stripe-signature': signature }
        expect((await client.post('/hook', { headers, body: payload })).json()).toBe('ping')
        expect((await client.post('/hook', { headers, body: `${payload} ` })).status).toBe(400)
      },
    },
  ],
}

/** A page by a template engine that has to be set up by hand. */
function engine(
  name: string,
  extension: string,
  template: string,
  prepare: (app: Any, root: string) => void,
): Middleware {
  return {
    name,
    scenarios: [
      {
        title: 'pages with escaped values and lists',
        build: (express, setup) => {
          const app = express()
          const root = folder(setup, { [`page.${extension}`]: template })
          app.set('views', root).set('view engine', extension)
          prepare(app, root)
          app.get('/', (_req, res) => void res.render('page', { people: ['Ann', '<Bob>'], layout: false }))
          return app
        },
        async talk(client) {
          const { headers, text } = await client.get('/')
          expect(headers['content-type']).toBe('text/html; charset=utf-8')
          expect(text.trim()).toBe('<p>Ann</p><p>&lt;Bob&gt;</p>')
        },
      },
    ],
  }
}

const loop = '{% for one in people %}<p>{{ one | escape }}</p>{% endfor %}'

/** What came to the table later, from all kinds. */
export const more: readonly Middleware[] = [
  expressWinston,
  fileUpload,
  formidable,
  connectRedis,
  flash,
  expressJwt,
  oauthBearer,
  basicAuth,
  promBundle,
  celebrate,
  hpp,
  slowDown,
  apicache,
  sirv,
  serveHandler,
  betterSse,
  i18next,
  stripe,
  engine('nunjucks', 'njk', loop, (app, root) => load('nunjucks').configure(root, { express: app, autoescape: true })),
  engine('liquidjs', 'liquid', loop, (app, root) => {
    const { Liquid } = load('liquidjs')
    app.engine('liquid', new Liquid({ root }).express())
  }),
  engine('express-handlebars', 'handlebars', '{{#each people}}<p>{{this}}</p>{{/each}}', (app) =>
    app.engine('handlebars', load('express-handlebars').engine()),
  ),
]
