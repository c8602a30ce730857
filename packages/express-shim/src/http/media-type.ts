import { check } from '../check.ts'

/** A media type or another header value with parameters: type and names in lower case. */
export interface MediaType {
  readonly type: string
  readonly parameters: Record<string, string>
}

const PARAMETER = /;([^;=]*)=[ \t]*(?:"((?:\\[\s\S]|[^"\\])*)("?)[^;]*|([^;]*))/g
const LIST_ITEM = /((?:=[ \t]*"(?:\\[\s\S]|[^"\\])*"?|[^,])*)(?:,|$)/g

/** A token (RFC 9110, section 5.6.2): a field's name, a cookie's, a parameter's. */
export const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const TYPE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const TEXT = /^[\t\x20-\x7e\x80-\xff]*$/

/** Reads `text/html; charset=utf-8` without complaint; of a repeated parameter the first counts (RFC 9110, section 5.6.6). */
export function parseMediaType(text: string): MediaType {
  const end = text.indexOf(';')
  const parameters: Record<string, string> = Object.create(null)
  const type = trimmed(end < 0 ? text : text.slice(0, end)).toLowerCase()
  if (end < 0) return { type, parameters }
  for (const [, name, quoted, close, plain] of text.slice(end).matchAll(PARAMETER)) {
    // A quote that is not closed is no value.
    if (quoted !== undefined && !close) continue
    parameters[trimmed(name!).toLowerCase()] ??=
      quoted === undefined ? trimmed(plain!) : quoted.replace(/\\([\s\S])/g, '$1')
  }
  return { type, parameters }
}

/** Writes a media type. @throws TypeError where a part cannot stand in one. */
export function formatMediaType({ type, parameters }: MediaType): string {
  check(TYPE.test(type), `Invalid type: ${type}`)
  let text = type
  for (const [name, value] of Object.entries(parameters)) {
    check(TOKEN.test(name), `Invalid parameter name: ${name}`)
    text += `; ${name}=${quotedWhereNeeded(value)}`
  }
  return text
}

/** A parameter's value as it can stand in a field. @throws TypeError where it cannot. */
export function quotedWhereNeeded(value: string): string {
  if (TOKEN.test(value)) return value
  check(TEXT.test(value), `Invalid parameter value: ${value}`)
  return `"${value.replace(/[\\"]/g, '\\$&')}"`
}

export const JSON_UTF8 = 'application/json; charset=utf-8'

// Few types are in use: those seen are kept, up to a number. What nearly every answer has is known from the start.
const withUtf8 = new Map([[JSON_UTF8, JSON_UTF8]])
const MANY_TYPES = 100

/** The type with `charset=utf-8`, whatever charset it named. */
export function toUtf8(type: string): string {
  const known = withUtf8.get(type)
  if (known !== undefined) return known
  const parsed = parseMediaType(type)
  parsed.parameters.charset = 'utf-8'
  const text = formatMediaType(parsed)
  if (withUtf8.size < MANY_TYPES) withUtf8.set(type, text)
  return text
}

/** The items of a comma-separated list, where a comma in quotes separates nothing. */
export function listItems(text: string): string[] {
  const items: string[] = []
  for (const [all, item] of text.matchAll(LIST_ITEM)) if (all) items.push(item!)
  return items
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
