import type { Server } from 'node:http'
import type { FunctionInsight } from './function-insight.ts'

/** An entry of a router's stack, as Express 4, Express 5 and the shim have it. */
export interface Layer {
  readonly name?: string
  readonly handle?: object & { readonly stack?: unknown; readonly length?: number }
  readonly route?: {
    readonly path?: unknown
    readonly stack?: readonly { readonly handle?: object; readonly method?: string; readonly name?: string }[]
  }
  /** The path as registered: Express 5.3's. */
  readonly rawPath?: unknown
  readonly slash?: boolean
  /** Express 4's. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean }
  readonly keys?: readonly { readonly name: string | number }[]
}

/** The application that was found. */
export interface Application {
  /** Where it was found: `as export "app"`, `behind export "handler"`, or `as its server`. */
  readonly origin: string
  readonly kind: 'Express 4' | 'Express 5' | '@expressway/express-shim' | 'a router'
  readonly stack: readonly Layer[]
  readonly settings: Readonly<Record<string, unknown>>
}

type Module = Readonly<Record<string, unknown>>

/** What a search looks for: `undefined` for what is no application; `origin` says where it was found. */
export type Recognize<Found> = (value: unknown, origin: string) => Found | undefined

/**
 * The Express application among a module's exports, behind an exported Lambda handler, or behind the server that it started.
 * @param exportName if given, the only export to look at; a function without parameters is called for it
 */
export const findApplication = (
  module: Module,
  servers: readonly Server[],
  insight: FunctionInsight,
  exportName?: string,
): Promise<Application | undefined> => searchModule(module, servers, insight, toApplication, exportName)

/** The first thing in a module that is recognized: in its exports, in closures of its handlers, or behind its servers. */
export async function searchModule<Found>(
  module: Module,
  servers: readonly Server[],
  insight: FunctionInsight,
  recognize: Recognize<Found>,
  exportName?: string,
): Promise<Found | undefined> {
  const behind = (value: unknown, name: string): Found | undefined => {
    if (typeof value !== 'function') return undefined
    const held = insight.reach(value, (each) => isWhole(each) && recognize(each, '') !== undefined)
    return recognize(held, `behind export "${name}"`)
  }
  if (exportName !== undefined) {
    const value = await produce(module, exportName)
    return recognize(value, `as export "${exportName}"`) ?? behind(value, exportName)
  }
  const inner = Object(module['default']) as Module
  const names = ['app', 'default', ...Object.keys(module)]
  for (const name of names) {
    const found = recognize(await module[name], `as export "${name}"`)
    if (found !== undefined) return found
  }
  for (const name of Object.keys(inner)) {
    const found = recognize(member(inner, name), `as export "${name}"`)
    if (found !== undefined) return found
  }
  const listeners = servers.flatMap((server) => server.listeners('request'))
  const served = listeners.map((listener) => recognize(listener, 'as its server'))
  const handlers = new Set(['handler', 'streamHandler', ...names])
  const handled = [...handlers].map((name) => behind(exportOf(module, name), name))
  return [...served, ...handled].find((found) => found !== undefined)
}

/** Leads from the function that answers messages to its application, in core. */
export const appKey = Symbol.for('expressway.app')

/** An application, not one of its routers: what a closure leads to may be either. */
const isWhole = (value: object): boolean => 'settings' in value || appKey in value

/** CommonJS has its exports as one object, which may be the application itself, with its handler. */
export const exportOf = (module: Module, name: string): unknown =>
  module[name] ?? member(Object(module['module.exports']), name)

async function produce(module: Module, exportName: string): Promise<unknown> {
  const value = await (module[exportName] ?? member(Object(module['default']), exportName))
  if (typeof value !== 'function' || stackOf(value) !== undefined || value.length > 0) return value
  return value()
}

function toApplication(value: unknown, origin: string): Application | undefined {
  const stack = stackOf(value)
  if (stack === undefined) return undefined
  return { origin, kind: kindOf(value as object), stack, settings: Object(member(value, 'settings')) }
}

function kindOf(value: object): Application['kind'] {
  if ('lazyrouter' in value) return 'Express 4'
  if ('streamHandler' in value) return '@expressway/express-shim'
  return 'settings' in value ? 'Express 5' : 'a router'
}

/** The stack of an application or a router. */
export function stackOf(value: unknown): readonly Layer[] | undefined {
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return undefined
  // Express 4 has its router only after the first route, and throws when `app.router` is read.
  if ('lazyrouter' in value) return asStack(Object(member(value, '_router')).stack) ?? []
  return asStack(member(value, 'stack')) ?? asStack(Object(member(value, 'router')).stack)
}

const asStack = (value: unknown): readonly Layer[] | undefined => (Array.isArray(value) ? value : undefined)

function member(value: unknown, name: string): unknown {
  try {
    return (value as Module)[name]
  } catch {
    return undefined
  }
}
