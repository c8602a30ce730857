import type { Server } from 'node:http'

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

export interface Application {
  /** Where it was found: `export "app"`, or the server that listens. */
  readonly origin: string
  readonly kind: 'Express 4' | 'Express 5' | '@expressway/express-shim' | 'a router'
  readonly stack: readonly Layer[]
  readonly settings: Readonly<Record<string, unknown>>
}

type Module = Readonly<Record<string, unknown>>

/**
 * The application among a module's exports, or behind the server that it started.
 * @param exportName where given, the only export to look at; a function without parameters is called for it
 */
export async function findApplication(
  module: Module,
  servers: readonly Server[],
  exportName?: string,
): Promise<Application | undefined> {
  if (exportName !== undefined) return toApplication(await produce(module, exportName), `export "${exportName}"`)
  const inner = Object(module['default']) as Module
  const names = ['app', 'default', ...Object.keys(module)]
  for (const name of names) {
    const found = toApplication(await module[name], `export "${name}"`)
    if (found !== undefined) return found
  }
  for (const name of Object.keys(inner)) {
    const found = toApplication(member(inner, name), `export "${name}"`)
    if (found !== undefined) return found
  }
  const listeners = servers.flatMap((server) => server.listeners('request'))
  return listeners.map((listener) => toApplication(listener, 'its server')).find((found) => found !== undefined)
}

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
  // Express 4 has its router after the first route only, and throws where `app.router` is read.
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
