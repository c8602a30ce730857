// The routes that a document and `expressway routes` see, under the shim and under real Express 5 and 4.
import { type RouteInfo, routesOf } from '@expressway/core/openapi'
import realExpress from 'express'
// @ts-expect-error: an alias, of which TypeScript has no types.
import express4 from 'express4'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { validate } from '../../src/contract.ts'
import shim from '../../src/index.ts'

type Express = typeof realExpress

const lines = ({ routes }: { routes: readonly RouteInfo[] }): string[] =>
  routes.map(({ method, path, contract, handlers }) =>
    [method ?? 'all', path, ...(contract ? ['contract'] : []), ...handlers].join(' '),
  )

const show = (_req: unknown, res: { end(): unknown }) => void res.end()
const requireUser = (_req: unknown, _res: unknown, next: () => void) => next()

function application(express: Express) {
  const app = express()
  app.use(function log(_req, _res, next) {
    next()
  })
  app.get(['/a', '/b'], show)
  app
    .route('/items/:id')
    .get(requireUser, show)
    .put(validate({ body: z.object({}) }), show)
  const inner = express.Router()
  inner.get('/', show)
  inner.get('/:page', show)
  const users = express.Router()
  users.use('/admin', requireUser)
  users.use(['/pages', '/sheets'], inner)
  users.post('/admin/keys', show)
  app.use('/users/:user', users)
  app.all('/any', show)
  app.get(/^\/x/, show)
  app.use((_error: unknown, _req: unknown, _res: unknown, _next: unknown) => {})
  return app
}

const expected = [
  'get /a log show',
  'get /b log show',
  'get /items/:id log requireUser show',
  'put /items/:id contract log validateContract show',
  'get /users/:user/pages log show',
  'get /users/:user/pages/:page log show',
  'get /users/:user/sheets log show',
  'get /users/:user/sheets/:page log show',
  'post /users/:user/admin/keys log requireUser show',
  'all /any log show',
  'get /^\\/x/ log show',
]

describe.each<[string, Express]>([
  ['the shim', shim as never],
  ['Express 5', realExpress],
])('%s', (_name, express) => {
  test('routes of nested routers, arrays of paths and mount paths', () => {
    const list = routesOf(application(express))
    expect(lines(list)).toEqual(expected)
    expect(list.warnings).toEqual([])
  })

  test('are the same after a request', async () => {
    const app = application(express)
    await new Promise((resolve) => {
      const res = { end: resolve, setHeader() {} }
      app({ url: '/users/7/pages', method: 'GET', headers: {} } as never, res as never, resolve)
    })
    expect(lines(routesOf(app))).toEqual(expected)
  })

  test('what has no path to show is named', () => {
    const app = express().use(/^\/r/, express.Router().get('/x', show))
    expect(routesOf(app)).toEqual({
      routes: [],
      middleware: [],
      warnings: ['a router under /^\\/r/: a regular expression has no path to show; left out'],
    })
  })
})

test('a mounted application: under the shim its routes, in Express a warning', () => {
  const mounted = (express: Express) =>
    routesOf(express().use(['/v1', '/v2'], express().use('/deep', express().get('/x', show))))
  expect(lines(mounted(shim as never))).toEqual(['get /v1/deep/x show', 'get /v2/deep/x show'])
  expect(mounted(realExpress)).toEqual({
    routes: [],
    middleware: [],
    warnings: [expect.stringContaining('an application that is mounted in another hides its routes in Express')],
  })
})

test('Express 4 does not keep mount paths', () => {
  const inner = express4.Router().get('/x', show as never)
  const app = express4()
    .get('/a', show as never)
    .use(inner)
    .use('/under', inner)
  const list = routesOf(app)
  expect(list.routes.map(({ path }) => path)).toEqual(['/a', '/x'])
  expect(list.warnings).toEqual([expect.stringContaining('under a path that Express before 5.3 does not keep')])
  expect(routesOf(express4())).toEqual({ routes: [], middleware: [], warnings: [] })
})
