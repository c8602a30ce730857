import { check } from '../check.ts'
import type { Handler, Next, RoutedRequest, RoutedResponse } from '../types.ts'
import { Layer } from './layer.ts'
import { methods } from './methods.ts'

/** One path's handlers, in order, each for one method or for all: what `app.route('/x')` returns. */
export interface Route {
  path: unknown
  stack: Layer[]
  methods: Record<string, boolean>
  dispatch(req: RoutedRequest, res: RoutedResponse, done: Next): void
  all(...handlers: unknown[]): this
  _handlesMethod(method: unknown): boolean
  _methods(includeAll?: boolean): string[]
  [method: string]: unknown
}

/** The type of {@link Route}, which TypeScript cannot infer from a function. */
export interface RouteConstructor {
  new (path: unknown): Route
  prototype: Route
}

// A constructor function, not a class: the field's instrumentation wraps Route.prototype's members one by one, and
// finds them by enumeration.
export const Route = function Route(this: Route, path: unknown): void {
  this.path = path
  this.stack = []
  this.methods = Object.create(null)
} as unknown as RouteConstructor // a function has no construct signature for TypeScript

const proto = Route.prototype

proto._handlesMethod = function (this: Route, method: unknown): boolean {
  if (this.methods._all) return true
  const name = lower(method)
  return Boolean(this.methods[name === 'head' && !this.methods.head ? 'get' : name])
}

proto._methods = function (this: Route, includeAll?: boolean): string[] {
  const names = Object.keys(this.methods).flatMap((name) =>
    name !== '_all' ? name.toUpperCase() : includeAll ? '*' : [],
  )
  if (this.methods.get && !this.methods.head) names.push('HEAD')
  return names
}

proto.dispatch = function dispatch(this: Route, req: RoutedRequest, res: RoutedResponse, done: Next): unknown {
  const { stack } = this
  if (stack.length === 0) return done()
  let method = lower(req.method)
  if (method === 'head' && !this.methods.head) method = 'get'
  let index = 0
  let sync = 0
  req.route = this
  next()

  function next(error?: unknown): unknown {
    if (error === 'route') return done()
    if (error === 'router') return done(error)
    if (index >= stack.length) return done(error)
    // Express's limit: the stack of a hundred synchronous handlers is left before the next one.
    if (++sync > 100) {
      setImmediate(next, error)
      return
    }
    let layer: Layer | undefined
    while (index < stack.length) {
      const candidate = stack[index++] as Layer
      if (candidate.method && candidate.method !== method) continue
      layer = candidate
      break
    }
    if (!layer) return done(error)
    if (error) layer.handleError(error, req, res, next)
    else layer.handleRequest(req, res, next)
    sync = 0
  }
}

proto.all = function all(this: Route, ...handlers: unknown[]): Route {
  return add(this, undefined, handlers)
}

for (const method of methods) {
  proto[method] = function (this: Route, ...handlers: unknown[]): Route {
    return add(this, method, handlers)
  }
}

function add(route: Route, method: string | undefined, handlers: unknown[]): Route {
  const flat = handlers.flat(Infinity)
  check(flat.length, 'argument handler is required')
  for (const handler of flat) {
    check(typeof handler === 'function', 'argument handler must be a function')
    const layer = new Layer('/', {}, handler as Handler)
    layer.method = method
    route.methods[method ?? '_all'] = true
    route.stack.push(layer)
  }
  return route
}

// Almost every method is one of these, already in upper case: no new string for them.
const LOWER: Record<string, string> = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' }

function lower(method: unknown): string {
  return typeof method === 'string' ? (LOWER[method] ?? method.toLowerCase()) : (method as string)
}
