import { getBuiltinModule } from '../builtin.ts'
import { check } from '../check.ts'
import { TOKEN } from './media-type.ts'

/** Attributes of a cookie; `maxAge` in milliseconds, `signed` with the secret of cookie-parser, as in Express. */
export interface CookieOptions {
  maxAge?: number | null
  signed?: boolean
  expires?: Date
  httpOnly?: boolean
  path?: string | null
  domain?: string
  secure?: boolean
  encode?: (value: string) => string
  sameSite?: boolean | 'lax' | 'strict' | 'none'
  priority?: 'low' | 'medium' | 'high'
  partitioned?: boolean
}

// RFC 6265, section 4.1.1: the value and attributes exclude separators.
const VALUE = /^("?)[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*\1$/
const PATH = /^[\x20-\x3a\x3d-\x7e]*$/
const DOMAIN = /^[.]?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:[.][a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i

/** One `Set-Cookie` value; here `maxAge` is in seconds. @throws TypeError if a part cannot stand in a cookie. */
export function serializeCookie(name: string, value: string, options: CookieOptions): string {
  const encode = options.encode || encodeURIComponent
  check(typeof encode === 'function', 'option encode is invalid')
  check(TOKEN.test(name), 'argument name is invalid')
  const text = encode(value)
  check(VALUE.test(text), 'argument val is invalid')
  return `${name}=${text}${attributes(options)}`
}

function attributes({ maxAge, domain, path, expires, ...flags }: CookieOptions): string {
  let text = ''
  if (maxAge != null) text += `; Max-Age=${checked(Math.floor(maxAge), Number.isFinite(Math.floor(maxAge)), 'maxAge')}`
  if (domain) text += `; Domain=${checked(domain, DOMAIN.test(domain), 'domain')}`
  if (path) text += `; Path=${checked(path, PATH.test(path), 'path')}`
  if (expires) text += `; Expires=${checked(expires, isDate(expires), 'expires').toUTCString()}`
  if (flags.httpOnly) text += '; HttpOnly'
  if (flags.secure) text += '; Secure'
  if (flags.partitioned) text += '; Partitioned'
  if (flags.priority) text += `; Priority=${keyword(['low', 'medium', 'high'], flags.priority, 'priority')}`
  const sameSite = flags.sameSite === true ? 'strict' : flags.sameSite
  if (sameSite) text += `; SameSite=${keyword(['strict', 'lax', 'none'], sameSite, 'sameSite')}`
  return text
}

/** The word, in any case, as a cookie has it: with a capital. */
function keyword(words: readonly string[], value: unknown, option: string): string {
  const word = typeof value === 'string' ? value.toLowerCase() : ''
  return checked(word[0]?.toUpperCase() + word.slice(1), words.includes(word), option)
}

function checked<Value>(value: Value, isValid: boolean, option: string): Value {
  check(isValid, `option ${option} is invalid`)
  return value
}

const isDate = (value: unknown): boolean =>
  Object.prototype.toString.call(value) === '[object Date]' && !Number.isNaN((value as Date).valueOf())

/** The value with its HMAC-SHA256, as cookie-parser verifies it. */
export function signCookie(value: string, secret: string): string {
  const hmac = getBuiltinModule('node:crypto').createHmac('sha256', secret)
  return `${value}.${hmac.update(value).digest('base64').replace(/=+$/, '')}`
}
