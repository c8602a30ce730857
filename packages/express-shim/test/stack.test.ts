import realExpress from 'express'
import { describe, expect, test } from 'vitest'
import { Router as ShimRouter } from '../src/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: Express's router and ours are driven by members that they share.
type Any = any

const named = (name: string, log: unknown[]) =>
  Object.defineProperty((_req: Any, _res: Any, next: Any) => log.push(name) && next(), 'name', { value: name })

/** The names of the handlers that each request reached. */
async function reached(
  Router: Any,
  change: (router: Any, log: unknown[]) => void,
  urls: string[],
  size: number,
): Promise<unknown[]> {
  const log: unknown[] = []
  const router = Router()
  router.use(named('first', log))
  for (let i = 0; i < size; i++) router.get(`/route/${i}`, named(`route ${i}`, log))
  router.get('/user/:id', named('user', log))
  router.use(named('last', log))
  const ask = async (url: string) => {
    log.push(url)
    await new Promise((resolve) => router.handle({ method: 'GET', url }, {}, resolve))
  }
  for (const url of urls) await ask(url)
  change(router, log)
  for (const url of urls) await ask(url)
  return log
}

const changes: Record<string, (router: Any, log: unknown[]) => void> = {
  nothing: () => {},
  'a push': (router, log) => router.use('/route', named('pushed', log)),
  'the last moved to the front': (router) => router.stack.unshift(router.stack.pop()),
  'one taken out': (router) => router.stack.splice(3, 1),
  'one replaced by another path': (router, log) => {
    router.get('/new', named('new', log))
    router.stack[4] = router.stack.pop()
  },
  'a filtered array': (router) => {
    router.stack = router.stack.filter((_layer: Any, index: number) => index % 2 === 0)
  },
  reversed: (router) => router.stack.reverse(),
  emptied: (router) => {
    router.stack.length = 0
  },
  'a wrapped handle': (router, log) => {
    for (const layer of router.stack) {
      const { handle } = layer
      layer.handle = (req: Any, res: Any, next: Any) => log.push(`around ${layer.name}`) && handle(req, res, next)
    }
  },
  'a match of its own': (router) => {
    const layer = router.stack[2]
    router.stack[2] = Object.assign(Object.create(Object.getPrototypeOf(layer)), layer, {
      match: () => ({ params: {}, path: '', keys: [] }),
      handleRequest: (_req: Any, _res: Any, next: Any) => next(),
    })
  },
  'matchers of its own': (router, log) => {
    router.use('/nowhere', named('nowhere', log))
    router.stack.at(-1).matchers = [(path: string) => path.startsWith('/user') && { params: { own: path }, path: '' }]
    router.stack.unshift(router.stack.pop())
  },
  'a layer of another router': (router, log) => {
    const other = realExpress.Router() as Any
    other.get('/user/:id', named('foreign', log))
    router.stack.splice(1, 0, other.stack[0])
  },
}

describe.each([3, 40])('a stack of %i routes', (size) => {
  test.each(Object.keys(changes))('is honoured after %s', async (name) => {
    const urls = ['/route/1', '/route/2', '/user/7', '/new', '/none']
    const change = changes[name] as (router: Any, log: unknown[]) => void
    expect(await reached(ShimRouter, change, urls, size)).toEqual(await reached(realExpress.Router, change, urls, size))
  })

  test('layers added on the way are reached, and a changed URL leads elsewhere', async () => {
    const run = async (Router: Any) => {
      const log: unknown[] = []
      const router = Router()
      for (let i = 0; i < size; i++) router.get(`/route/${i}`, named(`route ${i}`, log))
      router.use('/start', (req: Any, _res: Any, next: Any) => {
        router.get('/elsewhere', named('added', log))
        req.url = '/elsewhere'
        next()
      })
      for (let i = 0; i < size; i++) router.get(`/later/${i}`, named(`later ${i}`, log))
      router.get(['/elsewhere', '/start'], named('elsewhere', log))
      await new Promise((resolve) => router.handle({ method: 'GET', url: '/start' }, {}, resolve))
      return log
    }
    expect(await run(ShimRouter)).toEqual(await run(realExpress.Router))
  })
})

describe('the shape that tools read', () => {
  const shape = (Router: Any) => {
    const router = Router({ strict: true })
    router.use(function guard() {})
    router.use('/mount', Router())
    router.get('/users/:id', function show() {}, [function list() {}])
    router
      .route(['/a', /b/])
      .all(() => {})
      .post(() => {})
    const layer = (each: Any): unknown => ({
      name: each.name,
      rawPath: each.rawPath,
      slash: each.slash,
      method: each.method,
      matchers: each.matchers.length,
      handle: typeof each.handle,
      route: each.route && {
        path: each.route.path,
        methods: { ...each.route.methods },
        stack: each.route.stack.map(layer),
      },
      nested: each.handle.stack?.map(layer),
      found: Object.keys(each.match('/mount/x') || {})
        .filter((key) => key !== 'keys')
        .sort(),
    })
    return {
      stack: router.stack.map(layer),
      list: router.listRoutes().map((each: Any) => ({ ...each, router: typeof each.router })),
      instance: router instanceof Router,
      type: typeof Router.prototype.route,
      own: Object.keys(router).sort(),
      prototype: Object.keys(Router.prototype).sort(),
      name: router.name,
      length: router.length,
    }
  }

  test('is that of Express', () => expect(shape(ShimRouter)).toEqual(shape(realExpress.Router)))

  test('patched members of the prototype are honoured', () => {
    const { use, route } = ShimRouter.prototype
    const calls: string[] = []
    try {
      ShimRouter.prototype.use = function (this: Any, ...args: unknown[]) {
        calls.push('use')
        return use.apply(this, args)
      } as typeof use
      ShimRouter.prototype.route = function (this: Any, path: unknown) {
        calls.push(`route ${path}`)
        return route.call(this, path)
      }
      const router = ShimRouter()
      router.use(() => {})
      ;(router.get as Any)('/x', () => {})
      expect(calls).toEqual(['use', 'route /x'])
    } finally {
      Object.assign(ShimRouter.prototype, { use, route })
    }
  })
})

test('a request goes on after a hundred synchronous handlers without a deep stack', async () => {
  const run = async (Router: Any) => {
    const log: number[] = []
    const router = Router()
    for (let i = 0; i < 250; i++) router.use((_req: Any, _res: Any, next: Any) => next())
    const route = router.route('/')
    for (let i = 0; i < 250; i++) route.get((_req: Any, _res: Any, next: Any) => next())
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    await new Promise<void>((resolve) => {
      router.use(() => {
        log.push((new Error().stack as string).split('\n').length)
        resolve()
      })
      router.handle({ method: 'GET', url: '/' }, {}, () => {})
    })
    clearInterval(timer)
    return log.length
  }
  expect(await run(ShimRouter)).toBe(await run(realExpress.Router))
})
