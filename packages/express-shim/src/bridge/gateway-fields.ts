import type { HttpHeaders } from '@expressway/core/handle'

// API Gateway and function URLs name `application/json` or `application/octet-stream` for an answer without a type (recorded).
const NAMING = new Set<string>(['rest-api', 'http-api', 'function-url'])

/**
 * The fields of a 304 with the content type that the application took off, if the gateway would otherwise name one of its own: a
 * browser updates its stored answer with it (RFC 9111 section 3.2), and would then download a page as a file.
 */
export function withStoredType(headers: HttpHeaders, removedType: unknown, source: string): HttpHeaders {
  if (typeof removedType !== 'string' || headers['content-type'] !== undefined || !NAMING.has(source)) return headers
  return Object.assign(Object.create(null), headers, { 'content-type': removedType })
}

/**
 * Whether a length of 0 is the gateway's and not the client's: an HTTP API writes one for every request without a body (recorded).
 * To a body parser it would say that a GET has a body.
 */
export const isWrittenLength = (length: unknown, method: string, source: string): boolean =>
  length === '0' && source === 'http-api' && !/^P(?:OST|UT|ATCH)$/.test(method)

const BEYOND_LATIN1 = /[^\0-\xff]/

/**
 * A field's value with one character for each byte, as Node's parser gives it and its own APIs (`Headers`, `fetch`, `http.request`)
 * take it. A gateway gives a text: one with a character beyond Latin-1 was read from UTF-8 (`Sīgulda`, or U+FFFD for a byte that
 * is none), so it becomes these bytes. Other texts may have been read either way and stay.
 * @example toByteText('Sīgulda') // 'SÄ«gulda'
 */
export const toByteText = (value: string): string =>
  BEYOND_LATIN1.test(value) ? Buffer.from(value).toString('latin1') : value
