import { check } from '../check.ts'
import { hide } from '../property.ts'
import type { Handler, Next, ParamHandler, RoutedRequest, RoutedResponse } from '../types.ts'
import { Layer } from './layer.ts'
import { methods } from './methods.ts'
import { Route, type RouteConstructor } from './route.ts'
import { StackIndex } from './stack-index.ts'
import { INDEX, walk } from './walk.ts'

/** The options of {@link Router}; those of an application are settings. */
export interface RouterOptions {
  /** Whether `/Foo` and `/foo` differ. Default: false. */
  caseSensitive?: boolean
  /** Whether a mounted router sees the parameters of its mount path; its own come first. Default: false. */
  mergeParams?: boolean
  /** Whether `/foo` and `/foo/` differ. Default: false. */
  strict?: boolean
}

/** A stack of layers that is itself a handler: Express's `Router`. */
export interface Router extends RouterOptions {
  (req: RoutedRequest, res: RoutedResponse, next: Next): void
  params: Record<string, ParamHandler[]>
  stack: Layer[]
  handle(req: RoutedRequest, res: RoutedResponse, callback: Next): void
  use(...args: unknown[]): this
  route(path: unknown): Route
  param(name: string, handler: ParamHandler): this
  listRoutes(): ListedRoute[]
  readonly [INDEX]: StackIndex
  [method: string]: unknown
}

/** An entry of `router.listRoutes()`: a route with its methods, or a mounted router. */
export interface ListedRoute {
  path: unknown
  methods: string[] | undefined
  router: Router | undefined
}

/** The type of {@link Router}, which TypeScript cannot infer from a function. */
export interface RouterConstructor {
  new (options?: RouterOptions): Router
  (options?: RouterOptions): Router
  prototype: Router
  Route: RouteConstructor
}

/**
 * Makes a router, with `new` or without.
 * @see https://expressjs.com/en/5x/api.html#router
 */
export const Router = function Router(this: Router | undefined, options?: RouterOptions): Router {
  if (!(this instanceof Router)) return new (Router as RouterConstructor)(options)
  const router = function router(req: RoutedRequest, res: RoutedResponse, next: Next): void {
    ;(router as Router).handle(req, res, next)
  } as Router
  Object.setPrototypeOf(router, this)
  router.caseSensitive = options?.caseSensitive
  router.mergeParams = options?.mergeParams
  router.params = Object.create(null)
  router.strict = options?.strict
  router.stack = []
  hide(router, INDEX, new StackIndex())
  return router
} as unknown as RouterConstructor // callable with and without new, which no function type says of itself

// A function, so that every router, whose prototype this is, still has call, apply and bind.
// biome-ignore lint/complexity/useArrowFunction: an arrow has no prototype to be an object of its own kind.
Router.prototype = function () {} as unknown as Router
Router.Route = Route

const proto = Router.prototype

proto.handle = function handle(this: Router, req: RoutedRequest, res: RoutedResponse, callback: Next): void {
  check(callback, 'argument callback is required')
  walk(this, req, res, callback)
}

proto.param = function param(this: Router, name: string, handler: ParamHandler): Router {
  check(name, 'argument name is required')
  check(typeof name === 'string', 'argument name must be a string')
  check(handler, 'argument fn is required')
  check(typeof handler === 'function', 'argument fn must be a function')
  ;(this.params[name] ??= []).push(handler)
  return this
}

proto.use = function use(this: Router, ...args: unknown[]): Router {
  const [path, handlers] = splitPath(args)
  check(handlers.length, 'argument handler is required')
  for (const handler of handlers) {
    check(typeof handler === 'function', 'argument handler must be a function')
    const layer = new Layer(path, { sensitive: this.caseSensitive, strict: false, end: false }, handler as Handler)
    layer.route = undefined
    this.stack.push(layer)
  }
  return this
}

proto.route = function route(this: Router, path: unknown): Route {
  const route = new Route(path)
  const handle: Handler = (req: RoutedRequest, res: RoutedResponse, next: Next) => route.dispatch(req, res, next)
  const layer = new Layer(path, { sensitive: this.caseSensitive, strict: this.strict, end: true }, handle)
  layer.route = route
  this.stack.push(layer)
  return route
}

proto.listRoutes = function listRoutes(this: Router): ListedRoute[] {
  return this.stack.flatMap(({ route, handle, rawPath }): ListedRoute[] => {
    const router =
      !route && Array.isArray((handle as unknown as Router).stack) ? (handle as unknown as Router) : undefined
    if (!route && !router) return []
    const paths: unknown[] = Array.isArray(rawPath) ? rawPath : [rawPath]
    return paths.map((path) => ({ path, methods: route?._methods(true), router }))
  })
}

for (const method of [...methods, 'all']) {
  proto[method] = function (this: Router, path: unknown, ...handlers: unknown[]): Router {
    const route = this.route(path)
    ;(route[method] as Handler).apply(route, handlers)
    return this
  }
}

/** A first argument that holds no function is the path of the handlers that follow, which may be nested in arrays. */
export function splitPath(args: unknown[]): [path: unknown, handlers: unknown[]] {
  let first = args[0]
  while (Array.isArray(first) && first.length !== 0) first = first[0]
  const pathless = typeof first === 'function'
  return [pathless ? '/' : args[0], args.slice(pathless ? 0 : 1).flat(Infinity)]
}
