import { trimOws } from './grammar.ts'
import { createHeaders, type HttpHeaders, type HttpRequest } from './message.ts'
import { remember } from './remember.ts'

/**
 * Header lines as a record: lower-case names, a string or, where a field stands on several lines, an array.
 * Several `cookie` lines become one, as RFC 9113 section 8.2.3 asks before a message reaches an application.
 */
export function fromRawHeaders(raw: readonly string[]): HttpHeaders {
  const headers = createHeaders()
  for (let i = 0; i + 1 < raw.length; i += 2) append(headers, lowerName(raw[i]!), raw[i + 1]!)
  if (Array.isArray(headers.cookie)) headers.cookie = headers.cookie.join('; ')
  return headers
}

// Names repeat from request to request, and a fresh string is dear as a key.
const lowerName = remember((name: string) => name.toLowerCase(), 200)

function append(headers: HttpHeaders, name: string, value: string): void {
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

/** What one field of a request is read from. */
export type Fields = Pick<HttpRequest, 'headers' | 'field'>

/** One field of a request, by its name in lower case. */
export const fieldOf = (request: Fields, name: string): string | string[] | undefined =>
  request.field === undefined ? request.headers[name] : request.field(name)

/** The same in one text. */
export function fieldText(request: Fields, name: string): string | undefined {
  const value = fieldOf(request, name)
  return Array.isArray(value) ? value.join(', ') : value
}

/** The last value of a list field: the one that the nearest proxy added. */
export function lastListItem(request: Fields, name: string): string | undefined {
  const text = fieldText(request, name)
  return (text && trimOws(text.slice(text.lastIndexOf(',') + 1))) || undefined
}

// Hop-by-hop fields (RFC 9110 section 7.6.1) concern the gateway's connection. The gateway also computes the length; ours would
// be announced as that of the base64.
const connectionFields = new Set(
  'connection keep-alive proxy-connection transfer-encoding upgrade te trailer content-length'.split(' '),
)

/** Only of an answer to HEAD no gateway can compute the length: it is that of a body that is not sent (RFC 9110 section 8.6). */
const isDropped = (name: string, isHead: boolean): boolean =>
  connectionFields.has(name) && !(isHead && name === 'content-length')

/**
 * A response's fields for a result: a text as it is, an array of several lines by `join`. Without the fields of a
 * connection and empty arrays; an answer to HEAD keeps its length. Characters beyond Latin-1 pass: the result is JSON, which
 * carries them.
 * @throws TypeError if a line break would let a value forge further header lines.
 */
export function encodeFields<T>(
  headers: HttpHeaders,
  join: (lines: string[], name: string) => T | undefined,
  isHead = false,
): Record<string, T | string> {
  for (const name in headers) {
    const value = headers[name]
    const isKept = typeof value === 'string' && name !== 'set-cookie' && !connectionFields.has(name)
    if (!isKept) return copied(headers, join, isHead)
    wireText(name, value)
  }
  // Fields that are all kept texts need no copy.
  return headers as Record<string, string>
}

function copied<T>(headers: HttpHeaders, join: (lines: string[], name: string) => T | undefined, isHead: boolean) {
  const fields: Record<string, T | string> = {}
  for (const name in headers) {
    if (isDropped(name, isHead)) continue
    const value = headers[name]!
    const encoded = Array.isArray(value) ? join(wireLines(name, value), name) : wireText(name, value)
    if (encoded !== undefined) setMember(fields, name, encoded)
  }
  return fields
}

/** Sets an own member of a plain object: assigned, `__proto__` would be the prototype. */
export function setMember<T>(record: Record<string, T>, name: string, value: T): void {
  if (name !== '__proto__') record[name] = value
  else Object.defineProperty(record, name, { value, enumerable: true, writable: true })
}

/**
 * A test of a field's value that is not run again on the value which the field had the last time it passed: most fields have
 * the same value in every answer.
 */
export function valueTest(isValid: (value: string) => boolean): (name: string, value: string) => boolean {
  const passed = new Map<string, string>()
  return (name, value) => {
    if (passed.get(name) === value) return true
    const valid = isValid(value)
    if (valid && passed.size < 200) passed.set(name, value)
    return valid
  }
}

const isOneLine = valueTest((value) => !/[\r\n\0]/.test(value))

/** @throws TypeError */
export function wireText(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : String(value)
  if (!isOneLine(name, text))
    throw new TypeError(`The value of the response header "${name}" has a line break or a NUL`)
  return text
}

const wireLines = (name: string, lines: readonly unknown[]): string[] => lines.map((line) => wireText(name, line))

/** For sources that take one value for a name (RFC 9110 section 5.3); nothing where there is no line. */
export const joinLines = (lines: string[]): string | undefined => (lines.length > 0 ? lines.join(', ') : undefined)

/** Each cookie of a response: cookies alone cannot be joined. */
export const setCookies = ({ 'set-cookie': cookies }: HttpHeaders): string[] =>
  cookies === undefined ? [] : wireLines('set-cookie', [cookies].flat())
