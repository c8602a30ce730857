import { tracingChannel } from 'node:diagnostics_channel'
import realExpress from 'express'
import { expect, test } from 'vitest'
import { Router as ShimRouter } from '../src/routing/router.ts'

// biome-ignore lint/suspicious/noExplicitAny: Express's router and ours are driven by members that they share.
type Any = any

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const

/** What a subscriber of Express's tracing channel is told while one request passes a router. */
async function traced(Router: Any, build: (router: Any) => void, url: string): Promise<unknown[]> {
  const log: unknown[] = []
  const listeners = Object.fromEntries(
    EVENTS.map((event) => [event, (context: Any) => log.push([event, describe(context)])]),
  ) as Any
  const channel = tracingChannel<string, object>('express.router.request')
  channel.subscribe(listeners)
  try {
    const router = Router()
    build(router)
    await new Promise<void>((resolve) => {
      const res = { end: resolve }
      router.handle({ method: 'GET', url }, res, (error: unknown) => {
        log.push(['done', String(error)])
        resolve()
      })
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
  } finally {
    channel.unsubscribe(listeners)
  }
  return log
}

function describe(context: Any): unknown {
  const { layer, handler, route, param, errorHandler, incomingError, result, error } = context
  const keys = Object.keys(context).sort()
  return {
    keys,
    layer: layer.name,
    handler: handler.name,
    route: String(route),
    param,
    errorHandler,
    incomingError: String(incomingError),
    result: String(result),
    error: String(error),
  }
}

const boom = () => new Error('boom')

const programs: Record<string, (router: Any) => void> = {
  'synchronous handlers': (router) => {
    router.use(function first(_req: Any, _res: Any, next: Any) {
      next()
    })
    router.get('/a/:id', function second(_req: Any, res: Any) {
      res.end()
      return 'done'
    })
  },
  'an asynchronous handler': (router) => {
    router.get(['/x', '/a/:id'], async function slow(_req: Any, res: Any) {
      await null
      res.end()
      return 7
    })
  },
  'a thrown error, recovered': (router) => {
    router.get('/a/:id', () => {
      throw boom()
    })
    router.use(function recover(_error: Any, _req: Any, _res: Any, next: Any) {
      next()
    })
    router.use(function last(_req: Any, res: Any) {
      res.end()
    })
  },
  'a rejected promise, passed on and replaced': (router) => {
    router.use('/a', async function reject() {
      throw boom()
    })
    router.use(function pass(error: Any, _req: Any, _res: Any, next: Any) {
      next(error)
    })
    router.use(async function replace(_error: Any, _req: Any, _res: Any, next: Any) {
      next(new Error('another'))
    })
  },
  'an empty rejection': (router) => {
    router.use(function empty() {
      return Promise.reject()
    })
  },
  'an early error of an open promise': (router) => {
    router.use(async function early(_req: Any, _res: Any, next: Any) {
      next(boom())
      await null
      return 'late'
    })
  },
  signals: (router) => {
    router.get('/a/:id', function skip(_req: Any, _res: Any, next: Any) {
      next('route')
    })
    router.use(function out(_req: Any, _res: Any, next: Any) {
      next('router')
    })
  },
  'thrown signals': (router) => {
    router.get('/a/:id', function skip() {
      throw 'route'
    })
    router.use(async function out() {
      throw 'router'
    })
  },
  'param callbacks': (router) => {
    router.param('id', function sync(_req: Any, _res: Any, next: Any) {
      next()
      return 'value'
    })
    router.param('id', async function later(_req: Any, _res: Any, next: Any) {
      await null
      next()
    })
    router.get('/a/:id', (_req: Any, res: Any) => res.end())
  },
  'a failing param callback': (router) => {
    router.param('id', function fail() {
      throw boom()
    })
    router.get('/a/:id', () => {})
  },
  'a malformed parameter': (router) => {
    router.get('/:x/:id', (_req: Any, res: Any) => res.end())
    router.use(function caught(error: Any, _req: Any, _res: Any, next: Any) {
      next(error)
    })
  },
}

test.each(Object.keys(programs))('tells a subscriber what Express tells: %s', async (name) => {
  for (const url of ['/a/7', '/a/%zz']) {
    const build = programs[name] as (router: Any) => void
    expect(await traced(ShimRouter, build, url)).toEqual(await traced(realExpress.Router, build, url))
  }
})

test('nested routers keep the pattern of each', async () => {
  const build = (Router: Any) => (router: Any) => {
    const inner = Router()
    inner.get('/:id', (_req: Any, _res: Any, next: Any) => next())
    router.use('/a', inner, function after(_req: Any, _res: Any, next: Any) {
      next()
    })
  }
  expect(await traced(ShimRouter, build(ShimRouter), '/a/7')).toEqual(
    await traced(realExpress.Router, build(realExpress.Router), '/a/7'),
  )
})
