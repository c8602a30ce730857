import type { HttpHeaders } from '@expressway/core/base'
import { remember, valueTest } from '@expressway/core/base'
import { TOKEN } from '../http/media-type.ts'
import { refuse } from './node-errors.ts'
import { callNode, nodeMember } from './node-link.ts'

/** A header's value as Node takes it; it comes back from `getHeader` as it was given. */
export type FieldValue = string | number | readonly string[]

type Fields = Record<string, FieldValue>

/** A record without the members of Object.prototype that stays fast, unlike `Object.create(null)`. */
const Fields = function Fields() {} as unknown as new () => Fields
Fields.prototype = Object.create(null)

/** The fields of a message before the first one is set. */
export const NO_FIELDS = new Fields()

/** Values by lower-case name; undefined on a message that is Node's own. */
export const FIELDS: unique symbol = Symbol('expressway.fields') as never
/** The names as the application wrote them, if they differ from `writtenNames`. */
const NAMES: unique symbol = Symbol('expressway.names') as never
/** What goes out: undefined until the headers are sent. */
export const SENT: unique symbol = Symbol('expressway.sent') as never

/** The content type that was removed last: a 304 may need it. Set only after a removal. */
export const REMOVED_TYPE: unique symbol = Symbol('expressway.removed-type') as never

/** How each name was written first, by its lower-case name: a message keeps only the names that it writes otherwise. */
const writtenNames = new Map([
  ['content-type', 'Content-Type'],
  ['content-length', 'Content-Length'],
  ['etag', 'ETag'],
  ['x-powered-by', 'X-Powered-By'],
])

// RFC 9110, section 5.5: what Node checks too.
export const INVALID_VALUE = /[^\t\x20-\x7e\x80-\xff]/

const MANY_NAMES = 500

/** The name in lower case, or `undefined` if it is not a token: applications use few names, and use them in every answer. */
export const lowerName = remember((name: string): string | undefined => {
  if (typeof name !== 'string' || !TOKEN.test(name)) return undefined
  const lower = name.toLowerCase()
  if (writtenNames.size < MANY_NAMES && !writtenNames.has(lower)) writtenNames.set(lower, name)
  return lower
}, MANY_NAMES)

// Not String(value): it would hide a symbol, which is a mistake of the caller; this throws.
const isInvalidValue = (value: unknown): boolean => value === undefined || INVALID_VALUE.test(value as string)

const isText = valueTest((value) => !INVALID_VALUE.test(value))

// Only texts are remembered: a list may be changed afterwards.
const isValid = (key: string, value: unknown): boolean =>
  typeof value === 'string' ? isText(key, value) : !isInvalidValue(value)

/** The part of Node's ServerResponse that keeps the headers. */
export class OutgoingHeaders {
  declare [FIELDS]: Fields
  declare [NAMES]: Record<string, string> | undefined
  declare [SENT]: Fields | undefined
  declare [REMOVED_TYPE]: FieldValue | undefined

  constructor() {
    this[FIELDS] = NO_FIELDS
    this[NAMES] = undefined
    this[SENT] = undefined
  }

  get headersSent(): boolean {
    if (!this[FIELDS]) return nodeMember('headersSent', this) as boolean
    return Boolean(this[SENT])
  }

  setHeader(name: string, value: FieldValue): this {
    if (!this[FIELDS]) return callNode('setHeader', this, [name, value])
    setField(this, checkedKey(this, 'setHeader', name, value), name, value)
    return this
  }

  appendHeader(name: string, value: string | readonly string[]): this {
    if (!this[FIELDS]) return callNode('appendHeader', this, [name, value])
    const key = checkedKey(this, 'appendHeader', name, value)
    const fields = this[FIELDS]
    if (!(key in fields)) return this.setHeader(name, value)
    fields[key] = [fields[key]!, value].flat() as string[]
    return this
  }

  getHeader(name: string): FieldValue | undefined {
    if (!this[FIELDS]) return callNode('getHeader', this, [name])
    if (typeof name !== 'string') refuse('getHeader', [name])
    return this[FIELDS][lowerName(name) ?? name.toLowerCase()]
  }

  hasHeader(name: string): boolean {
    if (!this[FIELDS]) return callNode('hasHeader', this, [name])
    if (typeof name !== 'string') refuse('hasHeader', [name])
    return name.toLowerCase() in this[FIELDS]
  }

  removeHeader(name: string): void {
    if (!this[FIELDS]) return void callNode('removeHeader', this, [name])
    if (typeof name !== 'string' || this[SENT]) refuse('removeHeader', [name], this[SENT])
    const key = name.toLowerCase()
    if (!(key in this[FIELDS])) return
    if (key === 'content-type') this[REMOVED_TYPE] = this[FIELDS][key]
    this[FIELDS] = without(this[FIELDS], key)
  }

  getHeaderNames(): string[] {
    if (!this[FIELDS]) return callNode('getHeaderNames', this, [])
    return Object.keys(this[FIELDS])
  }

  getHeaders(): Record<string, FieldValue> {
    if (!this[FIELDS]) return callNode('getHeaders', this, [])
    return Object.assign(Object.create(null), this[FIELDS])
  }
}

/** A copy, as `delete` would make V8 keep the record as a slow dictionary from then on. */
function without(fields: Fields, key: string): Fields {
  const rest = new Fields()
  for (const name in fields) if (name !== key) rest[name] = fields[name]!
  return rest
}

/** Stores a field whose name and value are known to be right. */
export function setField(message: OutgoingHeaders, key: string, name: string, value: FieldValue): void {
  if (message[FIELDS] === NO_FIELDS) message[FIELDS] = new Fields()
  message[FIELDS][key] = value
  if (name !== writtenNames.get(key)) {
    message[NAMES] ??= Object.create(null) as Record<string, string>
    message[NAMES][key] = name
  } else if (message[NAMES]) delete message[NAMES][key]
}

/** Stores a field that every process writes the same: `writtenNames` begins with those. */
export function setOwnField(message: OutgoingHeaders, key: string, value: string): void {
  if (message[FIELDS] === NO_FIELDS) message[FIELDS] = new Fields()
  message[FIELDS][key] = value
  if (message[NAMES]) delete message[NAMES][key]
}

const { setHeader } = OutgoingHeaders.prototype

/** Sets `X-Powered-By`: directly, unless `setHeader` was replaced. */
export function setPoweredBy(response: object): void {
  const message = response as OutgoingHeaders
  if (message.setHeader === setHeader && message[FIELDS] && !message[SENT])
    setOwnField(message, 'x-powered-by', 'Express')
  else message.setHeader('X-Powered-By', 'Express')
}

/** The field as it was written: `X-Request-Id`. */
export function writtenName(message: OutgoingHeaders, key: string): string {
  return message[NAMES]?.[key] ?? writtenNames.get(key) ?? key
}

/** The key of a field that may be set now. @throws the error of Node if it may not. */
function checkedKey(message: OutgoingHeaders, method: string, name: string, value: unknown): string {
  const key = lowerName(name)
  if (!key || message[SENT] || !isValid(key, value)) refuse(method, [name, value], message[SENT])
  return key
}

/** What `writeHead` is given: an object, a flat list, or a list of pairs. */
export type HeadersArgument =
  | Readonly<Record<string, FieldValue | undefined>>
  | readonly (string | FieldValue)[]
  | readonly (readonly [string, FieldValue])[]

/**
 * Merges `writeHead`'s headers as Node does: they replace those that were set, and a list may repeat a name. If none were set,
 * they go out without being stored, and `getHeader` does not find them.
 */
export function sendHeaders(message: OutgoingHeaders, given: HeadersArgument | null | undefined): void {
  if (message[FIELDS] !== NO_FIELDS) {
    if (Array.isArray(given)) replaceListed(message, given)
    else if (given)
      for (const [name, value] of Object.entries(given)) if (name) message.setHeader(name, value as FieldValue)
    message[SENT] = message[FIELDS]
    return
  }
  const direct = new OutgoingHeaders()
  direct[FIELDS] = new Fields()
  for (const [name, value] of pairsOf(given)) addLine(direct, name, value)
  message[SENT] = direct[FIELDS]
  message[NAMES] = direct[NAMES]
}

function replaceListed(message: OutgoingHeaders, list: readonly unknown[]): void {
  if (list.length % 2) refuse('writeHead', [200, list])
  for (let index = 0; index < list.length; index += 2) message.removeHeader(list[index] as string)
  for (let index = 0; index < list.length; index += 2) {
    if (list[index]) message.appendHeader(list[index] as string, list[index + 1] as string)
  }
}

function pairsOf(given: HeadersArgument | null | undefined): Iterable<readonly [string, FieldValue]> {
  if (!given) return []
  if (!Array.isArray(given)) return Object.entries(given) as [string, FieldValue][]
  if (Array.isArray(given[0])) return given as [string, FieldValue][]
  if (given.length % 2) refuse('writeHead', [200, given])
  return Array.from({ length: given.length / 2 }, (_, index) => [given[2 * index], given[2 * index + 1]])
}

function addLine(direct: OutgoingHeaders, name: string, value: FieldValue): void {
  const values = Array.isArray(value) ? value : [value]
  if (!lowerName(name) || values.some(isInvalidValue)) refuse('writeHead', [200, { [name]: value }])
  // Two values of `Cookie` stand on one line; every value of another field has its own line (Node's processHeader).
  if (name.toLowerCase() === 'cookie' && values.length > 1) direct.appendHeader(name, values.join('; '))
  else for (const one of values) direct.appendHeader(name, one as string)
}

/** The fields as an answer has them: text, or a list if several lines go out. */
export function answerHeaders(sent: Fields): HttpHeaders {
  for (const key in sent) if (typeof sent[key] !== 'string') return converted(sent)
  return sent as HttpHeaders
}

function converted(sent: Fields): HttpHeaders {
  const headers = new Fields() as HttpHeaders
  for (const [key, value] of Object.entries(sent)) {
    if (!Array.isArray(value)) headers[key] = String(value)
    else if (key === 'cookie') headers[key] = value.join('; ')
    else if (value.length) headers[key] = value.map(String)
  }
  return headers
}
