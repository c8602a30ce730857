import { listItems, type MediaType, parseMediaType } from './media-type.ts'
import { mimeType } from './mime.ts'

/** One entry of an `Accept*` field: how it is written, its weight and where it stands. */
interface Accepted {
  readonly name: string
  readonly parameters: Record<string, string>
  readonly quality: number
  readonly order: number
}

/** How well something offered fits: greater is better; 0 is not at all. */
type Fit = (accepted: Accepted, offered: string) => number

interface Match {
  readonly offered: string
  readonly quality: number
  readonly fit: number
  readonly order: number
}

/** The best of the media types or extensions offered (RFC 9110, section 12.5.1), false for none; all that are accepted without an offer. */
export function acceptedTypes(header: string | undefined, offered: readonly string[]): string | string[] | false {
  const accepted = entries(header ?? '*/*').filter(({ name }) => name.includes('/'))
  if (offered.length === 0) return byQuality(accepted)
  if (!header) return offered[0]!
  const types = offered.map((type) => (type.includes('/') ? type : mimeType(type)))
  const best = ranked(accepted, types.filter((type) => type !== false) as string[], fitType)[0]
  return best === undefined ? false : offered[types.indexOf(best)]!
}

/** The same for `Accept-Encoding` (section 12.5.3): `identity` is accepted unless it is refused. */
export function acceptedEncodings(header: string | undefined, offered: readonly string[]): string | string[] | false {
  const accepted = entries(header ?? '')
  if (!accepted.some((entry) => fitName(entry, 'identity'))) {
    const quality = Math.min(1, ...accepted.map((entry) => entry.quality || 1))
    accepted.push({ name: 'identity', parameters: {}, quality, order: Number.MAX_SAFE_INTEGER })
  }
  return choose(accepted, offered, fitName)
}

/** The same for `Accept-Charset` (section 12.5.2). */
export function acceptedCharsets(header: string | undefined, offered: readonly string[]): string | string[] | false {
  return choose(entries(header ?? '*'), offered, fitName)
}

/** The same for `Accept-Language` (section 12.5.4), by RFC 4647's basic filtering and also the other way round. */
export function acceptedLanguages(header: string | undefined, offered: readonly string[]): string | string[] | false {
  return choose(entries(header ?? '*'), offered, fitLanguage)
}

function choose(accepted: Accepted[], offered: readonly string[], fit: Fit): string | string[] | false {
  if (offered.length === 0) return byQuality(accepted)
  return ranked(accepted, offered, fit)[0] ?? false
}

function entries(header: string): Accepted[] {
  const list: Accepted[] = []
  for (const [order, item] of listItems(header).entries()) {
    const { type, parameters } = parseMediaType(item)
    if (!type) continue
    const { q, ...rest } = parameters
    // The name as it was written: callers without an offer are given it.
    const name = item.trimStart().slice(0, type.length)
    list.push({ name, parameters: rest, quality: q ? Number.parseFloat(q) : 1, order })
  }
  return list
}

function byQuality(accepted: Accepted[]): string[] {
  return accepted
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.order - b.order)
    .map(({ name }) => name)
}

function ranked(accepted: Accepted[], offered: readonly string[], fit: Fit): string[] {
  return offered
    .map((each) => bestMatch(accepted, each, fit))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || b.fit - a.fit || a.order - b.order)
    .map((match) => match.offered)
}

/** The entry that speaks most exactly of what is offered, and of two such the one with the greater weight, then the later. */
function bestMatch(accepted: Accepted[], offered: string, fit: Fit): Match {
  let best: Match = { offered, quality: 0, fit: 0, order: -1 }
  for (const entry of accepted) {
    const found = fit(entry, offered)
    if (!found || (best.fit - found || best.quality - entry.quality || best.order - entry.order) >= 0) continue
    best = { offered, quality: entry.quality, fit: found, order: entry.order }
  }
  return best
}

// Fits begin at 1, as 0 is for what does not fit at all: `*` is the least exact.
const WILDCARD = 1

function fitName({ name }: Accepted, offered: string): number {
  if (name.toLowerCase() === offered.toLowerCase()) return WILDCARD + 1
  return name === '*' ? WILDCARD : 0
}

function fitLanguage({ name }: Accepted, offered: string): number {
  const wanted = name.toLowerCase()
  const given = parseMediaType(offered).type
  if (wanted === given) return WILDCARD + 4
  if (primary(wanted) === given) return WILDCARD + 2
  if (wanted === primary(given)) return WILDCARD + 1
  return name === '*' ? WILDCARD : 0
}

const primary = (tag: string): string => tag.split('-', 1)[0]!

function fitType({ name, parameters }: Accepted, offered: string): number {
  const { type: given, parameters: has } = parseMediaType(offered)
  const [type, subtype] = halves(name.toLowerCase())
  const [givenType, givenSubtype] = halves(given)
  if (!given.includes('/')) return 0
  const names = Object.keys(parameters)
  if (type !== givenType && type !== '*') return 0
  if (subtype !== givenSubtype && subtype !== '*') return 0
  const asks = (key: string) =>
    parameters[key] === '*' || parameters[key]!.toLowerCase() === (has[key] ?? '').toLowerCase()
  if (!names.every(asks)) return 0
  return WILDCARD + (type === givenType ? 4 : 0) + (subtype === givenSubtype ? 2 : 0) + (names.length ? 1 : 0)
}

function halves(type: string): [string, string] {
  const slash = type.indexOf('/')
  return [type.slice(0, slash), type.slice(slash + 1)]
}

/** RFC 9112, section 6: one of these fields says that there is a body, be it empty. */
export function hasBody(headers: Readonly<Record<string, unknown>>): boolean {
  return headers['transfer-encoding'] !== undefined || !Number.isNaN(Number(headers['content-length']))
}

// RFC 6838, section 4.2: what a type and a subtype may be made of.
const REGISTERED = /^[a-z0-9][a-z0-9!#$&^_-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/

/**
 * What of `types` a `Content-Type` is: a type, an extension, `urlencoded`, `multipart`, a pattern such as `text/*` or `+json`.
 * A pattern is answered with the type itself; false for none.
 */
export function typeIs(contentType: string | undefined, types: readonly unknown[]): string | false {
  const { type } = parseMediaType(contentType ?? '') satisfies MediaType
  if (!REGISTERED.test(type)) return false
  if (types.length === 0) return type
  for (const wanted of types) {
    if (typeof wanted === 'string' && matchesType(expanded(wanted), type)) {
      return wanted[0] === '+' || wanted.includes('*') ? type : wanted
    }
  }
  return false
}

function expanded(type: string): string | false {
  if (type === 'urlencoded') return 'application/x-www-form-urlencoded'
  if (type === 'multipart') return 'multipart/*'
  if (type[0] === '+') return `*/*${type}`
  return type.includes('/') ? type : mimeType(type)
}

function matchesType(expected: string | false, actual: string): boolean {
  const [type, subtype, ...more] = expected === false ? [] : expected.split('/')
  const [actualType, actualSubtype] = halves(actual)
  if (subtype === undefined || more.length || (type !== '*' && type !== actualType)) return false
  if (subtype.startsWith('*+'))
    return subtype.length <= actualSubtype.length + 1 && actualSubtype.endsWith(subtype.slice(1))
  return subtype === '*' || subtype === actualSubtype
}
