import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import request from '@expressway/testing'
import express, { type IRouter } from 'express'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createApp, createRouter, type Router, UnauthorizedError } from '../src/index.ts'

describe('the guard of a mounted router', () => {
  const guarded = () => {
    const app = createApp({ cors: true })
    app.get('/admin/before', () => 'before')
    const admin = createRouter()
    admin.use(() => {
      throw new UnauthorizedError()
    })
    admin.get('/users', () => 'users')
    app.use('/admin', admin)
    app.get('/admin/report', () => 'report').put('/admin/report', () => 'put')
    app.get('/administrator', () => 'other')
    const second = createRouter()
    second.get('/second', () => 'second')
    app.use('/admin', second)
    return app
  }

  it.each([
    ['its own route', '/admin/users', 401],
    ['a route of the application that is registered later', '/admin/report', 401],
    ['a route of another router under the same path', '/admin/second', 401],
    ['a path that no route matches', '/admin/none', 401],
    ['a route that was registered before', '/admin/before', 200],
    ['a path that only begins alike', '/administrator', 200],
  ])('holds for %s: %s gives %i', async (_name, path, status) => {
    await request(guarded()).get(path).expect(status)
  })

  it('holds for 405, and lets a preflight through, which carries no credentials', async () => {
    await request(guarded()).delete('/admin/report').expect(401)
    const preflight = request(guarded()).options('/admin/report').set('Origin', 'https://a.example')
    await preflight.set('Access-Control-Request-Method', 'PUT').expect(204)
    await request(guarded()).options('/admin/report').expect(401)
  })
})

type Node =
  | { kind: 'middleware' | 'guard'; path: string | undefined; id: number }
  | { kind: 'route'; method: 'get' | 'post' | 'all'; path: string; id: number }
  | { kind: 'router'; prefix: string | undefined; children: Node[] }

const path = fc.constantFrom('/', '/a', '/b', '/a/b', '/:p', '/a/:p', '/*rest')
const prefix = fc.constantFrom(undefined, '/a', '/b', '/:q', '/a/b')
const id = fc.nat()
const leaf: fc.Arbitrary<Node> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('middleware' as const), path: fc.option(path, { nil: undefined }), id }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('guard' as const), path, id }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('route' as const),
      method: fc.constantFrom('get', 'post', 'all'),
      path,
      id,
    }),
  },
)
const { forest } = fc.letrec<{ node: Node; forest: Node[] }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constant('router' as const), prefix, children: tie('forest') }),
  ),
  forest: fc.array(tie('node'), { maxLength: 6 }),
}))

// Not OPTIONS, which Express answers in the router of the route, and core behind all middleware.
const methods = ['GET', 'POST', 'DELETE']
const paths = ['/', '/a', '/a/', '/b', '/a/b', '/a/b/a', '/b/a', '/c/a']

function fillExpress(router: IRouter, nodes: readonly Node[], log: number[]): void {
  for (const node of nodes) {
    if (node.kind === 'router') {
      const nested = express.Router()
      fillExpress(nested, node.children, log)
      router.use(node.prefix ?? '/', nested)
    } else if (node.kind === 'route') {
      router[node.method](node.path, (_req, res) => {
        log.push(node.id)
        res.end()
      })
    } else {
      router.use(node.path ?? '/', (_req, res, next) => {
        log.push(node.id)
        if (node.kind === 'guard') res.status(401).end()
        else next()
      })
    }
  }
}

function fillCore(router: Router, nodes: readonly Node[], log: number[]): void {
  for (const node of nodes) {
    if (node.kind === 'router') {
      const nested = createRouter()
      fillCore(nested, node.children, log)
      node.prefix === undefined ? router.use(nested) : router.use(node.prefix, nested)
    } else if (node.kind === 'route') {
      router[node.method](node.path, (_req, res) => {
        log.push(node.id)
        res.status(200)
      })
    } else {
      router.use(node.path ?? '/', (_req, res, next) => {
        log.push(node.id)
        return node.kind === 'guard' ? void res.status(401) : next()
      })
    }
  }
}

/** What each request ran in Express, over a real server. */
async function runExpress(nodes: readonly Node[]): Promise<string[]> {
  const log: number[] = []
  const app = express()
  fillExpress(app, nodes, log)
  const server: Server = await new Promise((resolve) => {
    const started = createServer(app).listen(0, '127.0.0.1', () => resolve(started))
  })
  try {
    const { port } = server.address() as AddressInfo
    const runs: string[] = []
    for (const method of methods)
      for (const path of paths) {
        log.length = 0
        await (await fetch(`http://127.0.0.1:${port}${path}`, { method })).arrayBuffer()
        runs.push(`${method} ${path}: ${log}`)
      }
    return runs
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function runCore(nodes: readonly Node[]): Promise<string[]> {
  const log: number[] = []
  const app = createApp()
  fillCore(app, nodes, log)
  const runs: string[] = []
  for (const httpMethod of methods)
    for (const path of paths) {
      log.length = 0
      await app.handler({ httpMethod, path, headers: {} }, {})
      runs.push(`${httpMethod} ${path}: ${log}`)
    }
  return runs
}

it('a tree of routers, middleware and routes runs what Express runs, in the same order', async () => {
  await fc.assert(
    fc.asyncProperty(forest, async (nodes) => {
      expect(await runCore(nodes)).toEqual(await runExpress(nodes))
    }),
    { numRuns: 60 },
  )
}, 60_000)

describe('a RegExp in a mounted router is refused at its registration', () => {
  it.each([
    [
      'a route, then the mount',
      () =>
        createApp().use(
          '/api',
          createRouter().get(/x/, () => 'x'),
        ),
    ],
    [
      'middleware, then the mount',
      () =>
        createApp().use(
          '/api',
          createRouter().use(/x/, (_req, _res, next) => next()),
        ),
    ],
    [
      'a route in a list of paths',
      () =>
        createApp().use(
          '/api',
          createRouter().get(['/y', /x/], () => 'x'),
        ),
    ],
    [
      'the mount, then a route',
      () => {
        const router = createRouter()
        createApp().use('/api', router)
        router.get(/x/, () => 'x')
      },
    ],
    ['a router in it', () => createApp().use('/api', createRouter().use(createRouter().get(/x/, () => 'x')))],
    [
      'a router that is mounted into it later',
      () => {
        const router = createRouter()
        createApp().use('/api', router)
        router.use(createRouter().get(/x/, () => 'x'))
      },
    ],
  ])('%s', (_name, register) =>
    expect(register).toThrow(/\/x\/ cannot be used in a router that is mounted under a path/),
  )

  it('a router that is mounted without a path has its regular expressions', async () => {
    const app = createApp().use(createRouter().get(/^\/x+$/, () => 'x'))
    await request(app).get('/xxx').expect(200, 'x')
  })
})

it('a malformed escape in a parameter of middleware is 400, and nothing is logged', async () => {
  const errors: unknown[] = []
  const app = createApp({ logger: { error: (...args) => errors.push(args) } })
  app.use('/users/:id', (_req, _res, next) => next())
  app.get('/users/*rest', () => 'x')
  for (const path of ['/users/%zz', '/users/%zz/none', '/users/a%E0%A4%A']) {
    const event = { requestContext: { elb: {} }, httpMethod: 'GET', path, headers: {} }
    expect(await app.handler(event, {})).toMatchObject({ statusCode: 400 })
  }
  expect(errors).toEqual([])
})
