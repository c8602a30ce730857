import { type Layer, stackOf } from './application.ts'
import type { FunctionInsight } from './function-insight.ts'
import { type OwnFiles, packageOf } from './own-files.ts'
import type { Place } from './rules.ts'

/** A route or a middleware, in the order in which requests meet them. */
export interface Entry extends Partial<Place> {
  readonly kind: 'route' | 'middleware'
  /** With the prefixes of the routers that it is in. */
  readonly path: string
  /** Of a route; empty for all. */
  readonly methods: readonly string[]
  /** Names of the functions. */
  readonly handlers: readonly string[]
  /** Of a middleware that comes from one. */
  readonly package?: string
}

/** An entry with the functions themselves, which only the application's own process has. */
export interface LiveEntry extends Entry {
  readonly functions: readonly object[]
  /** Of a route: its path as it was registered, without prefixes, if that is text. */
  readonly pattern?: string
}

// What Express 4 puts in by itself.
const internals = new Set(['query', 'expressInit'])

/** What is known of functions, and of files. */
export interface Knowledge {
  readonly insight: FunctionInsight
  readonly own: OwnFiles
}

export function listEntries(stack: readonly Layer[], known: Knowledge, prefix = ''): LiveEntry[] {
  return stack.flatMap((layer) => {
    const paths = pathsOf(layer).map((path) => join(prefix, path))
    if (layer.route !== undefined) {
      const patterns = [layer.route.path].flat(5)
      return paths.map((path, index) => ({ ...toRoute(layer.route!, path, known), ...textOf(patterns[index]) }))
    }
    const inner = layer.handle?.stack
    if (Array.isArray(inner)) return paths.flatMap((path) => listEntries(inner, known, path === '/' ? '' : path))
    if (layer.handle === undefined || internals.has(layer.name ?? '')) return []
    return paths.flatMap((path) => toMiddleware(layer, path, known))
  })
}

function toRoute(route: NonNullable<Layer['route']>, path: string, known: Knowledge): LiveEntry {
  const layers = route.stack ?? []
  const methods = [...new Set(layers.flatMap(({ method }) => method?.toUpperCase() ?? []))]
  const functions = [...new Set(layers.flatMap(({ handle }) => handle ?? []))]
  const place = functions.length === 0 ? undefined : known.insight.placeOf(functions.at(-1)!)
  return {
    kind: 'route',
    path,
    methods: shorten(methods),
    handlers: functions.map(nameOf),
    ...ownPlace(place, known),
    functions,
  }
}

const textOf = (pattern: unknown) => (typeof pattern === 'string' ? { pattern } : {})

/** `app.all` of Express 4 and the shim registers each method there is. */
const shorten = (methods: string[]): string[] => (methods.length > 20 ? [] : methods)

function toMiddleware(layer: Layer, path: string, known: Knowledge): LiveEntry[] {
  const handle = layer.handle!
  const mounted = layer.name === 'mounted_app' ? mountedStack(handle, known.insight) : undefined
  if (mounted !== undefined) return listEntries(mounted, known, path === '/' ? '' : path)
  const place = known.insight.placeOf(handle)
  const name = place && packageOf(place.file)
  const entry = { kind: 'middleware', path, methods: [], handlers: [nameOf(handle)], functions: [handle] } as const
  return [{ ...entry, ...ownPlace(place, known), ...(name !== undefined && { package: name }) }]
}

/** An application in an application is a function of Express's own, which has it in its closure. */
function mountedStack(handle: object, insight: FunctionInsight): readonly Layer[] | undefined {
  return insight
    .held(handle)
    .map(stackOf)
    .find((stack) => stack !== undefined)
}

const ownPlace = (place: Place | undefined, { own }: Knowledge): Partial<Place> =>
  place !== undefined && own.has(place.file) ? place : {}

const nameOf = (fn: object): string => (fn as { name?: string }).name || '<anonymous>'

function join(prefix: string, path: string): string {
  if (prefix === '' || !path.startsWith('/')) return prefix === '' ? path : `${prefix} ${path}`
  return path === '/' ? prefix : prefix + path
}

/** The paths of a layer as they were registered, as far as it tells. */
function pathsOf(layer: Layer): string[] {
  const path = layer.route?.path ?? layer.rawPath
  if (path !== undefined) return [path].flat(5).map(String)
  if (layer.slash || layer.regexp?.fast_slash) return ['/']
  return [layer.regexp === undefined ? '/' : fromRegExp(layer.regexp, layer.keys ?? [])]
}

/** Express 4 keeps only what it compiled of a mount path: `^\/users(?:\/([^/]+?))\/?(?=\/|$)` of `/users/:id`. */
function fromRegExp(regexp: RegExp, keys: NonNullable<Layer['keys']>): string {
  const names = keys.map(({ name }) => name).values()
  const path = regexp.source
    .replace(/^\^/, '')
    .replace(/\\\/\?\(\?=\\\/\|\$\)$/, '')
    .replace(/\(\?:\\\/\(\[\^\\?\/\]\+\?\)\)/g, () => `/:${names.next().value}`)
    .replace(/\\([/.-])/g, '$1')
  return /[\\^$()?*+[\]|]/.test(path) ? String(regexp) : path
}
