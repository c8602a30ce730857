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
