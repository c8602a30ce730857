import { remember } from '@expressway/core/base'
import loadContentType from '#libraries/content-type.cjs'

/** A media type or another header value with parameters: type and names in lower case. */
export interface MediaType {
  readonly type: string
  readonly parameters: Record<string, string>
}

/** A token (RFC 9110, section 5.6.2): a field's name, a cookie's, a parameter's. */
export const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Reads `text/html; charset=utf-8` and never throws; of a repeated parameter the first counts (RFC 9110, section 5.6.6). */
export const parseMediaType = (text: string): MediaType => loadContentType().parse(text)

/** The content type of `res.json`. */
export const JSON_UTF8 = 'application/json; charset=utf-8'

/**
 * The type with `charset=utf-8`, whatever charset it named.
 * @throws TypeError if it is not a media type.
 */
export const toUtf8 = remember((type: string): string => {
  // Nearly every answer has this type: it needs no library.
  if (type === JSON_UTF8) return type
  const { parse, format } = loadContentType()
  const parsed = parse(type)
  parsed.parameters.charset = 'utf-8'
  return format(parsed)
}, 100)

/** The items of a list in which nothing is quoted. */
export const splitList = (text: string): string[] => text.split(',').map((item) => trimmed(item, ' '))

/** Without blanks at its ends. No expression: on a long run of blanks inside, / +$/ takes quadratic time. */
export function trimmed(text: string, blanks = ' \t'): string {
  let start = 0
  let end = text.length
  while (start < end && blanks.includes(text[start]!)) start++
  while (end > start && blanks.includes(text[end - 1]!)) end--
  return text.slice(start, end)
}
