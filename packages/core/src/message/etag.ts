import type { Chunk } from './message.ts'

/** An entity tag of a whole body (RFC 9110, section 8.8.3): a hash of its bytes. */
export function etag(body: Chunk, kind: 'weak' | 'strong'): string {
  const tag = `"${process.getBuiltinModule('node:crypto').hash('sha1', body, 'base64').slice(0, 27)}"`
  return kind === 'weak' ? `W/${tag}` : tag
}

/**
 * Whether the client's copy is current, so that 304 answers it (RFC 9110, section 13.2.2): `If-None-Match` decides by weak
 * comparison where it is there, else `If-Modified-Since`.
 */
export function isFresh(
  request: { ifNoneMatch: string | undefined; ifModifiedSince: string | undefined },
  answer: { etag: string | undefined; lastModified: string | undefined },
): boolean {
  if (request.ifNoneMatch !== undefined) return matchesTag(request.ifNoneMatch, answer.etag)
  if (request.ifModifiedSince === undefined || answer.lastModified === undefined) return false
  return Date.parse(answer.lastModified) <= Date.parse(request.ifModifiedSince)
}

function matchesTag(list: string, tag: string | undefined): boolean {
  if (list.trim() === '*') return true
  return tag !== undefined && (list.match(/"[^"]*"/g) ?? []).some((one) => tag.endsWith(one))
}
