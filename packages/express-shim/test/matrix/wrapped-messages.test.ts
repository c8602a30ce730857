import { AsyncLocalStorage } from 'node:async_hooks'
import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import shimExpress from '../../src/index.ts'
import { type Client, createClient } from './client.ts'
import { sameFor } from './observation.ts'
import { type Any, load } from './scenario.ts'
import { targets } from './targets.ts'

describe('what wraps the messages of a request', () => {
  const answers = (express: Any, wrapped: (app: Any) => Any): Any => {
    const app = express()
    app.use(express.json(), load('cookie-parser')(), load('compression')({ threshold: 0 }))
    app.post('/', (req: Any, res: Any) => {
      res
        .cookie('a', '1')
        .status(201)
        .json({ body: req.body, ip: typeof req.ip, type: req.get('content-type') })
    })
    app.get('/', (req: Any, res: Any) => res.send({ query: req.query, host: req.hostname, path: req.path }))
    app.get('/pipe', (_req: Any, res: Any) => void Readable.from(['one ', 'two']).pipe(res))
    const outer = express()
    outer.use(wrapped(app))
    return outer
  }
  const ask = async (client: Client): Promise<void> => {
    const notes = client.notes as unknown[]
    notes.push((await client.post('/', { json: { a: 'ü' } })).text)
    const { text, headers } = await client.get('/?a=1')
    notes.push(text, headers['content-type'], (await client.get('/pipe')).text)
  }

  sameFor(
    'objects that inherit from the request, in a router',
    {
      build: (express) => {
        const router = express.Router()
        router.post('/', express.json(), (req: Any, res: Any) => res.status(201).json({ body: req.body }))
        router.get('/', (req: Any, res: Any) => res.send({ query: req.query, host: req.hostname, path: req.path }))
        router.get('/pipe', (_req: Any, res: Any) => void Readable.from(['one ', 'two']).pipe(res))
        const app = express()
        app.use((req: Any, res: Any, next: Any) => router(Object.create(req), res, next))
        return app
      },
      talk: ask,
    },
    4,
  )

  sameFor(
    'requests made up for an inner application, which the same response answers',
    {
      build(express, note) {
        const inner = express()
        inner.get('/x', (req: Any, res: Any) => {
          note(req.url, req.get('x-a'), req.query, req.method)
          res.set('X-B', '2').json({ fresh: req.fresh })
        })
        const app = express()
        app.get('/made', (req: Any, res: Any) => {
          inner({ method: 'GET', url: '/x?a=1', headers: { 'x-a': '1' }, socket: req.socket }, res)
        })
        app.get('/derived', (req: Any, res: Any) => {
          const { headers, socket } = req
          inner(Object.assign(Object.create(req), { method: 'GET', url: '/x?a=2', headers, socket }), res)
        })
        return app
      },
      async talk(client) {
        const notes = client.notes as unknown[]
        for (const path of ['/made', '/derived']) {
          const { status, text, headers } = await client.get(path, { 'x-a': 'own' })
          notes.push(status, text, headers['x-b'])
        }
      },
    },
    8,
  )

  sameFor(
    'proxies of both',
    {
      build: (express) =>
        answers(express, (app) => (req: Any, res: Any, next: Any) => {
          const bound = (target: Any, name: PropertyKey): unknown => {
            const value = Reflect.get(target, name)
            return typeof value === 'function' && name !== 'constructor' ? value.bind(target) : value
          }
          app(new Proxy(req, { get: bound }), new Proxy(res, { get: bound }), next)
        }),
      talk: ask,
    },
    4,
  )

  sameFor(
    'AsyncLocalStorage through parsers, sessions, uploads and streams',
    {
      build(express, note) {
        const store = new AsyncLocalStorage<string>()
        const multer = load('multer')
        const app = express()
        app.use((req: Any, res: Any, next: Any) => {
          res.on(
            'finish',
            store.run('of the listener', () => AsyncLocalStorage.bind(() => note('finish', store.getStore()))),
          )
          store.run(req.get('x-id'), next)
        })
        app.use(load('express-session')({ secret: 'x', resave: false, saveUninitialized: false }))
        app.use(express.json(), express.urlencoded(), multer({ storage: multer.memoryStorage() }).any())
        app.post('/', async (req: Any, res: Any) => {
          await new Promise((resolve) => setTimeout(resolve, 2))
          res.json({ id: store.getStore(), body: Boolean(req.body) })
        })
        return app
      },
      async talk(client) {
        const notes = client.notes as unknown[]
        const headers = { 'x-id': 'a' }
        notes.push((await client.post('/', { headers, json: { a: 1 } })).json())
        notes.push((await client.post('/', { headers, form: { a: '1' } })).json())
        notes.push((await client.post('/', { headers, parts: [{ name: 'a', value: 'x', filename: 'a.txt' }] })).json())
      },
    },
    6,
  )

  test('an inspected request and response touch nothing and throw nothing', async () => {
    const app: Any = shimExpress()
    app.get('/', (req: Any, res: Any) =>
      res.json([inspect(req, { depth: 1 }).length > 20, inspect(res, { depth: 1 }).length > 20]),
    )
    for (const { open, streams } of Object.values(targets)) {
      const opened = await open(app)
      expect((await createClient(opened, streams, [], []).get('/')).json()).toEqual([true, true])
      await opened.close()
    }
  })
})
