import { createCompression } from '../finish/compression.ts'
import { createCors } from '../finish/cors.ts'
import type { Finish } from '../finish/finish.ts'
import { BadRequestError } from '../message/errors.ts'
import { warnOnce } from '../message/log.ts'
import { headOf, headsOf, mayMeet } from '../router/path-heads.ts'
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
  readonly defaults: RouteOptions
  /** The middleware of this router so far. */
  readonly layers: Layer[]
  /** The middleware that holds for this router's own, which was registered around it before. */
  readonly outer: readonly LayersBefore[]
}

/** The layers that a router had when something was registered in it. */
interface LayersBefore {
  readonly layers: readonly Layer[]
  readonly count: number
}

/** Middleware of one registration, or all layers of a mounted router, and the path below which it holds. */
interface Layer {
  readonly path: Path
  readonly steps: readonly Step[]
  readonly nested?: readonly Layer[]
  /** Of `path`, found when a route first asks. */
  heads?: readonly string[]
}

/** Whether all of the middleware holds for every path. */
const holdsEverywhere = (layers: readonly Layer[]): boolean =>
  layers.every(({ path, nested = [] }) => path === '' && holdsEverywhere(nested))

/** The middleware of layers that may hold for paths with these heads, in order. */
const stepsOf = (layers: readonly Layer[], heads: readonly string[]): Step[] =>
  layers
    .filter((layer) => layer.path === '' || mayMeet((layer.heads ??= headsOf(layer.path)), heads))
    .flatMap(({ steps, nested }) => (nested === undefined ? steps : stepsOf(nested, heads)))

/** A route of the application. Its steps are put together when it is first called: an application may have thousands of routes. */
class TableRoute implements Route {
  readonly method: string | undefined
  readonly pattern: string
  readonly name: string
  declare readonly cors: Finish['cors']
  declare readonly compression: Finish['compression']
  declare readonly forceCompression: boolean
  declare readonly cacheControl: string | undefined
  declare readonly etag: Finish['etag']
  readonly #path: Path
  readonly #before: readonly LayersBefore[]
  readonly #own: readonly Step[]
  #steps: readonly Step[] | undefined

  constructor(
    finish: Finish,
    method: string | undefined,
    path: Path,
    before: readonly LayersBefore[],
    steps: readonly Step[],
  ) {
    this.method = method
    this.pattern = Array.isArray(path) ? path.map(String).join(', ') : String(path)
    this.name = `${method ?? 'ALL'} ${this.pattern}`
    Object.assign(this, finish)
    this.#path = path
    this.#before = before
    this.#own = steps
  }

  get steps(): readonly Step[] {
    return (this.#steps ??= this.#collect())
  }

  #collect(): readonly Step[] {
    if (this.#before.every(({ count }) => count === 0)) return this.#own
    const heads = headsOf(this.#path)
    const before = this.#before.flatMap(({ layers, count }) => stepsOf(layers.slice(0, count), heads))
    return [...before, ...this.#own]
  }
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
  readonly #paths: PathOptions
  readonly #layers: Layer[] = []
  /** What is done to answers of no route. */
  readonly #finish: Finish
  /** Names of routes, to report those that are registered twice; only in `debug`. */
  readonly #names: Set<string> | undefined

  constructor(app: AnyRouter, paths: PathOptions, debug: boolean) {
    this.#paths = paths
    this.#finish = finishOf(app.defaults, {})
    this.#names = debug ? new Set() : undefined
    this.#addAll(app, { prefix: '', defaults: app.defaults, layers: this.#layers, outer: [] })
  }

  /** Whether all middleware holds for every path, so that what runs for an unmatched one does not depend on it. */
  get isUniform(): boolean {
    return holdsEverywhere(this.#layers)
  }

  /** What runs if no route matches the path: all middleware for it, then the last step. */
  unmatched(name: string, path: string, last: Step): Route {
    return this.#withoutPattern(name, [...stepsOf(this.#layers, headOf(path)), last])
  }

  /** The same without the middleware of mounted routers, which are guards and would refuse a preflight. */
  preflight(name: string, path: string, last: Step): Route {
    const own = this.#layers.filter(({ nested }) => nested === undefined)
    return this.#withoutPattern(name, [...stepsOf(own, headOf(path)), last])
  }

  #withoutPattern(name: string, steps: readonly Step[]): Route {
    return { ...this.#finish, method: undefined, pattern: undefined, name, steps }
  }

  #addAll(router: AnyRouter, scope: Scope): void {
    const { prefix, defaults, layers, outer } = scope
    router.frozen = true
    for (const [type, handler] of router.errorHandlers)
      if (!this.errorHandlers.has(type)) this.errorHandlers.set(type, handler)
    for (const registration of router.registrations) {
      if (registration.kind === 'route') this.#addRoute(registration, scope)
      else if (registration.kind === 'middleware') layers.push(layerOf(registration, prefix, this.#paths))
      else {
        const inner = prefix + registration.prefix.replace(/\/$/, '')
        const nested: Layer[] = []
        this.#addAll(registration.router, {
          prefix: inner,
          defaults: { ...defaults, ...registration.router.defaults },
          layers: nested,
          outer: [...outer, { layers, count: layers.length }],
        })
        if (nested.length > 0) layers.push({ path: inner, steps: [], nested })
      }
    }
  }

  #addRoute(registration: Registration & { kind: 'route' }, { prefix, defaults, layers, outer }: Scope): void {
    const finish = finishOf(defaults, registration.options)
    const path = joinPath(prefix, registration.path)
    const before = [...outer, { layers, count: layers.length }]
    for (const method of registration.methods ?? [undefined]) {
      const route = new TableRoute(finish, method, path, before, registration.steps)
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

/** Middleware as a layer; under a prefix it passes on every request for another path. */
function layerOf({ prefix, steps }: Registration & { kind: 'middleware' }, parent: string, paths: PathOptions): Layer {
  const path = prefix === undefined ? parent : joinPath(parent, prefix)
  if (path === '') return { path, steps }
  let compiled: ReturnType<typeof compilePath> | undefined
  const matches = (given: string) =>
    (compiled ??= compilePath(path, { ...paths, end: false, decode: decodeParameter }))(given)
  const guarded = steps.map(
    (step): Step =>
      (req, res, next) =>
        matches(req.path) ? step(req, res, next) : next(),
  )
  return { path, steps: guarded }
}

function decodeParameter(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw new BadRequestError(`The path has malformed percent-encoding: ${value}`)
  }
}
