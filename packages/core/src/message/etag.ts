import { trimOws } from './grammar.ts'
import type { Chunk } from './message.ts'

/** The entity tag of a whole body (RFC 9110, section 8.8.3): the SHA-1 of its bytes in base64, without padding. */
export function etag(body: Chunk, kind: 'weak' | 'strong'): string {
  const tag = `"${process.getBuiltinModule('node:crypto').hash('sha1', body, 'base64').slice(0, 27)}"`
  return kind === 'weak' ? `W/${tag}` : tag
}

/**
 * Whether the client's copy is current, so that the answer is 304 (RFC 9110, section 13.2.2): by `If-None-Match` with weak
 * comparison if the request has it, otherwise by `If-Modified-Since`.
 */
export function isFresh(
  request: { ifNoneMatch: string | undefined; ifModifiedSince: string | undefined },
  answer: { etag: string | undefined; lastModified: string | undefined },
): boolean {
  if (request.ifNoneMatch !== undefined) return matchesTag(request.ifNoneMatch, answer.etag)
  if (request.ifModifiedSince === undefined || answer.lastModified === undefined) return false
  return Date.parse(answer.lastModified) <= Date.parse(request.ifModifiedSince)
}

/** Weak comparison (RFC 9110, section 8.8.3.2): what is compared is the quoted part alone. */
function matchesTag(list: string, tag: string | undefined): boolean {
  if (trimOws(list) === '*') return true
  return tag !== undefined && (list.match(/"[^"]*"/g) ?? []).some((one) => tag.endsWith(one))
}
