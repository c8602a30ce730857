import { createCompression } from '../finish/compression.ts'
import { createCors } from '../finish/cors.ts'
import type { Finish } from '../finish/finish.ts'
import { compilePath, type Path, PathIndex, type PathOptions } from '../router/path-index.ts'
import type { Chain, Step } from './compose.ts'
import type { RouteOptions } from './route-options.ts'
import type { AnyRouter, ErrorClass, ErrorHandler, Registration } from './router.ts'

/** A route with all that was settled for it by itself, its routers and the application. */
export interface Route extends Chain, Finish {
  readonly method: string | undefined
  /** The path as registered, with its routers' prefixes; `undefined` for what answers where no route matches. */
  readonly pattern: string | undefined
}

/** Where in the nest of routers a registration stands. */
interface Scope {
  readonly prefix: string
  readonly steps: readonly Step[]
  readonly defaults: RouteOptions
}

/** An application's registrations laid out as one flat index; each route gets the middleware that stands before it. */
export class RouteTable {
  readonly routes = new PathIndex<Route>()
  /** Methods of all routes with CORS: what a preflight for an unknown path is told. */
  readonly corsMethods = new Set<string>()
  readonly errorHandlers = new Map<ErrorClass, ErrorHandler<never, never>>()
  readonly #paths: PathOptions
  readonly #defaults: RouteOptions
  readonly #steps: readonly Step[]

  constructor(app: AnyRouter, paths: PathOptions) {
    this.#paths = paths
    this.#defaults = app.defaults
    this.#steps = this.#addAll(app, { prefix: '', steps: [], defaults: app.defaults })
  }

  /** What runs where no route matches: the middleware of the application itself. */
  unmatched(name: string, last: Step): Route {
    const finish = settle(this.#defaults, {})
    return { ...finish, method: undefined, pattern: undefined, name, steps: [...this.#steps, last] }
  }

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
        this.#addAll(nested, { prefix: scope.prefix + prefix.replace(/\/$/, ''), steps, defaults })
      }
    }
    return steps
  }

  #addRoute(registration: Registration & { kind: 'route' }, scope: Scope, before: readonly Step[]): void {
    const finish = settle(scope.defaults, registration.options)
    const path = joinPath(scope.prefix, registration.path)
    const pattern = Array.isArray(path) ? path.map(String).join(', ') : String(path)
    const steps = [...before, ...registration.steps]
    for (const method of registration.methods ?? [undefined]) {
      const route: Route = { ...finish, method, pattern, name: `${method ?? 'ANY'} ${pattern}`, steps }
      this.routes.add(path, route, { ...this.#paths, key: method })
      if (finish.cors && method) this.corsMethods.add(method)
    }
  }
}

function settle(defaults: RouteOptions, own: RouteOptions): Finish {
  const { cors, compress, cacheControl, etag } = { ...defaults, ...own }
  // A route that says `cors: true` means its application's options; `compress: true` on a route means: whatever the size.
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
  if (prefix === '') return path
  if (typeof path === 'string') return path === '/' ? prefix : prefix + path
  if (path instanceof RegExp) {
    throw new TypeError(
      `${String(path)} cannot stand in a router under ${prefix}: a RegExp is matched against the whole path`,
    )
  }
  return path.map((one) => joinPath(prefix, one))
}

/** Middleware under a prefix: it steps aside where the path is another. */
function scoped({ prefix, steps }: Registration & { kind: 'middleware' }, parent: string, paths: PathOptions): Step[] {
  const path = prefix === undefined ? parent : joinPath(parent, prefix)
  if (path === '') return steps
  const matches = compilePath(path, { ...paths, end: false })
  return steps.map((step) => (req, res, next) => (matches(req.path) ? step(req, res, next) : next()))
}
