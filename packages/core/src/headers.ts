import type { HttpHeaders } from './message.ts'

/**
 * Header lines as a record: lower-case names, a string or, where a field stands on several lines, an array.
 * Several `cookie` lines become one, as RFC 9113 section 8.2.3 asks before a message reaches an application.
 */
export function fromRawHeaders(raw: readonly string[]): HttpHeaders {
  const headers: HttpHeaders = Object.create(null)
  for (let i = 0; i + 1 < raw.length; i += 2) appendHeader(headers, lowerName(raw[i]!), raw[i + 1]!)
  if (Array.isArray(headers.cookie)) headers.cookie = headers.cookie.join('; ')
  return headers
}

const lowerNames = new Map<string, string>()

// Names repeat from request to request, and a fresh string is dear as a key. Bounded, as clients choose the names.
function lowerName(name: string): string {
  const known = lowerNames.get(name)
  if (known !== undefined) return known
  const lower = name.toLowerCase()
  if (lowerNames.size < 200) lowerNames.set(name, lower)
  return lower
}

/** Adds one line; `name` is in lower case, and `headers` has no prototype. */
export function appendHeader(headers: HttpHeaders, name: string, value: string): void {
  const present = headers[name]
  if (present === undefined) headers[name] = value
  else if (typeof present === 'string') headers[name] = [present, value]
  else present.push(value)
}

/** The value in one text: several lines joined as RFC 9110 section 5.3 joins them. */
export function headerText(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** The last value of a list field: the one that the nearest proxy added. */
export function lastListItem(headers: HttpHeaders, name: string): string | undefined {
  const text = headerText(headers, name)
  return text?.slice(text.lastIndexOf(',') + 1).trim() || undefined
}

const connectionFields = new Set(
  'connection keep-alive proxy-connection transfer-encoding upgrade te trailer content-length'.split(' '),
)

/**
 * Whether a response field means something only on one connection, which here is the gateway's own (RFC 9110 section
 * 7.6.1), or is the length, which the gateway counts itself and would else announce as that of the base64.
 */
export const isConnectionField = (name: string): boolean => connectionFields.has(name)

const lineBreak = /[\r\n\0]/

/**
 * A value as it may go on the wire. Characters beyond Latin-1 pass: the result is JSON, which carries them.
 * @throws TypeError where a line break would let the value forge further header lines.
 */
export function wireValue(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : String(value)
  if (lineBreak.test(text)) throw new TypeError(`The value of the response header "${name}" has a line break or a NUL`)
  return text
}

/** {@link wireValue} of each line of a field. */
export const wireValues = (name: string, value: unknown): string[] =>
  Array.isArray(value) ? value.map((item) => wireValue(name, item)) : [wireValue(name, value)]

/** Sets an own member of a plain object, `__proto__` included. */
export function setMember<T>(record: Record<string, T>, name: string, value: T): void {
  if (name !== '__proto__') record[name] = value
  else Object.defineProperty(record, name, { value, enumerable: true, writable: true, configurable: true })
}
