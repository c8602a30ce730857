import { contractKey } from '../app/route-options.ts'
import { joinPath } from '../app/route-table.ts'
import type { AnyRouter, Registration } from '../app/router.ts'
import type { Contract, ContractOptions } from '../contract/definition.ts'

/** A route of an application, of core or Express. */
export interface RouteInfo {
  /** In lower case; `undefined` for every method. */
  readonly method: string | undefined
  /** With the prefixes of the routers that the route is in. */
  readonly path: string | RegExp
  readonly contract: Contract | undefined
  /** Names of the functions that a request meets, in their order, the handler last; a function without a name is `<anonymous>`. */
  readonly handlers: readonly string[]
}

/** Middleware for the paths below one. */
export interface MiddlewareInfo {
  /** `''` for every path. */
  readonly path: string
  readonly name: string
}

/** The routes of an application, and what of it could not be read. */
export interface RouteList {
  readonly routes: RouteInfo[]
  readonly middleware: MiddlewareInfo[]
  readonly warnings: string[]
}

/**
 * The routes of an application in the order of registration.
 * @param app an application or router of core, or one of Express's kind: what has a `router.stack` or a `stack`.
 * @throws TypeError if it is neither.
 * @example routesOf(app).routes.map(({ method = 'all', path }) => `${method} ${path}`)
 */
export function routesOf(app: unknown): RouteList {
  const walk = new Walk()
  const stack = stackOf(app)
  if (isCore(app)) walk.registrations(app, '')
  else if (stack !== undefined) walk.stack(stack, '')
  else throw new TypeError('An application is one of createApp() or express(), or a router of either')
  return walk.list
}

const isCore = (app: unknown): app is AnyRouter => Array.isArray((app as Partial<AnyRouter> | null)?.registrations)

/** One walk through an application, which meets middleware and routes in the order of registration. */
class Walk {
  readonly list: RouteList = { routes: [], middleware: [], warnings: [] }

  registrations(router: AnyRouter, prefix: string): void {
    for (const registration of router.registrations as readonly Registration[]) {
      if (registration.kind === 'router') {
        this.registrations(registration.router, prefix + registration.prefix.replace(/\/$/, ''))
      } else if (registration.kind === 'middleware') {
        for (const mount of flat(joinPath(prefix, registration.prefix ?? '/'))) {
          for (const step of registration.steps) this.#addMiddleware(mount, step)
        }
      } else {
        const { methods = [undefined], options, steps } = registration
        const contract = (options as Partial<ContractOptions>)[contractKey]?.definition
        for (const path of flat(joinPath(prefix, registration.path))) {
          for (const method of methods) this.#add(method, path, contract, steps)
        }
      }
    }
  }

  stack(stack: readonly Layer[], prefix: string): void {
    for (const layer of stack) {
      if (layer.route !== undefined) this.#route(layer.route, prefix)
      else this.#mounted(layer, prefix)
    }
  }

  #mounted(layer: Layer, prefix: string): void {
    const { handle } = layer
    const nested = stackOf((handle as { readonly [mountedApp]?: unknown })[mountedApp] ?? handle)
    const mounts = mountsOf(layer)
    if (nested === undefined) {
      if (handle.name === 'mounted_app') this.list.warnings.push(closedApp)
      // Where a path is not known, the middleware may be for every path.
      else for (const mount of mounts ?? ['/']) this.#addMiddleware(join(prefix, mount), handle)
    } else if (mounts === undefined) this.list.warnings.push(lostPath)
    else {
      for (const mount of mounts) {
        if (typeof mount === 'string') this.stack(nested, prefix + mount.replace(/\/$/, ''))
        else this.list.warnings.push(`a router under ${mount}: a regular expression has no path to show; left out`)
      }
    }
  }

  #route(route: NonNullable<Layer['route']>, prefix: string): void {
    const named = new Set(route.stack.map(({ method }) => method))
    // `app.all` registers each method that there is.
    const methods = named.size > 20 ? [undefined] : named
    for (const method of methods) {
      const layers = route.stack.filter((layer) => layer.method === method || layer.method === undefined)
      const handles = (layers.length > 0 ? layers : route.stack).map(({ handle }) => handle)
      const functions = method === undefined ? [...new Set(handles)] : handles
      const contract = functions.map((handle) => handle[contractKey]).find((found) => found !== undefined)
      for (const path of flat(route.path)) this.#add(method, join(prefix, path), contract, functions)
    }
  }

  #add(
    method: string | undefined,
    path: string | RegExp,
    contract: Contract | undefined,
    functions: readonly object[],
  ): void {
    const before = this.list.middleware.filter((each) => covers(each.path, path)).map(({ name }) => name)
    const handlers = [...before, ...functions.map(nameOf)]
    this.list.routes.push({ method: method?.toLowerCase(), path, contract, handlers })
  }

  #addMiddleware(mount: string | RegExp, handler: object): void {
    // Middleware with four parameters handles errors.
    if (typeof mount === 'string' && (handler as { length?: number }).length !== 4) {
      this.list.middleware.push({ path: mount.replace(/\/$/, ''), name: nameOf(handler) })
    }
  }
}

const covers = (prefix: string, path: string | RegExp): boolean =>
  prefix === '' || (typeof path === 'string' && (path === prefix || path.startsWith(`${prefix}/`)))

const nameOf = (fn: object): string => (fn as { name?: string }).name || '<anonymous>'

/** The application behind the function that Express mounts. */
const mountedApp = Symbol.for('expressway.mounted-app')

const closedApp =
  'an application that is mounted in another hides its routes in Express; left out: mount a Router, or use the command expressway'
const lostPath =
  'a router is mounted under a path that Express before 5.3 does not keep; left out: update Express, or register its routes on the application'

/** What a layer of Express's router has, as far as it is read here. */
interface Layer {
  /** The path as registered: of the shim and of Express since 5.3. `path` is what a request matched. */
  readonly rawPath?: unknown
  /** Mounted at `/`. */
  readonly slash?: boolean
  /** Of Express 4. */
  readonly regexp?: { readonly fast_slash?: boolean }
  readonly route?: { readonly path: unknown; readonly stack: readonly RouteLayer[] }
  readonly handle: object & { readonly name?: string }
}

interface RouteLayer {
  readonly method?: string
  readonly handle: { readonly [contractKey]?: Contract }
}

/** The paths of a mounted router or of middleware, if the layer says. */
function mountsOf({ rawPath, slash, regexp }: Layer): (string | RegExp)[] | undefined {
  if (rawPath !== undefined) return flat(rawPath)
  return slash || regexp?.fast_slash ? ['/'] : undefined
}

function stackOf(value: unknown): readonly Layer[] | undefined {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined
  const { stack } = value as { stack?: unknown }
  if (Array.isArray(stack)) return stack
  // An application of Express 4 throws when `app.router` is read, and has its own router only after the first route.
  const isExpress4 = typeof (value as { lazyrouter?: unknown }).lazyrouter === 'function'
  if (isExpress4) return stackOf((value as { _router?: unknown })._router) ?? []
  const { router } = value as { router?: unknown }
  return router === undefined ? undefined : stackOf(router)
}

const flat = (path: unknown): (string | RegExp)[] => [path].flat(Infinity as 1) as (string | RegExp)[]

/** Also of a nested router whose route is `/`. */
function join(prefix: string, path: string | RegExp): string | RegExp {
  if (typeof path !== 'string') return path
  return path === '/' && prefix !== '' ? prefix : prefix + path
}
