import loadNegotiator from '#libraries/negotiator.cjs'
import { parseMediaType } from './media-type.ts'
import { mimeType } from './mime.ts'

type Negotiator = InstanceType<ReturnType<typeof loadNegotiator>>

/**
 * The best of the media types or extensions offered (RFC 9110, section 12.5.1), or false if the client accepts
 * no offer; all accepted types if nothing is offered.
 */
export function acceptedTypes(header: string | undefined, offered: readonly string[]): string | string[] | false {
  const negotiator = negotiatorFor('accept', header)
  if (offered.length === 0) return negotiator.mediaTypes()
  if (!header) return offered[0]!
  const types = offered.map((type) => (type.includes('/') ? type : mimeType(type)))
  const [best] = negotiator.mediaTypes(types.filter((type) => type !== false))
  return best === undefined ? false : offered[types.indexOf(best)]!
}

/** The same for `Accept-Encoding` (section 12.5.3): `identity` is accepted unless the client refuses it. */
export function acceptedEncodings(header: string | undefined, offered: readonly string[]): string | string[] | false {
  const negotiator = negotiatorFor('accept-encoding', header)
  return offered.length === 0 ? negotiator.encodings() : negotiator.encodings(offered)[0] || false
}

/** The same for `Accept-Charset` (section 12.5.2). */
export function acceptedCharsets(header: string | undefined, offered: readonly string[]): string | string[] | false {
  const negotiator = negotiatorFor('accept-charset', header)
  return offered.length === 0 ? negotiator.charsets() : negotiator.charsets(offered)[0] || false
}

/** The same for `Accept-Language` (section 12.5.4). */
export function acceptedLanguages(header: string | undefined, offered: readonly string[]): string | string[] | false {
  const negotiator = negotiatorFor('accept-language', header)
  return offered.length === 0 ? negotiator.languages() : negotiator.languages(offered)[0] || false
}

function negotiatorFor(field: string, value: string | undefined): Negotiator {
  const Negotiator = loadNegotiator()
  return new Negotiator({ headers: { [field]: value } })
}

/** RFC 9112, section 6: one of these fields says that there is a body, be it empty. */
export function hasBody(headers: Readonly<Record<string, unknown>>): boolean {
  return headers['transfer-encoding'] !== undefined || !Number.isNaN(Number(headers['content-length']))
}

// RFC 6838, section 4.2: what a type and a subtype may be made of.
const REGISTERED = /^[a-z0-9][a-z0-9!#$&^_-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/

/**
 * Which of `types` a `Content-Type` matches: a type, an extension, `urlencoded`, `multipart`, a pattern such as `text/*` or `+json`.
 * For a pattern the result is the type itself; false without a match.
 */
export function typeIs(contentType: string | undefined, types: readonly unknown[]): string | false {
  const { type } = parseMediaType(contentType ?? '')
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

function halves(type: string): [string, string] {
  const slash = type.indexOf('/')
  return [type.slice(0, slash), type.slice(slash + 1)]
}

function matchesType(expected: string | false, actual: string): boolean {
  const [type, subtype, ...more] = expected === false ? [] : expected.split('/')
  const [actualType, actualSubtype] = halves(actual)
  if (subtype === undefined || more.length || (type !== '*' && type !== actualType)) return false
  if (subtype.startsWith('*+'))
    return subtype.length <= actualSubtype.length + 1 && actualSubtype.endsWith(subtype.slice(1))
  return subtype === '*' || subtype === actualSubtype
}
