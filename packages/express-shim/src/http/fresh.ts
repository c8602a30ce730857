import type { HttpHeaders } from '@expressway/core/handle'
import { splitList } from './media-type.ts'

/**
 * Whether the client's copy is good, so that 304 is the answer (RFC 9110, section 13.2.2): `If-None-Match` decides by weak
 * comparison, otherwise `If-Modified-Since`; `Cache-Control: no-cache` asks for a new copy.
 */
export function isFresh(request: HttpHeaders, etag: unknown, lastModified: unknown): boolean {
  const noneMatch = request['if-none-match'] as string | undefined
  const modifiedSince = request['if-modified-since'] as string | undefined
  if (!noneMatch && !modifiedSince) return false
  if (/(?:^|,)\s*no-cache\s*(?:,|$)/.test(String(request['cache-control'] ?? ''))) return false
  if (noneMatch) return matchesTag(noneMatch, etag)
  return Boolean(lastModified) && Date.parse(lastModified as string) <= Date.parse(modifiedSince!)
}

/** Whether a list of tags, or `*`, names the tag, weak or not. */
export function matchesTag(list: string, etag: unknown): boolean {
  if (list === '*') return true
  if (!etag) return false
  const tag = opaque(String(etag))
  return splitList(list).some((one) => opaque(one) === tag)
}

const opaque = (tag: string): string => (tag.startsWith('W/') ? tag.slice(2) : tag)
