// The one policy for answers whose bytes may be replaced by a compressed form: for applications and for every way in.
import { trimOws } from './grammar.ts'
import { headerText } from './headers.ts'
import type { HttpHeaders } from './message.ts'

/**
 * Whether the body of an answer may be compressed. Not a part of a representation, since a byte range counts the bytes of the
 * encoded form (RFC 9110, sections 8.4 and 14.1.2); not one that is encoded already; not one that says `no-transform`, in any
 * case (RFC 9111, section 5.2.2.6).
 */
export const mayEncode = (status: number, headers: HttpHeaders): boolean =>
  status !== 206 &&
  headers['content-range'] === undefined &&
  /^(?:identity)?$/i.test(headerText(headers, 'content-encoding') ?? '') &&
  !/\bno-transform\b/i.test(headerText(headers, 'cache-control') ?? '')

/** Says in the headers that the body is encoded: `Content-Encoding`, no `Content-Length`, a weak tag. */
export function markEncoded(headers: HttpHeaders, encoding: string): void {
  headers['content-encoding'] = encoding
  delete headers['content-length']
  weakenTag(headers)
}

/** Makes the entity tag weak, as the encoded bytes are not those that a strong one stands for (RFC 9110, section 8.8.1). */
export function weakenTag(headers: HttpHeaders): void {
  const { etag } = headers
  if (typeof etag === 'string' && !etag.startsWith('W/')) headers['etag'] = `W/${etag}`
}

/** Adds a name to `Vary`, unless it is there in any case or `*` is. */
export function addVary(headers: HttpHeaders, name: string): void {
  const present = headerText(headers, 'vary')
  const names = (present ?? '').toLowerCase().split(',').map(trimOws)
  if (!names.includes('*') && !names.includes(name.toLowerCase()))
    headers['vary'] = present ? `${present}, ${name}` : name
}
