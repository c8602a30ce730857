import { createCompression } from '../finish/compression.ts'
import { createCors } from '../finish/cors.ts'
import type { Finish } from '../finish/finish.ts'
import { BadRequestError } from '../message/errors.ts'
import { warnOnce } from '../message/log.ts'
import { compilePath, type Path, PathIndex, type PathOptions } from '../router/path-index.ts'
import type { Chain, Step } from './compose.ts'
import type { RouteOptions } from './route-options.ts'
import type { AnyRouter, ErrorClass, ErrorHandler, Registration } from './router.ts'

/** A route with the options that its own, its routers' and the application's add up to. */
export interface Route extends Chain, Finish {
  readonly method: string | undefined
  /** The path as registered, with its routers' prefixes; `undefined` for the answer to a request that no route matches. */
  readonly pattern: string | undefined
}

/** The place of a registration among nested routers. */
interface Scope {
  readonly prefix: string
  readonly steps: readonly Step[]
  readonly defaults: RouteOptions
}

/**
 * An application's registrations laid out as one flat index. Each route gets the middleware that was registered before it:
 * that of the application, of its routers, and of routers mounted earlier under a path that its own request is under.
 */
export class RouteTable {
  readonly routes = new PathIndex<Route>()
  /** Methods of all routes with CORS, for the answer to a preflight of an unknown path. */
  readonly corsMethods = new Set<string>()
  readonly errorHandlers = new Map<ErrorClass, ErrorHandler<never, never>>()
  readonly #app: AnyRouter
  readonly #paths: PathOptions
  readonly #steps: readonly Step[]
  /** Names of routes, to report those that are registered twice; only in `debug`. */
  readonly #names: Set<string> | undefined

  constructor(app: AnyRouter, paths: PathOptions, debug: boolean) {
    this.#app = app
    this.#paths = paths
    this.#names = debug ? new Set() : undefined
    this.#steps = this.#addAll(app, { prefix: '', steps: [], defaults: app.defaults })
  }

  /** What runs if no route matches: all middleware for the path, then the last step. */
  unmatched(name: string, last: Step): Route {
    return this.#withoutPattern(name, [...this.#steps, last])
  }

  /** The same without the middleware of mounted routers, which are guards and would refuse a preflight. */
  preflight(name: string, last: Step): Route {
    const own = this.#app.registrations.filter((registration) => registration.kind === 'middleware')
    return this.#withoutPattern(name, [...own.flatMap((each) => scoped(each, '', this.#paths)), last])
  }

  #withoutPattern(name: string, steps: readonly Step[]): Route {
    return { ...finishOf(this.#app.defaults, {}), method: undefined, pattern: undefined, name, steps }
  }

  /** Gives the middleware that holds for what is registered after the router. */
  #addAll(router: AnyRouter, scope: Scope): readonly Step[] {
    router.frozen = true
    for (const [type, handler] of router.errorHandlers)
      if (!this.errorHandlers.has(type)) this.errorHandlers.set(type, handler)
    let { steps } = scope
    for (const registration of router.registrations) {
      if (registration.kind === 'route') this.#addRoute(registration, scope, steps)
      else if (registration.kind === 'middleware')
        steps = [...steps, ...scoped(registration, scope.prefix, this.#paths)]
      else {
        const { router: nested, prefix } = registration
        const defaults = { ...scope.defaults, ...nested.defaults }
        steps = this.#addAll(nested, { prefix: scope.prefix + prefix.replace(/\/$/, ''), steps, defaults })
      }
    }
    return steps
  }

  #addRoute(registration: Registration & { kind: 'route' }, scope: Scope, before: readonly Step[]): void {
    const finish = finishOf(scope.defaults, registration.options)
    const path = joinPath(scope.prefix, registration.path)
    const pattern = Array.isArray(path) ? path.map(String).join(', ') : String(path)
    const steps = [...before, ...registration.steps]
    for (const method of registration.methods ?? [undefined]) {
      const route: Route = { ...finish, method, pattern, name: `${method ?? 'ALL'} ${pattern}`, steps }
      this.#reportDuplicate(route.name)
      this.routes.add(path, route, { ...this.#paths, key: method })
      if (finish.cors && method) this.corsMethods.add(method)
    }
  }

  #reportDuplicate(name: string): void {
    if (this.#names?.has(name)) warnOnce(`${name} is registered twice, and only the first registration answers`)
    this.#names?.add(name)
  }
}

function finishOf(defaults: RouteOptions, own: RouteOptions): Finish {
  const { cors, compress, cacheControl, etag } = { ...defaults, ...own }
  // `cors: true` on a route means the application's options; `compress: true` on a route means any size and type.
  const corsOptions = cors === true ? (typeof defaults.cors === 'object' ? defaults.cors : {}) : cors
  const sized = typeof compress === 'object' ? compress : typeof defaults.compress === 'object' ? defaults.compress : {}
  return {
    cors: corsOptions ? createCors(corsOptions) : undefined,
    compression: compress ? createCompression(sized) : undefined,
    forceCompression: own.compress === true,
    cacheControl,
    etag: etag === true ? 'weak' : etag || undefined,
  }
}

export function joinPath(prefix: string, path: Path): Path {
  if (prefix === '' || path instanceof RegExp) return path // A RegExp under a prefix was refused at its registration.
  if (typeof path === 'string') return path === '/' ? prefix : prefix + path
  return path.map((one) => joinPath(prefix, one))
}

/** Middleware under a prefix, which passes on every request for another path. */
function scoped({ prefix, steps }: Registration & { kind: 'middleware' }, parent: string, paths: PathOptions): Step[] {
  const path = prefix === undefined ? parent : joinPath(parent, prefix)
  if (path === '') return steps
  const matches = compilePath(path, { ...paths, end: false, decode: decodeParameter })
  return steps.map((step) => (req, res, next) => (matches(req.path) ? step(req, res, next) : next()))
}

function decodeParameter(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw new BadRequestError(`The path has malformed percent-encoding: ${value}`)
  }
}
