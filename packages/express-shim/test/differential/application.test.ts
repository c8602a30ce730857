import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import realExpress from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import shimExpress from '../../src/index.ts'
import { type Express, same } from './harness.ts'

// biome-ignore lint/suspicious/noExplicitAny: what is no part of Express's types is compared too.
type Any = any

const shim = shimExpress as Express

/** What a function gives or throws, in a form that can be compared. */
function outcome(run: () => unknown): unknown {
  try {
    const value = run()
    return { value: typeof value === 'function' ? `function ${value.length}` : value }
  } catch (error) {
    return { thrown: `${(error as Error).name}: ${(error as Error).message.split('\n')[0]}` }
  }
}

const bothSay = (run: (express: Any) => unknown) =>
  expect(outcome(() => run(shim))).toEqual(outcome(() => run(realExpress)))

describe('the module', () => {
  test('has the members of Express', () => {
    const members = (express: Any) => Object.keys(express).sort()
    expect(members(shim)).toEqual(members(realExpress))
    for (const name of members(realExpress))
      expect([name, typeof (shim as Any)[name]]).toEqual([name, typeof (realExpress as Any)[name]])
  })

  test.each(['request', 'response'])('what enumerates express.%s finds the members of Express', (name) => {
    const members = (express: Any) => Object.keys(express[name]).sort()
    expect(members(shim)).toEqual(members(realExpress))
  })

  test('its Router has the members of Express', () => {
    expect(Object.keys(shim.Router)).toEqual(Object.keys(realExpress.Router))
    bothSay((express) => express.Router.Route === express.Route)
  })

  test('an application has the members of Express, and a Lambda handler', () => {
    const members = (app: Any) => Object.getOwnPropertyNames(app).sort()
    const added = ['handler', 'streamHandler', 'arguments', 'caller']
    const theirs = members(realExpress())
    const ours = members(shim())
    expect(theirs.filter((name) => !ours.includes(name))).toEqual([])
    expect(ours.filter((name) => !theirs.includes(name) && !added.includes(name))).toEqual([])
    expect(Object.keys(realExpress()).filter((name) => !Object.keys(shim()).includes(name))).toEqual([])
  })

  test('application.* has the members of Express', () => {
    const theirs = Object.keys(realExpress.application)
    expect(theirs.filter((name) => !(name in shim.application))).toEqual([])
  })

  test('app is a function of (req, res, next)', () => bothSay((express) => express().length))
})

describe('registration errors are those of Express', () => {
  const faults: Record<string, (express: Any) => unknown> = {
    'use nothing': (express) => express().use(),
    'use an empty array': (express) => express().use([]),
    'use a path alone': (express) => express().use('/x'),
    'use a string': (express) => express().use('/x', 'y'),
    'use null': (express) => express().use('/x', null),
    'use undefined': (express) => express().use(undefined),
    'use an object': (express) => express().use({}),
    'use a number': (express) => express().use('/x', 7),
    'router.use nothing': (express) => express.Router().use(),
    'router.use a path alone': (express) => express.Router().use('/x'),
    'router.use null': (express) => express.Router().use('/x', null),
    'get a path without handler': (express) => express().get('/x', []),
    'get undefined': (express) => express().get('/x', undefined),
    'get a string': (express) => express().get('/x', 'handler'),
    'post nothing': (express) => express().post('/x'),
    'all nothing': (express) => express().all('/x'),
    'all null': (express) => express().all('/x', null),
    'route.get nothing': (express) => express().route('/x').get(),
    'route.all a number': (express) => express().route('/x').all(3),
    'route.get nested arrays': (express) =>
      express()
        .route('/x')
        .get([[() => {}], [[() => {}]]]).stack.length,
    'param without a name': (express) => express().param(),
    'param with a number': (express) => express().param(7, () => {}),
    'param without a function': (express) => express().param('id'),
    'param with a string': (express) => express().param('id', 'x'),
    'param with a function alone': (express) => express().param(() => {}),
    'router.param with names': (express) => express.Router().param(['a', 'b'], () => {}),
    'engine without a function': (express) => express().engine('x'),
    'engine with a string': (express) => express().engine('x', 'y'),
    'etag of no kind': (express) => express().set('etag', 'strange'),
    'etag of nothing': (express) => express().set('etag', undefined),
    'query parser of no kind': (express) => express().set('query parser', 7),
    'trust proxy of no address': (express) => express().set('trust proxy', 'loopback, nonsense'),
    'trust proxy of an object': (express) => express().set('trust proxy', {}),
    'trust proxy with a range too wide': (express) => express().set('trust proxy', '10.0.0.0/40'),
    'handle without a callback': (express) => express.Router().handle({}, {}),
    'a Router with and without new': (express) => [
      new express.Router() instanceof express.Router,
      express.Router() instanceof express.Router,
    ],
    'a path of undefined': (express) => express().get(undefined, () => {}) && 1,
    'a path of null': (express) => express().use(null, () => {}) && 1,
    'a path of a number': (express) => express().get(7, () => {}) && 1,
    'an array with undefined': (express) => express().get(['/a', undefined], () => {}) && 1,
    'an empty array of paths': (express) => express().get([], () => {}) && 1,
  }
  for (const path of [
    '/*',
    '*',
    '/:',
    '/a?',
    '/(x)',
    '/a+',
    '/[x]',
    '/!',
    '/{a',
    '/a}',
    '/:a:b',
    '/*a*b',
    '/:"x',
    '/\\',
    '/{:a}:b',
    '/:a?',
    '/a(.*)',
    '{'.repeat(9),
    '/{a}'.repeat(9),
  ]) {
    faults[`get ${path}`] = (express) => express().get(path, () => {}) && 'taken'
    faults[`use ${path}`] = (express) => express().use(path, () => {}) && 'taken'
    faults[`strict ${path}`] = (express) => express.Router({ strict: true }).get(path, () => {}) && 'taken'
  }

  test.each(Object.keys(faults))('%s', (name) => bothSay(faults[name] as (express: Any) => unknown))
})

describe('settings', () => {
  const names = [
    'x-powered-by',
    'etag',
    'env',
    'query parser',
    'subdomain offset',
    'trust proxy',
    'views',
    'jsonp callback name',
    'view cache',
    'case sensitive routing',
    'strict routing',
    'json escape',
    'json replacer',
    'json spaces',
    'view engine',
    'nothing of the kind',
  ]

  test.each(['test', 'production', ''])('have the defaults of Express with NODE_ENV=%j', (env) => {
    const before = process.env.NODE_ENV
    process.env.NODE_ENV = env
    try {
      bothSay((express) => {
        const app = express()
        return [
          names.map((name) => app.get(name)),
          Object.keys(app.settings).sort(),
          app.mountpath,
          app.path(),
          Object.keys(app.locals),
        ]
      })
    } finally {
      process.env.NODE_ENV = before
    }
  })

  test('are set, read, enabled and disabled', () =>
    bothSay((express) => {
      const app = express()
      const chained = app.set('a', 1) === app && app.enable('b') === app && app.disable('c') === app
      app.set('d', undefined)
      return [
        chained,
        app.get('a'),
        app.set('a'),
        app.enabled('b'),
        app.disabled('b'),
        app.enabled('c'),
        app.disabled('c'),
        'd' in app.settings,
        app.get('d'),
        app.locals.settings === app.settings,
      ]
    }))

  test('compile etag, query parser and trust proxy', () =>
    bothSay((express) => {
      const app = express()
      const etag = (value: unknown) => app.set('etag', value).get('etag fn')?.('body', 'utf8')
      const query = (value: unknown) => app.set('query parser', value).get('query parser fn')?.('a[b]=1&c=2&c=3&a.b=4')
      const trust = (value: unknown) =>
        ['127.0.0.1', '10.1.1.1', '8.8.8.8'].map((each, hop) =>
          app.set('trust proxy', value).get('trust proxy fn')(each, hop),
        )
      return [
        [true, 'weak', 'strong', false, (body: string) => `own ${body}`].map(etag),
        [true, 'simple', 'extended', false, (text: string) => ({ text })].map(query),
        [true, false, 0, 1, 2, 'loopback', 'loopback, uniquelocal', ['10.0.0.0/8'], undefined, () => true].map(trust),
      ]
    }))

  test('are inherited by a mounted application, trust proxy unless it set its own', () =>
    bothSay((express) => {
      const parent = express()
      const child = express()
      const own = express()
      const events: unknown[] = []
      parent
        .set('trust proxy', 2)
        .set('title', 'parent')
        .set('shared', 1)
        .engine('x', () => {})
      own.set('trust proxy', 1).set('title', 'own')
      child.on('mount', (mounting: Any) => events.push(mounting === parent))
      parent.use('/child', child)
      parent.use(['/own', '/other'], own)
      const grand = express()
      child.use('/grand', grand)
      parent.set('late', 'yes')
      child.set('shared', 2)
      return [
        events,
        [parent, child, own, grand].map((app) => [
          app.get('trust proxy'),
          app.get('trust proxy fn')('8.8.8.8', 1),
          app.get('title'),
          app.get('shared'),
          app.get('late'),
          app.mountpath,
          app.path(),
          typeof app.engines['.x'],
        ]),
        child.parent === parent,
        Object.getPrototypeOf(child.request) === parent.request,
        Object.getPrototypeOf(child.response) === parent.response,
        grand.request.app === grand,
      ]
    }))

  test('the router is made when it is first read, with the settings of then', () =>
    bothSay((express) => {
      const app = express()
      app.enable('case sensitive routing')
      const { router } = app
      app.enable('strict routing')
      return [
        router === app.router,
        router.caseSensitive,
        router.strict,
        router.mergeParams,
        router.stack.length,
        Object.getOwnPropertyDescriptor(app, 'router')?.enumerable,
      ]
    }))
})

describe('mounted applications', () => {
  test('req.app, res.app and the prototypes are those of the application that runs', () =>
    same(
      (express, note) => {
        const app = express() as Any
        const child = express() as Any
        const grand = express() as Any
        for (const [name, each] of Object.entries({ app, child, grand })) each.set('name', name)
        child.request.speak = () => 'child speaks'
        grand.response.shout = () => 'grand shouts'
        const look = (req: Any, res: Any, next: Any) => {
          note(
            req.app.get('name'),
            res.app.get('name'),
            req.baseUrl,
            req.url,
            req.speak?.(),
            res.shout?.(),
            req.res === res,
            res.req === req,
            req.app === res.app,
          )
          next()
        }
        app.use(look)
        child.use(look)
        grand.use(look)
        child.use('/grand', grand)
        child.use(look)
        app.use('/child', child)
        app.use(look)
        grand.get('/fail', () => {
          throw new Error('deep')
        })
        app.use((error: Error, req: Any, res: Any, _next: Any) => {
          note(req.app.get('name'), res.app.get('name'), error.message, req.url, req.baseUrl)
          res.status(500).send('caught')
        })
        return app
      },
      ['/', '/child', '/child/x?y=1', '/child/grand', '/child/grand/deep/er', '/child/grand/fail', '/other'].map(
        (path) => ({ path }),
      ),
    ))

  test('the settings that answer are those of the application that runs', () =>
    same(
      (express) => {
        const app = express()
        const child = express()
        const quiet = express()
        quiet.disable('x-powered-by').disable('etag').set('json spaces', 2)
        child.set('etag', 'strong')
        child.get('/', (_req, res) => void res.send('child'))
        quiet.get('/', (_req, res) => void res.json({ a: 1 }))
        app.use('/child', child)
        app.use('/quiet', quiet)
        app.get('/', (_req, res) => void res.json({ a: 1 }))
        return app
      },
      ['/', '/child', '/quiet', '/quiet/none'].map((path) => ({ path })),
    ))

  test('an application called as a handler, and one with a pattern for its path', () =>
    same(
      (express, note) => {
        const app = express()
        const child = express()
        child.get('/x', (req, res) => {
          note(req.baseUrl, req.url, req.params, (req.app as Any) === child)
          res.send('x')
        })
        app.use('/called', (req, res, next) => child(req, res, next))
        app.use('/tenants/:tenant', child)
        app.use(['/one', '/two{/:maybe}'], child)
        app.use((req, res) => void res.status(404).send(`${req.originalUrl} ${(req.app as Any) === app}`))
        return app
      },
      ['/called/x', '/tenants/7/x', '/one/x', '/two/x', '/two/y/x', '/called/none', '/one/none'].map((path) => ({
        path,
      })),
    ))

  test('a real Express application inside, and the shim inside a real one', async () => {
    const sent = ['/in', '/in/x', '/in/fail', '/x', '/none'].map((path) => ({ path }))
    const build = (outer: Express, inner: Express) => {
      const app = outer()
      const child = inner()
      child.get(
        '/x',
        (req, res) => void res.set('x-base', req.baseUrl).json({ url: req.url, query: req.query, ip: typeof req.ip }),
      )
      child.get('/fail', () => {
        throw Object.assign(new Error('inside'), { status: 409 })
      })
      app.use('/in', child)
      app.get('/x', (_req, res) => void res.send('outer'))
      return app
    }
    await same((express) => build(express, realExpress), sent)
    await same((express) => build(realExpress, express), sent, { only: [] })
  })
})

describe('handlers', () => {
  test('params: once for each value, changed, failed, skipped', () =>
    same(
      (express, note) => {
        const app = express()
        app.param('id', (req, _res, next, value, name) => {
          note('param', value, name, { ...req.params })
          if (value === 'bad') return next(Object.assign(new Error('bad id'), { status: 400 }))
          if (value === 'skip') return next('route')
          req.params.id = `${value}!`
          next()
        })
        app.param(['a', 'b'], async (_req, _res, next, value, name) => {
          await null
          note(name, value)
          next()
        })
        app.get('/users/:id', (req, _res, next) => {
          note('first', req.params)
          next()
        })
        app.get('/users/:id', (req, res) => void res.json(req.params))
        app.get('/:a/:b/:id', (req, res) => void res.json(req.params))
        app.get('/users/:other', (_req, res) => void res.send('other'))
        return app
      },
      ['/users/7', '/users/bad', '/users/skip', '/1/2/3', '/1/2/bad'].map((path) => ({ path })),
    ))

  test('params that a callback replaces as a whole are those of the next callback, and of the handler', () =>
    same(
      (express, note) => {
        const app = express()
        app.param('a', (req, _res, next, value) => {
          note('a', value)
          req.params = { a: 'new a', b: 'new b' }
          next()
        })
        app.param('a', (req, _res, next, value) => {
          note('a again', value, req.params)
          next()
        })
        app.param('b', (_req, _res, next, value) => {
          note('b', value)
          next()
        })
        app.use('/:a{/:b}', (req, _res, next) => {
          note(req.params)
          next()
        })
        app.get('/:a/:b', (req, res) => void res.json(req.params))
        return app
      },
      ['/1', '/1/2'].map((path) => ({ path })),
    ))

  test('locals that were replaced stay so', () =>
    same((express, note) => {
      const app = express()
      app.use((_req, res) => {
        for (const value of [null, 0, { a: 1 }]) {
          res.locals = value as Any
          note(res.locals)
        }
        res.end()
      })
      return app
    }, {}))

  test('locals of the application and of the response', () =>
    same(
      (express, note) => {
        const app = express()
        app.locals.title = 'T'
        app.use((req, res, next) => {
          note(Object.getPrototypeOf(res.locals), Object.getPrototypeOf(app.locals), (req.app as Any).locals.title)
          res.locals.user = 'u'
          next()
        })
        app.use(express.Router().get('/', (_req, res) => void res.json({ locals: res.locals })))
        return app
      },
      { path: '/' },
    ))

  test("locals are each response's own, whatever an application makes of them or reads of the prototype", () =>
    same(
      (express, note) => {
        const app = express() as Any
        const child = express() as Any
        note(typeof (express.response as Any).locals, typeof app.response.locals)
        app.use((req: Any, res: Any, next: Any) => {
          note(Object.hasOwn(res, 'locals'), res.locals)
          res.locals.seen = req.url
          if (req.query.set) res.locals = JSON.parse(req.query.set)
          next()
        })
        app.use((_req: Any, res: Any, next: Any) => {
          note(res.locals)
          next()
        })
        child.use((_req: Any, res: Any) => {
          note(res.locals)
          res.json(Object.keys(res).includes('locals'))
        })
        return app.use(child)
      },
      ['/', '/?set=null', '/?set=0', '/?set={"a":1}', '/last'].map((path) => ({ path })),
    ))

  test('patched prototypes of the module and of the application', () => {
    const patch = (express: Any, run: () => unknown) => {
      express.request.fromModule = () => 'request'
      express.response.fromModule = function (this: Any) {
        return `${this.statusCode} response`
      }
      return run()
    }
    return same(
      (express, note) =>
        patch(express, () => {
          const app = express() as Any
          app.request.own = () => 'own'
          app.response.own = () => 'own too'
          app.get('/', (req: Any, res: Any) => {
            note(req.fromModule(), res.fromModule(), req.own(), res.own(), Object.getPrototypeOf(req) === app.request)
            res.send('ok')
          })
          return app
        }),
      { path: '/' },
    )
  })

  test('the messages have the class names of Node, which loggers print', () =>
    same(
      (express, note) => {
        const app = express()
        const child = express()
        child.use((req, res) => {
          note(req.constructor.name, res.constructor.name)
          res.send('ok')
        })
        app.use('/child', child)
        app.use((req, res) => {
          note(req.constructor.name, res.constructor.name)
          res.send('ok')
        })
        return app
      },
      [{ path: '/' }, { path: '/child' }],
    ))

  test('a replaced app.request', () =>
    same(
      (express, note) => {
        const app = express() as Any
        app.request = Object.create(app.request, { extra: { value: 'extra' } })
        app.get('/', (req: Any, res: Any) => {
          note(req.extra, req.path, req.get('host'))
          res.send('ok')
        })
        return app
      },
      { path: '/' },
    ))

  test('patched members of an application and of its router', () =>
    same(
      (express, note) => {
        const app = express() as Any
        const { handle } = app
        app.handle = function (this: Any, req: Any, res: Any, next: Any) {
          note('handle', req.url)
          return handle.call(this, req, res, next)
        }
        app.get('/', function hello(_req: Any, res: Any) {
          res.send('hi')
        })
        const layer = app.router.stack.at(-1).route.stack[0]
        const inner = layer.handle
        layer.handle = function patched(req: Any, res: Any, next: Any) {
          note('before', layer.name)
          return inner(req, res, next)
        }
        return app
      },
      [{ path: '/' }, { path: '/none' }],
    ))
})

describe('views', () => {
  let root = ''
  beforeAll(() => {
    // Where the packages of the engines are found, as an application's templates are.
    root = mkdtempSync(join(import.meta.dirname, '.views-'))
    mkdirSync(join(root, 'a', 'folder'), { recursive: true })
    mkdirSync(join(root, 'b'))
    writeFileSync(join(root, 'a', 'page.tpl'), 'page of a: {name}')
    writeFileSync(join(root, 'b', 'page.tpl'), 'page of b: {name}')
    writeFileSync(join(root, 'b', 'only.tpl'), 'only b: {name} {title}')
    writeFileSync(join(root, 'a', 'folder', 'index.tpl'), 'index: {name}')
    writeFileSync(join(root, 'a', 'real.ejs'), '<b><%= name %></b>')
  })
  afterAll(() => rmSync(root, { recursive: true }))

  test('are found, rendered and cached as Express does', () =>
    same(
      (express) => {
        const app = express() as Any
        const { readFileSync } = process.getBuiltinModule('node:fs')
        app.engine('tpl', (path: string, options: Any, callback: Any) => {
          if (options.fail === 'throw') throw new Error('thrown by the engine')
          if (options.fail) return callback(new Error('failed by the engine'))
          const text = readFileSync(path, 'utf8').replace(/\{(\w+)\}/g, (_: string, key: string) =>
            String(options[key]),
          )
          callback(null, text)
        })
        app.set('views', [join(root, 'a'), join(root, 'b')])
        app.set('view engine', 'tpl')
        app.locals.title = 'Title'
        app.get('/cached', (_req: Any, res: Any) =>
          res.render('page', { cache: true, name: Object.keys(app.cache).join() }),
        )
        app.get('/absolute', (_req: Any, res: Any) => res.render(join(root, 'b', 'page'), { name: 'n' }))
        app.get('/callback', (_req: Any, res: Any) =>
          res.render('page', { name: 'n' }, (error: Any, html: string) => res.send(`${error} ${html}`)),
        )
        app.get('/app', (_req: Any, res: Any) =>
          app.render('page', (error: Any, html: string) => res.send(`${error} ${html}`)),
        )
        app.get('/:view', (req: Any, res: Any) => {
          res.locals.name = 'from locals'
          res.render(req.params.view, req.query)
        })
        return app
      },
      [
        '/page',
        '/page.tpl?name=q',
        '/only',
        '/folder',
        '/none',
        '/page.none',
        '/real.ejs?name=e',
        '/page?fail=1',
        '/page?fail=throw',
        '/cached',
        '/cached',
        '/absolute',
        '/callback',
        '/app',
      ].map((path) => ({ path })),
      { env: 'production' },
    ))

  test('say what is missing as Express does', () => {
    for (const [views, engine] of [
      [root, 'tpl'],
      [[root, '/elsewhere', '/third'], '.tpl'],
      [[root], 'nonexistent-engine'],
      [[], 'tpl'],
      [root, undefined],
      [root, 'node:path'],
    ] as const) {
      bothSay((express) => {
        const app = express()
        app.engine('tpl', () => {})
        app.set('views', views).set('view engine', engine)
        let found: Any
        app.render('missing', (error: Any) => {
          found = [error.name, error.message, error.view?.name, error.view?.root]
        })
        return found
      })
    }
  })

  test('that are in the cache are rendered whatever they are', () =>
    bothSay((express) => {
      const app = express()
      const rendered: unknown[] = []
      const keep = (error: Any, html: string) => rendered.push(error?.message, html)
      app.cache.kept = { render: (_options: unknown, callback: Any) => callback(null, 'from the cache') }
      app.cache['emptied.tpl'] = 0
      app.set('views', root).engine('tpl', () => {})
      app.render('kept', { cache: true }, keep)
      app.render('emptied.tpl', { cache: true }, (error: Any) => keep(error, error.view?.ext))
      return rendered
    }))

  test('that a class of their own does not find are named as they were asked for', () =>
    bothSay((express) =>
      [undefined, 'one', ['one'], ['one', 'two', 'three'], []].map((folders) => {
        const app = express()
        let message = ''
        app.set(
          'view',
          class {
            root = folders
          },
        )
        app.render('missing', (error: Error) => {
          message = error.message
        })
        return message
      }),
    ))

  test('are made without options too', () =>
    bothSay((express) => {
      const View = express().get('view')
      return new View('page')
    }))

  test('by a view class of their own', () =>
    bothSay((express) => {
      const app = express()
      let rendered: unknown
      class Own {
        path: string
        constructor(name: string, options: Any) {
          this.path = `own ${name} ${Object.keys(options)}`
        }
        render(options: Any, callback: Any) {
          callback(null, `${this.path} ${options.x}`)
        }
      }
      app.set('view', Own)
      app.render('name', { x: 1 }, (_error: unknown, html: string) => {
        rendered = html
      })
      return rendered
    }))
})

test('fields with the names of members that every object has', () =>
  same(
    (express, note) => {
      const app = express()
      app.get('/', (req, res) => {
        note(req.get('constructor'), req.get('hasOwnProperty'))
        res.set('constructor', 'a').set('__proto__', 'b').append('valueOf', 'c').append('valueOf', 'd').send('x')
      })
      return app
    },
    { headers: { constructor: 'e', hasOwnProperty: 'f' } },
  ))

test('a request that was made up for an inner application is conditional by its own fields', () =>
  same((express) => {
    const inner = express()
    inner.get('/', (_req, res) => void res.send('x'))
    const app = express()
    app.get('/', (_req, res, next) => {
      inner({ method: 'GET', url: '/', headers: { 'if-none-match': '*' } } as never, res, next)
    })
    return app
  }, {}))
