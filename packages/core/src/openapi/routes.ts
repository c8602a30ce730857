import { contractKey } from '../app/route-options.ts'
import { joinPath } from '../app/route-table.ts'
import type { AnyRouter, Registration } from '../app/router.ts'
import type { Contract, ContractOptions } from '../contract/definition.ts'

/** A route of an application, of core or Express. */
export interface RouteInfo {
  /** In lower case; `undefined` for every method. */
  readonly method: string | undefined
  readonly path: string
  readonly contract: Contract | undefined
}

/** Routes that a document can describe, and why others were left out. */
export interface RouteList {
  readonly routes: RouteInfo[]
  readonly warnings: string[]
}

/**
 * The routes of an application in the order of registration.
 * @param app an application or router of core, or one of Express's kind: what has a `router.stack` or a `stack`.
 * @throws TypeError if it is neither.
 */
export function routesOf(app: unknown): RouteList {
  const list: RouteList = { routes: [], warnings: [] }
  const router = app as Partial<AnyRouter> & { readonly router?: { readonly stack?: unknown } }
  if (Array.isArray(router?.registrations)) addRegistrations(list, router as AnyRouter, '')
  else {
    const stack = stackOf(app)
    if (stack === undefined)
      throw new TypeError('An application is one of createApp() or express(), or a router of either')
    addStack(list, stack, '')
  }
  return list
}

function addRegistrations(list: RouteList, router: AnyRouter, prefix: string): void {
  for (const registration of router.registrations as readonly Registration[]) {
    if (registration.kind === 'router') {
      addRegistrations(list, registration.router, prefix + registration.prefix.replace(/\/$/, ''))
    } else if (registration.kind === 'route') {
      const bound = (registration.options as Partial<ContractOptions>)[contractKey]
      for (const path of [joinPath(prefix, registration.path)].flat(Infinity as 1)) {
        for (const method of registration.methods ?? [undefined]) add(list, method, path, bound?.definition)
      }
    }
  }
}

function add(list: RouteList, method: string | undefined, path: unknown, contract: Contract | undefined): void {
  if (typeof path === 'string') list.routes.push({ method: method?.toLowerCase(), path, contract })
  else
    list.warnings.push(`${method ?? 'ALL'} ${String(path)}: a document cannot describe a regular expression; left out`)
}

/** The application behind the function that Express mounts. */
const mountedApp = Symbol.for('expressway.mounted-app')

/** What a layer of Express's router has, as far as it is read here. */
interface Layer {
  readonly path?: unknown
  readonly route?: { readonly path: unknown; readonly stack: readonly RouteLayer[] }
  readonly handle: unknown
}

interface RouteLayer {
  readonly method?: string
  readonly handle: { readonly [contractKey]?: Contract }
}

function stackOf(value: unknown): readonly Layer[] | undefined {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined
  const { stack } = value as { stack?: unknown }
  if (Array.isArray(stack)) return stack
  // Read only of applications: a real Express 4 application throws at `app.router`.
  const { router } =
    typeof (value as { lazyrouter?: unknown }).lazyrouter === 'function'
      ? { router: undefined }
      : (value as { router?: unknown })
  return router === undefined ? undefined : stackOf(router)
}

function addStack(list: RouteList, stack: readonly Layer[], prefix: string): void {
  for (const { route, handle, path } of stack) {
    if (route !== undefined) addRoute(list, route, prefix)
    else {
      const nested = stackOf((handle as { readonly [mountedApp]?: unknown })[mountedApp] ?? handle)
      if (nested === undefined) continue
      for (const mount of [path ?? '/'].flat(Infinity as 1)) {
        if (typeof mount === 'string') addStack(list, nested, prefix + mount.replace(/\/$/, ''))
        else
          list.warnings.push(
            `a router under ${String(mount)}: a document cannot describe a regular expression; left out`,
          )
      }
    }
  }
}

function addRoute(list: RouteList, route: NonNullable<Layer['route']>, prefix: string): void {
  const methods = new Set(route.stack.map(({ method }) => method))
  for (const method of methods) {
    const layers = route.stack.filter((layer) => layer.method === method || layer.method === undefined)
    const contract = layers.map(({ handle }) => handle[contractKey]).find((found) => found !== undefined)
    for (const path of [route.path].flat(Infinity as 1)) {
      add(list, method, typeof path === 'string' ? joinExpress(prefix, path) : path, contract)
    }
  }
}

const joinExpress = (prefix: string, path: string): string => (path === '/' && prefix !== '' ? prefix : prefix + path)
