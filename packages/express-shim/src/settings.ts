import { getBuiltinModule } from './builtin.ts'
import { check } from './check.ts'
import { etag, weakEtag } from './http/etag.ts'
import { compileTrust } from './http/trust-proxy.ts'
import { hide } from './property.ts'
import { parseExtended, parseSimple } from './url/query.ts'
import { View } from './view.ts'

/** The settings of an application by name, with the compiled functions beside them. */
export type Settings = Record<string, unknown>

/** Makes the tag of a body, or nothing: the compiled setting `etag`. */
export type ETagFunction = (body: string | Uint8Array, encoding?: BufferEncoding) => string | undefined
/** Makes `req.query`: the compiled setting `query parser`. */
export type QueryParser = (query: string) => Record<string, unknown>

/** What every application begins with, compiled as `applySetting` compiles it. */
export function defaultSettings(): Settings {
  // Lambda sets no NODE_ENV; Express's `development` would answer errors with their stack.
  const env = process.env.NODE_ENV || (process.env.AWS_LAMBDA_FUNCTION_NAME ? 'production' : 'development')
  return {
    'x-powered-by': true,
    etag: 'weak',
    'etag fn': weakEtag,
    env,
    'query parser': 'simple',
    'query parser fn': parseSimple,
    'subdomain offset': 2,
    'trust proxy': false,
    'trust proxy fn': trustNobody,
    view: View,
    views: getBuiltinModule('node:path').resolve('views'),
    'jsonp callback name': 'callback',
    ...(env === 'production' && { 'view cache': true }),
  }
}

const trustNobody = () => false

/** Settings that are compiled from another whenever that one is set. */
const COMPILERS: Record<string, (value: unknown) => unknown> = {
  etag: (value) => named('etag', value, { weak: weakEtag, strong: etag }),
  'query parser': (value) => named('query parser', value, { simple: parseSimple, extended: parseExtended }),
  'trust proxy': compileTrust,
}

// Express's own name for it: a real Express application that mounts this one, or is mounted, asks for it too.
const TRUST_PROXY_DEFAULT = '@@symbol:trust_proxy_default'

/** Sets a value and what is compiled from it. @throws TypeError for a value that means nothing to a compiled setting. */
export function applySetting(settings: Settings, name: string, value: unknown): void {
  settings[name] = value
  const compile = Object.hasOwn(COMPILERS, name) ? COMPILERS[name] : undefined
  if (!compile) return
  settings[`${name} fn`] = compile(value)
  if (name === 'trust proxy') markTrustProxyDefault(settings, false)
}

/** Says whether `trust proxy` is still the default, which a mounting application's own value replaces. */
export function markTrustProxyDefault(settings: Settings, value: boolean): void {
  hide(settings, TRUST_PROXY_DEFAULT, value)
}

/** A mounted application takes its parent's values for all that it did not set, and `trust proxy` unless it set that. */
export function inheritSettings(settings: Settings, parent: Settings): void {
  if (settings[TRUST_PROXY_DEFAULT] === true && typeof parent['trust proxy fn'] === 'function') {
    delete settings['trust proxy']
    delete settings['trust proxy fn']
  }
  Object.setPrototypeOf(settings, parent)
}

/** The function itself, or the one of that name; true is the first of them, false is no function. */
function named(setting: string, value: unknown, functions: Record<string, unknown>): unknown {
  if (typeof value === 'function') return value
  if (value === false) return undefined
  const name = value === true ? Object.keys(functions)[0]! : value
  check(typeof name === 'string' && Object.hasOwn(functions, name), `unknown value for ${setting} function: ${value}`)
  return functions[name]
}
