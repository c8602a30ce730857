import { AsyncLocalStorage } from 'node:async_hooks'
import { STATUS_CODES } from 'node:http'
import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import realExpress from 'express'
import { describe, expect, test } from 'vitest'
import shimExpress from '../../src/index.ts'
import { type Client, createClient } from './client.ts'
import { type Any, type Express, load } from './scenario.ts'
import { server, type TargetName, targets } from './targets.ts'

type Note = (...values: unknown[]) => void
type Patch = (object: Any, name: string, wrap: (original: Any) => Any) => void
type PatchGetter = (object: Any, name: string, get: () => unknown) => void

interface Tool {
  /** Patches the module as the tool does when the module is loaded. */
  patch?(express: Any, wrap: Patch, note: Note, wrapGetter: PatchGetter): void
  build(express: Any, note: Note): Any
  talk(client: Client): Promise<void>
}

/** What a tool saw with a module: patched first, used, and put back. */
async function observed(tool: Tool, express: Express, target: TargetName | 'express'): Promise<unknown[]> {
  const notes: unknown[] = []
  const note: Note = (...values) => void notes.push(values.length === 1 ? values[0] : values)
  const undo: (() => void)[] = []
  const redefine = (object: Any, name: string, descriptor: PropertyDescriptor): void => {
    const before = Object.getOwnPropertyDescriptor(object, name)
    undo.push(() => (before ? Object.defineProperty(object, name, before) : delete object[name]))
    Object.defineProperty(object, name, { configurable: true, enumerable: true, ...descriptor })
  }
  const wrap: Patch = (object, name, wrapper) =>
    redefine(object, name, { writable: true, value: wrapper(object[name]) })
  try {
    tool.patch?.(express, wrap, note, (object, name, get) => redefine(object, name, { get }))
    const { open, streams } = target === 'express' ? server : targets[target]
    const opened = await open(tool.build(express, note))
    await tool.talk(createClient(opened, streams, notes, []))
    await new Promise((resolve) => setTimeout(resolve, 20))
    await opened.close()
    return notes
  } finally {
    for (const back of undo.reverse()) back()
  }
}

const compared: TargetName[] = ['rest-api', 'http-api', 'function-url-stream', 'alb', 'vpc-lattice', 'node']

function sameFor(name: string, tool: Tool, atLeast: number): void {
  test(name, async () => {
    const expected = await observed(tool, realExpress, 'express')
    expect(expected.length).toBeGreaterThanOrEqual(atLeast)
    for (const target of compared) {
      expect(await observed(tool, shimExpress as Express, target), target).toEqual(expected)
    }
  })
}

const spans = new AsyncLocalStorage<string>()

/** OpenTelemetry's and Sentry's way: each layer's handle is replaced as it is registered, members and all. */
function traceLayer(layer: Any, path: unknown, note: Note): void {
  if (layer.traced) return
  layer.traced = true
  const original = layer.handle
  if (original.length === 4) return
  const traced = function (this: unknown, ...args: Any[]): unknown {
    const [req, res] = args
    const type = layer.name === 'router' ? 'router' : layer.name === 'handle' && layer.route ? 'request' : 'middleware'
    const span = `${spans.getStore() ?? ''}>${layer.name || 'anonymous'}`
    note('start', type, span, String(path), req.route?.path ?? null)
    let isOver = false
    const finished = (): void => note('finish', layer.name, res.statusCode)
    const { 2: next } = args
    args[2] = (...given: unknown[]) => {
      isOver = true
      res.removeListener('finish', finished)
      note('next', layer.name, given[0] instanceof Error ? given[0].message : given[0])
      return next(...given)
    }
    try {
      return spans.run(span, () => original.apply(this, args))
    } finally {
      if (!isOver) res.once('finish', finished)
    }
  }
  for (const key in original) {
    Object.defineProperty(traced, key, {
      get: () => original[key],
      set: (value) => {
        original[key] = value
      },
    })
  }
  layer.handle = traced
}

const lastPath = (args: unknown[]): unknown => (typeof args[0] === 'function' ? undefined : args[0])

function traceRouters(express: Any, wrap: Patch, note: Note): void {
  expect(typeof express.Router.prototype.route).toBe('function')
  for (const name of ['route', 'use']) {
    wrap(
      express.Router.prototype,
      name,
      (original) =>
        function (this: Any, ...args: unknown[]) {
          const result = original.apply(this, args)
          traceLayer(this.stack[this.stack.length - 1], lastPath(args), note)
          return result
        },
    )
  }
  wrap(
    express.application,
    'use',
    (original) =>
      function (this: Any, ...args: unknown[]) {
        const { router } = this
        const result = original.apply(this, args)
        traceLayer(router.stack[router.stack.length - 1], lastPath(args), note)
        return result
      },
  )
}

function shop(express: Any): Any {
  const app = express()
  app.use(express.json())
  app.use(function session(_req: Any, _res: Any, next: Any) {
    next()
  })
  const router = express.Router()
  router.get('/items/:id', function show(req: Any, res: Any, next: Any) {
    if (req.params.id === '0') next('route')
    else res.json({ id: req.params.id, span: spans.getStore() })
  })
  router.get('/items/:id', async function fallback(_req: Any, res: Any) {
    await null
    res.json({ span: spans.getStore() })
  })
  router.post('/items', (req: Any, res: Any) => res.status(201).json(req.body))
  router.get('/fail', () => {
    throw new Error('broken')
  })
  router.get('/reject', async () => {
    await null
    throw new Error('rejected')
  })
  app.use('/shop', router)
  const inner = express()
  inner.get('/', (_req: Any, res: Any) => res.send('inner'))
  app.use('/inner', inner)
  app
    .route('/route')
    .all((_req: Any, _res: Any, next: Any) => next())
    .get((_req: Any, res: Any) => res.send('route'))
  app.use(function failed(error: Any, _req: Any, res: Any, _next: Any) {
    res.status(500).json({ error: error.message })
  })
  return app
}

const paths = ['/shop/items/7', '/shop/items/0', '/shop/fail', '/shop/reject', '/inner', '/route', '/none']

describe('instrumentation that patches the module', () => {
  sameFor(
    'layers, by Router.prototype.route, Router.prototype.use and application.use',
    {
      patch: traceRouters,
      build: (express, note) => {
        const app = shop(express)
        note(app.router.stack.map((layer: Any) => [layer.name, typeof layer.handle.stack]))
        return app
      },
      async talk(client) {
        for (const path of paths) (client.notes as unknown[]).push((await client.get(path)).text)
        await client.post('/shop/items', { json: { a: 1 } })
      },
    },
    40,
  )

  const entries = [
    'handle',
    'use',
    'get',
    'all',
    'route',
    'param',
    'engine',
    'render',
    'listen',
    'init',
    'defaultConfiguration',
  ]

  sameFor(
    'members of express.application, of requests and of responses',
    {
      patch(express, wrap, note) {
        for (const name of entries) {
          wrap(
            express.application,
            name,
            (original) =>
              function (this: Any, ...args: unknown[]) {
                // Settings are read and written where each likes it.
                if (typeof args.at(-1) === 'function') note(name, typeof args[0] === 'string' ? args[0] : args.length)
                return original.apply(this, args)
              },
          )
        }
        for (const name of ['json', 'send', 'status', 'redirect', 'render', 'cookie', 'set', 'type']) {
          wrap(
            express.response,
            name,
            (original) =>
              function (this: Any, ...args: unknown[]) {
                note(`res.${name}`, args.length)
                return original.apply(this, args)
              },
          )
        }
        for (const name of ['get', 'accepts', 'is']) {
          wrap(
            express.request,
            name,
            (original) =>
              function (this: Any, ...args: unknown[]) {
                note(`req.${name}`, args)
                return original.apply(this, args)
              },
          )
        }
        for (const name of ['handle', 'param', 'get', 'post']) {
          wrap(
            express.Router.prototype,
            name,
            (original) =>
              function (this: Any, ...args: unknown[]) {
                note(`router.${name}`, args.length)
                return original.apply(this, args)
              },
          )
        }
        wrap(
          express.Route.prototype,
          'get',
          (original) =>
            function (this: Any, ...args: unknown[]) {
              note('route.get', this.path)
              return original.apply(this, args)
            },
        )
        for (const name of ['json', 'static', 'urlencoded']) {
          wrap(express, name, (original) => (...args: unknown[]) => {
            note(`express.${name}`)
            return original(...args)
          })
        }
      },
      build(express) {
        const app = express()
        app.engine('txt', (_path: string, _options: object, done: Any) => done(null, 'text'))
        app.set('views', import.meta.dirname)
        app.use(express.json(), express.static(import.meta.dirname))
        app.param('id', (_req: Any, _res: Any, next: Any) => next())
        app.get('/json/:id', (req: Any, res: Any) =>
          res.cookie('a', '1').json({ type: req.get('accept'), html: req.accepts('html') }),
        )
        app.get('/away', (_req: Any, res: Any) => res.redirect('/'))
        app.all('/status', (_req: Any, res: Any) => res.status(202).type('text').send(STATUS_CODES[202]))
        app.use(
          '/router',
          express.Router().get('/', (_req: Any, res: Any) => res.send('router')),
        )
        return app
      },
      async talk(client) {
        for (const path of ['/json/1', '/away', '/status', '/router', '/none']) await client.get(path)
      },
    },
    45,
  )

  sameFor(
    'accessors put on express.request and express.response',
    {
      patch(express, wrap, note, wrapGetter) {
        const { get } = Object.getOwnPropertyDescriptor(express.request, 'query')!
        wrapGetter(express.request, 'query', function (this: Any) {
          const query = get!.call(this)
          note('query', query)
          return query
        })
        wrap(express.request, 'user', () => 'by the tool')
        wrap(
          express.response,
          'reply',
          () =>
            function (this: Any, value: unknown) {
              return this.json({ value })
            },
        )
      },
      build(express) {
        const app = express()
        app.get('/', (req: Any, res: Any) => res.reply([req.query.a, req.user]))
        return app
      },
      async talk(client) {
        expect((await client.get('/?a=1')).json()).toEqual({ value: ['1', 'by the tool'] })
      },
    },
    1,
  )
})

describe('instrumentation of each request', () => {
  const captured = (note: Note) => (req: Any, res: Any, next: Any) => {
    const { on } = req
    req.on = new Proxy(on, {
      apply(target, self, [event, listener, ...rest]) {
        if (event !== 'data') return Reflect.apply(target, self, [event, listener, ...rest])
        const copying = (chunk: Buffer): unknown => {
          note('copied', chunk.length)
          return listener.call(self, chunk)
        }
        return Reflect.apply(target, self, [event, copying, ...rest])
      },
    })
    res.on('close', () => note('close', res.writableFinished))
    next()
  }

  sameFor(
    "copies of the body through a wrapped req.on, as Sentry's",
    {
      build(express, note) {
        const app = express()
        app.use(captured(note), express.json(), express.urlencoded(), express.text(), express.raw())
        app.post('/', (req: Any, res: Any) => res.json(req.body))
        return app
      },
      async talk(client) {
        expect((await client.post('/', { json: { a: 'ü' } })).json()).toEqual({ a: 'ü' })
        expect((await client.post('/', { form: { b: '2' } })).json()).toEqual({ b: '2' })
        const text = { body: 'text', headers: { 'content-type': 'text/plain' } }
        expect((await client.post('/', text)).json()).toBe('text')
      },
    },
    6,
  )

  sameFor(
    'chunks of the body seen by a wrapped req.emit',
    {
      build(express, note) {
        const app = express()
        app.use((req: Any, _res: Any, next: Any) => {
          const { emit } = req
          req.emit = function (this: Any, event: string, ...args: Any[]) {
            if (event === 'data') note('chunk', args[0].length)
            if (event === 'end') note('end')
            return emit.call(this, event, ...args)
          }
          next()
        })
        app.use(express.json())
        app.post('/', (req: Any, res: Any) => res.json(req.body))
        return app
      },
      async talk(client) {
        expect((await client.post('/', { json: { a: 'ü' } })).json()).toEqual({ a: 'ü' })
      },
    },
    2,
  )

  sameFor(
    'res.end, res.write and res.writeHead replaced on the response',
    {
      build(express, note) {
        const app = express()
        app.use((_req: Any, res: Any, next: Any) => {
          for (const name of ['writeHead', 'write', 'end', 'json', 'send', 'setHeader']) {
            const original = res[name]
            res[name] = function (this: Any, ...args: unknown[]) {
              if (name !== 'setHeader') note(name, String(args[0]))
              return original.apply(this, args)
            }
          }
          next()
        })
        app.get('/json', (_req: Any, res: Any) => res.json({ a: 1 }))
        app.get('/write', (_req: Any, res: Any) => {
          res.write('a')
          res.end('b')
        })
        app.get('/head', (_req: Any, res: Any) => res.writeHead(201, { 'x-a': '1' }).end())
        app.get('/status', (_req: Any, res: Any) => res.sendStatus(204))
        return app
      },
      async talk(client) {
        for (const path of ['/json', '/write', '/head', '/status', '/none']) await client.get(path)
      },
    },
    12,
  )

  sameFor(
    'the order of events on both messages',
    {
      build(express, note) {
        const app = express()
        app.use((req: Any, res: Any, next: Any) => {
          for (const event of ['end', 'close']) req.on(event, () => note(`req ${event}`))
          for (const event of ['finish', 'close', 'prefinish', 'pipe']) res.on(event, () => note(`res ${event}`))
          next()
        })
        app.use(express.json())
        app.post('/', (req: Any, res: Any) => res.json(req.body))
        return app
      },
      async talk(client) {
        await client.post('/', { json: { a: 1 } })
      },
    },
    5,
  )
})

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

/** All endpoints, found as tools that list or document routes do. */
function endpoints(stack: Any[], base = ''): string[] {
  return stack.flatMap((layer) => {
    if (layer.route) {
      const methods = Object.keys(layer.route.methods).filter((name) => layer.route.methods[name] && name !== '_all')
      const handlers = layer.route.stack.map(({ name, method }: Any) => `${method ?? 'any'} ${name || 'anonymous'}`)
      return [layer.route.path]
        .flat()
        .flatMap((path: unknown) =>
          methods.map((method) => `${method.toUpperCase()} ${base}${path} ${handlers.join(', ')}`),
        )
    }
    const inner = layer.handle.stack ?? layer.handle.router?.stack
    const [found] = [layer.match?.(`/${layer.name}`) && layer.path]
    return inner ? endpoints(inner, `${base}[${layer.name}${found || ''}]`) : [`${base} ${layer.name}`]
  })
}

test('endpoints are found by walking router.stack', () => {
  const walk = (express: Any): string[] => endpoints(shop(express).router.stack)
  expect(walk(shimExpress)).toEqual(walk(realExpress))
  expect(walk(shimExpress)).toContain('GET [router]/items/:id get show')
})
