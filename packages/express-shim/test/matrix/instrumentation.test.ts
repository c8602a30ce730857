import { AsyncLocalStorage } from 'node:async_hooks'
import { STATUS_CODES } from 'node:http'
import realExpress from 'express'
import { describe, expect, test } from 'vitest'
import shimExpress from '../../src/index.ts'
import { type Note, type Patch, sameFor } from './observation.ts'
import type { Any } from './scenario.ts'

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
