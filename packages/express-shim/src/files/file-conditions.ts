import type { IncomingHttpHeaders } from 'node:http'
import { isFresh, matchesTag } from '../http/fresh.ts'
import { parseRange, type Range } from '../http/range.ts'

/** What the answer says of the file so far. */
export interface Validators {
  readonly etag: unknown
  readonly lastModified: unknown
}

/** 412 or 304 if the client's conditions require it (RFC 9110, section 13.2.2), otherwise undefined. */
export function checkConditions(
  headers: IncomingHttpHeaders,
  status: number,
  found: Validators,
): 304 | 412 | undefined {
  if (failsPrecondition(headers, found)) return 412
  const isCacheable = (status >= 200 && status < 300) || status === 304
  return isCacheable && isFresh(headers as Record<string, string>, found.etag, found.lastModified) ? 304 : undefined
}

function failsPrecondition(headers: IncomingHttpHeaders, { etag, lastModified }: Validators): boolean {
  const match = headers['if-match']
  if (match) return !etag || !matchesTag(match, etag)
  const unmodifiedSince = parseDate(headers['if-unmodified-since'])
  return !Number.isNaN(unmodifiedSince) && !(parseDate(lastModified) <= unmodifiedSince)
}

const parseDate = (text: unknown): number => (text ? Date.parse(String(text)) : Number.NaN)

/**
 * The one range to send, `undefined` for the whole: also if several ranges are requested, or the client's part is of
 * another version. `-1` if the file has no such bytes.
 */
export function rangeToSend(headers: IncomingHttpHeaders, size: number, found: Validators): Range | -1 | undefined {
  const field = headers.range
  if (field === undefined || !/^ *bytes=/.test(field) || !isSameVersion(headers['if-range'], found)) return undefined
  const ranges = parseRange(size, field, { combine: true })
  if (ranges === -1) return -1
  return ranges !== -2 && ranges.length === 1 ? ranges[0] : undefined
}

/** RFC 9110, section 13.1.5: a tag or a date. */
function isSameVersion(ifRange: unknown, { etag, lastModified }: Validators): boolean {
  if (!ifRange) return true
  const text = String(ifRange)
  if (text.includes('"')) return Boolean(etag) && text.includes(String(etag))
  return parseDate(lastModified) <= parseDate(text)
}
