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

export const JSON_UTF8 = 'application/json; charset=utf-8'

// Few types are in use: those seen are kept, up to a number. What nearly every answer has is known from the start.
const withUtf8 = new Map([[JSON_UTF8, JSON_UTF8]])
const MANY_TYPES = 100

/**
 * The type with `charset=utf-8`, whatever charset it named.
 * @throws TypeError if it is no media type.
 */
export function toUtf8(type: string): string {
  const known = withUtf8.get(type)
  if (known !== undefined) return known
  const { parse, format } = loadContentType()
  const parsed = parse(type)
  parsed.parameters.charset = 'utf-8'
  const text = format(parsed)
  if (withUtf8.size < MANY_TYPES) withUtf8.set(type, text)
  return text
}

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
