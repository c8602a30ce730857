// Trees of routers, middleware, parameters and error handlers: what runs, in which order and with which view of the request.
import { strict as assert } from 'node:assert'
import { createApp, createRouter, type LambdaHandler, type Router } from '@expressway/core'
import shim from '@expressway/express-shim'
import { toLambdaHandler } from '@expressway/express-shim/listener'
import express from 'express'
import fc from 'fast-check'
import { type Property, property } from './property.ts'

// biome-ignore lint/suspicious/noExplicitAny: routers are driven by the names of their methods, in Express and the shim alike.
type Any = any

type Act = 'next' | 'later' | 'answer' | 'route' | 'router' | 'error' | 'throw' | 'reject' | 'rewrite'
type Node =
  | { kind: 'use'; path: string | null; acts: Act[] }
  | { kind: 'catch'; path: string | null; act: Act }
  | { kind: 'route'; method: string; path: string; acts: Act[] }
  | { kind: 'param'; name: string; act: Act }
  | { kind: 'mount'; path: string | null; as: 'router' | 'merging router' | 'application'; nodes: Node[] }
interface Tree {
  readonly nodes: Node[]
  readonly requests: { method: string; path: string }[]
}

const acts = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Act>('next') },
  {
    weight: 7,
    arbitrary: fc.constantFrom<Act>('later', 'answer', 'route', 'router', 'error', 'throw', 'reject', 'rewrite'),
  },
)
const segments = fc.constantFrom('a', 'b', ':id', ':id', ':name', '*rest', ':file.:ext', '%41')
const plain = fc.array(segments, { maxLength: 3 }).map((parts) => `/${parts.join('/')}`)
const pattern = fc.oneof({ weight: 6, arbitrary: plain }, fc.constantFrom('/a{/:id}', '/{a/}b', '{/*rest}', '/a/'))
const anywhere = fc.option(pattern, { nil: null })
const some = fc.array(acts, { minLength: 1, maxLength: 3 })
const { nodes } = fc.letrec<{ node: Node; nodes: Node[] }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('use' as const), path: anywhere, acts: some }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('catch' as const), path: anywhere, act: acts }) },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('route' as const),
        method: fc.constantFrom('get', 'get', 'post', 'all', 'head'),
        path: pattern,
        acts: some,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('param' as const), name: fc.constantFrom('id', 'name'), act: acts }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('mount' as const),
        path: anywhere,
        as: fc.constantFrom('router', 'merging router', 'application'),
        nodes: tie('nodes'),
      }),
    },
  ),
  nodes: fc.array(tie('node'), { minLength: 1, maxLength: 6 }),
}))
const pathSegment = fc.constantFrom('a', 'b', 'A', '7', 'x.json', '%41', '%zz', '%2F', '')
const trees: fc.Arbitrary<Tree> = fc.record({
  nodes,
  requests: fc.array(
    fc.record({
      method: fc.constantFrom('GET', 'GET', 'POST', 'HEAD', 'OPTIONS'),
      path: fc.array(pathSegment, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
    }),
    { minLength: 1, maxLength: 4 },
  ),
})

const view = ({ method, url, baseUrl, originalUrl, params, route }: Any) => [
  ...[method, url, baseUrl, originalUrl, params && { ...params }, route && String(route.path)],
]

function perform(act: Act, name: string, req: Any, res: Any, next: Any): unknown {
  if (act === 'answer') return res.status(200).send(name)
  if (act === 'later') return void setImmediate(next)
  if (act === 'route' || act === 'router') return next(act)
  if (act === 'error') return next(new Error(name))
  if (act === 'throw') throw Object.assign(new Error(name), { status: 418 })
  if (act === 'reject') return Promise.reject(new Error(name))
  if (act === 'rewrite') req.url = '/a/b'
  return next()
}

function fill(create: Any, router: Any, tree: readonly Node[], log: unknown[], label = ''): void {
  for (const [index, node] of tree.entries()) {
    const name = `${label}${index}`
    const on = 'path' in node && node.path !== null ? [node.path] : []
    const handlers = (list: readonly Act[]) =>
      list.map((act, at) => (req: Any, res: Any, next: Any) => {
        log.push([`${name}.${at}`, view(req)])
        return perform(act, name, req, res, next)
      })
    if (node.kind === 'use') router.use(...on, ...handlers(node.acts))
    else if (node.kind === 'route') router[node.method](...on, ...handlers(node.acts))
    else if (node.kind === 'catch') {
      router.use(...on, (error: Any, req: Any, res: Any, next: Any) => {
        log.push([name, String(error), view(req)])
        // `next` without an error recovers; everything else is what a handler may do as well.
        return node.act === 'later' ? next(error) : perform(node.act, name, req, res, next)
      })
    } else if (node.kind === 'param') {
      router.param(node.name, (req: Any, res: Any, next: Any, value: unknown, parameter: unknown) => {
        log.push([name, value, parameter, view(req)])
        return perform(node.act, name, req, res, next)
      })
    } else {
      const child = node.as === 'application' ? create() : create.Router({ mergeParams: node.as === 'merging router' })
      fill(create, child, node.nodes, log, `${name}/`)
      router.use(...on, child)
    }
  }
}

async function runsOf(create: Any, toHandler: (app: Any) => LambdaHandler, { nodes, requests }: Tree) {
  const log: unknown[] = []
  const app = create()
  fill(create, app, nodes, log)
  app.use((error: Any, _req: Any, res: Any, _next: Any) => {
    res.status(error.status ?? 500).send(`${error.name}: ${error.message}`)
  })
  const handler = toHandler(app)
  const answers: unknown[] = []
  for (const { method: httpMethod, path } of requests) {
    const event = { requestContext: { elb: {} }, httpMethod, path, headers: {} }
    const { statusCode, headers, body } = (await handler(event, {})) as Any
    answers.push([statusCode, headers, body])
  }
  return { log, answers }
}

/** The shim runs what Express runs: the same handlers, in the same order, with the same view, to the same answer. */
async function sameTree(tree: Tree): Promise<string> {
  const expected = await runsOf(express, toLambdaHandler as never, tree)
  assert.deepEqual(await runsOf(shim, (app) => app.handler, tree), expected)
  return 'the same'
}

type CoreNode =
  | { kind: 'middleware' | 'guard'; path: string | null }
  | { kind: 'route'; method: 'get' | 'post' | 'all'; path: string }
  | { kind: 'router'; path: string | null; nodes: CoreNode[] }

const corePath = fc.constantFrom('/', '/a', '/b', '/a/b', '/:p', '/a/:p', '/*rest')
const { forest } = fc.letrec<{ node: CoreNode; forest: CoreNode[] }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('middleware' as const), path: fc.option(corePath, { nil: null }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('guard' as const), path: corePath }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('route' as const),
        method: fc.constantFrom('get', 'post', 'all'),
        path: corePath,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('router' as const),
        path: fc.constantFrom(null, '/a', '/b', '/:q', '/a/b'),
        nodes: tie('forest'),
      }),
    },
  ),
  forest: fc.array(tie('node'), { maxLength: 6 }),
}))

function fillExpress(router: Any, tree: readonly CoreNode[], log: string[], label = ''): void {
  for (const [index, node] of tree.entries()) {
    const name = `${label}${index}`
    if (node.kind === 'router') {
      const child = express.Router()
      fillExpress(child, node.nodes, log, `${name}/`)
      router.use(node.path ?? '/', child)
    } else if (node.kind === 'route') {
      router[node.method](node.path, (_req: Any, res: Any) => {
        log.push(name)
        res.end()
      })
    } else {
      router.use(node.path ?? '/', (_req: Any, res: Any, next: Any) => {
        log.push(name)
        if (node.kind === 'guard') res.status(401).end()
        else next()
      })
    }
  }
}

function fillCore(router: Router, tree: readonly CoreNode[], log: string[], label = ''): void {
  for (const [index, node] of tree.entries()) {
    const name = `${label}${index}`
    if (node.kind === 'router') {
      const child = createRouter()
      fillCore(child, node.nodes, log, `${name}/`)
      if (node.path === null) router.use(child)
      else router.use(node.path, child)
    } else if (node.kind === 'route') {
      router[node.method](node.path, (_req, res) => {
        log.push(name)
        res.status(200)
      })
    } else {
      router.use(node.path ?? '/', (_req, res, next) => {
        log.push(name)
        return node.kind === 'guard' ? void res.status(401) : next()
      })
    }
  }
}

// Without OPTIONS, which Express answers in the router of the route, and core behind all middleware.
const coreMethods = ['GET', 'POST', 'DELETE']
const corePaths = ['/', '/a', '/a/', '/b', '/a/b', '/a/b/a', '/b/a', '/c/a']

/** Core runs the middleware and the route that Express runs, in the same order; guards of mounted routers hold as in Express. */
async function sameForest(tree: CoreNode[]): Promise<string> {
  const [expected, found]: [string[], string[]] = [[], []]
  const [expressApp, coreApp] = [express(), createApp()]
  fillExpress(expressApp, tree, expected)
  fillCore(coreApp, tree, found)
  const oracle = toLambdaHandler(expressApp as never)
  for (const httpMethod of coreMethods) {
    for (const path of corePaths) {
      const event = { requestContext: { elb: {} }, httpMethod, path, headers: {} }
      for (const log of [expected, found]) log.push(`${httpMethod} ${path}`)
      await oracle(event, {})
      await coreApp.handler(event, {})
    }
  }
  assert.deepEqual(found, expected)
  return 'the same'
}

export const treeProperties: readonly Property[] = [
  property('a tree of routers runs what Express runs: the shim', trees, sameTree),
  property('a tree of routers runs what Express runs: core', forest, sameForest),
]
