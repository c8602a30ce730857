import realExpress from 'express'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Router as ShimRouter } from '../src/index.ts'
import { type Act, type Asked, asked, type Program, program } from './routing-programs.ts'

// biome-ignore lint/suspicious/noExplicitAny: the same program drives Express's router and ours, by members that they share.
type Any = any
type RouterFactory = (options?: object) => Any

const real = realExpress.Router as unknown as RouterFactory
const shim = ShimRouter as unknown as RouterFactory

/** Builds the routers of a program; each handler logs what it sees before it acts. */
function build(
  Router: RouterFactory,
  { steps, ...options }: Program,
  log: unknown[],
  stop: () => void,
  label = '',
): Any {
  const router = Router(options)
  for (const [index, step] of steps.entries()) {
    const name = `${label}${index}`
    const handlers = 'acts' in step ? step.acts.map((act, at) => handler(act, `${name}.${at}`, log, stop)) : []
    const on = 'path' in step && step.path !== undefined ? [step.path] : []
    if (step.kind === 'use') router.use(...on, ...handlers)
    if (step.kind === 'catch') router.use(...on, errorHandler(step.act, name, log, stop))
    if (step.kind === 'verb') router[step.method](step.path, ...handlers)
    if (step.kind === 'param') router.param(step.name, paramHandler(step.act, name, log, stop))
    if (step.kind === 'mount') router.use(...on, build(Router, step.router, log, stop, `${name}/`))
    if (step.kind === 'route') {
      const route = router.route(step.path)
      for (const [at, { method, act }] of step.verbs.entries()) route[method](handler(act, `${name}.${at}`, log, stop))
    }
  }
  return router
}

function seen(req: Any): unknown {
  const { url, baseUrl, originalUrl, params, route } = req
  return { url, baseUrl, originalUrl, params: params && { ...params }, route: route && String(route.path) }
}

function perform(act: Act | 'change', name: string, req: Any, next: Any, stop: () => void): unknown {
  switch (act) {
    case 'next':
      return next()
    case 'later':
      return void setImmediate(next)
    case 'stop':
      return stop()
    case 'route':
    case 'router':
      return next(act)
    case 'error':
      return next(new Error(name))
    case 'throw':
      throw new Error(name)
    case 'throw-nothing':
      throw undefined
    case 'reject':
      return Promise.reject(new Error(name))
    case 'reject-nothing':
      return Promise.reject()
    case 'resolve':
      return Promise.resolve().then(() => void next())
    case 'rewrite':
      req.url = '/a/b'
      return next()
    default:
      return next()
  }
}

function handler(act: Act, name: string, log: unknown[], stop: () => void) {
  return (req: Any, _res: Any, next: Any) => {
    log.push([name, seen(req)])
    return perform(act, name, req, next, stop)
  }
}

function errorHandler(act: Act, name: string, log: unknown[], stop: () => void) {
  return (error: Any, req: Any, _res: Any, next: Any) => {
    log.push([name, 'error', text(error), seen(req)])
    if (act === 'next') return next(error)
    return perform(act, name, req, next, stop)
  }
}

function paramHandler(act: Act | 'change', name: string, log: unknown[], stop: () => void) {
  return (req: Any, _res: Any, next: Any, value: unknown, key: string) => {
    log.push([name, key, value, seen(req)])
    if (act === 'change') req.params[key] = `changed-${name}`
    return perform(act, name, req, next, stop)
  }
}

const text = (error: Any): unknown =>
  error instanceof Error ? [error.name, error.message, (error as Any).status] : error

/** Everything that can be seen of a request's way, or the error of the registration. */
async function run(Router: RouterFactory, given: Program, requests: Asked[]): Promise<unknown[]> {
  const log: unknown[] = []
  let finish: () => void = () => {}
  let router: Any
  try {
    router = build(Router, given, log, () => finish())
  } catch (error) {
    return ['registration', text(error)]
  }
  for (const { method, url } of requests) {
    const req: Any = { method, url }
    let sync = true
    await new Promise<void>((resolve) => {
      finish = () => resolve()
      const res = {
        setHeader: (...header: unknown[]) => log.push(header),
        end: (body: string) => resolve(void log.push(body)),
      }
      router.handle(req, res, (error: unknown) => {
        log.push(['done', text(error), { sync }, seen(req), 'next' in req])
        resolve()
      })
      sync = false
    })
    // What comes after the end (a second next, a late rejection) is seen too.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return log
}

describe('Router', () => {
  test('leads any request through any program of layers as Express does', async () => {
    await fc.assert(
      fc.asyncProperty(program, fc.array(asked, { minLength: 1, maxLength: 4 }), async (given, requests) => {
        expect(await run(shim, given, requests)).toEqual(await run(real, given, requests))
      }),
      { numRuns: 1000 },
    )
  })

  test('and in a stack of many layers, where an index finds the few', async () => {
    const many: Program['steps'] = Array.from({ length: 30 }, (_, index) => ({
      kind: 'verb',
      method: 'get',
      path: `/never/${index}`,
      acts: ['next'],
    }))
    await fc.assert(
      fc.asyncProperty(program, fc.array(asked, { minLength: 1, maxLength: 4 }), async (given, requests) => {
        const wide = { ...given, steps: [...many.slice(0, 15), ...given.steps, ...many.slice(15)] }
        expect(await run(shim, wide, requests)).toEqual(await run(real, wide, requests))
      }),
      { numRuns: 500 },
    )
  })
})
