// `express/lib/utils`: what Express's own files share. Setting an application compiles a value as these functions do.
import loadContentType from '#libraries/content-type.cjs'
import { getBuiltinModule } from '../builtin.ts'
import { trimmed } from '../http/media-type.ts'
import { mimeType } from '../http/mime.ts'
import express from '../index.ts'
import type { ETagFunction, QueryParser } from '../settings.ts'

interface NormalizedType {
  value: string
  /** The weight that `q` names, 1 if it names none; not there for an extension. */
  quality?: number
  params: Record<string, string>
}

/** Node's methods in lower case. */
export const methods: string[] = getBuiltinModule('node:http').METHODS.map((method) => method.toLowerCase())

/** The function of the setting `etag`. @throws TypeError for a value that means nothing to it. */
export function compileETag(value: unknown): ETagFunction | undefined {
  return compile('etag', value)
}

/** The function of the setting `query parser`. @throws TypeError for a value that means nothing to it. */
export function compileQueryParser(value: unknown): QueryParser | undefined {
  return compile('query parser', value)
}

/** The function of the setting `trust proxy`. @throws TypeError if an address is none. */
export function compileTrust(value: unknown): (address: string, hop: number) => boolean {
  return compile('trust proxy', value)
}

/** The strong entity tag of a body. */
export const etag = compileETag('strong')!

/** The weak one. */
export const wetag = compileETag('weak')!

/** A media type with its parameters, or the type of a file extension. */
export function normalizeType(type: string): NormalizedType {
  if (!type.includes('/')) return { value: mimeType(type) || 'application/octet-stream', params: {} }
  const [value, ...parameters] = type.split(';')
  const normalized: NormalizedType = { value: trimmed(value!), quality: 1, params: {} }
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=')
    if (equals < 0) continue
    const name = trimmed(parameter.slice(0, equals))
    const text = trimmed(parameter.slice(equals + 1))
    if (name === 'q') normalized.quality = Number.parseFloat(text)
    else normalized.params[name] = text
  }
  return normalized
}

/** The same for each of a list. */
export function normalizeTypes(types: readonly string[]): NormalizedType[] {
  return types.map((type) => normalizeType(type))
}

/** A `Content-Type` with another charset; as it is if one of both is missing. */
export function setCharset(type: string, charset: string): string {
  if (!type || !charset) return type
  const { parse, format } = loadContentType()
  const parsed = parse(type)
  parsed.parameters.charset = charset
  return format(parsed)
}

// biome-ignore lint/suspicious/noExplicitAny: each setting has a function of its own kind.
function compile(setting: string, value: unknown): any {
  const app = express()
  app.set(setting, value)
  return app.get(`${setting} fn`)
}

const utils = {
  ...{ methods, etag, wetag, normalizeType, normalizeTypes },
  ...{ compileETag, compileQueryParser, compileTrust, setCharset },
}

export default utils

/** @internal */
export { utils as 'module.exports' }
