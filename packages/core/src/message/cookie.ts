import { token, trimOws } from './grammar.ts'

/** Attributes of a cookie to set (RFC 6265bis, section 4.1). */
export interface CookieOptions {
  readonly domain?: string
  /** Default `/`. */
  readonly path?: string
  readonly expires?: Date
  /** Seconds. 0 or less makes the client forget the cookie. */
  readonly maxAge?: number
  readonly httpOnly?: boolean
  readonly secure?: boolean
  readonly sameSite?: 'strict' | 'lax' | 'none'
  readonly partitioned?: boolean
  readonly priority?: 'low' | 'medium' | 'high'
  /** How the value is written. Default `encodeURIComponent`. */
  readonly encode?: (value: string) => string
}

/** Cookies of a request by name: the first of a name counts, and a value that does not decode stays as it is. */
export function parseCookies(header: string | undefined): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null)
  for (const pair of header?.split(';') ?? []) {
    const equals = pair.indexOf('=')
    if (equals === -1) continue
    const name = trimOws(pair.slice(0, equals))
    cookies[name] ??= decodeValue(trimOws(pair.slice(equals + 1)))
  }
  return cookies
}

function decodeValue(text: string): string {
  const value = text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
  if (!value.includes('%')) return value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

// RFC 6265bis, section 4.1.1: the characters of a cookie's value and of its attributes; its name is a token.
const cookieValue = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/
const attributeValue = /^[\x20-\x3a\x3c-\x7e]*$/

/**
 * One `Set-Cookie` value.
 * @example cookie('id', '7', { httpOnly: true, secure: true, maxAge: 3600 }) // id=7; Path=/; Max-Age=3600; HttpOnly; Secure
 * @throws TypeError if a part cannot stand in a cookie, or if browsers would refuse the cookie (RFC 6265bis, section 5.7).
 */
export function cookie(name: string, value: string, options: CookieOptions = {}): string {
  const { path = '/', domain, expires, maxAge, sameSite, priority } = options
  const text = (options.encode ?? encodeValue)(value)
  check(token.test(name), 'name', name)
  check(cookieValue.test(text), 'value', text)
  check(attributeValue.test(path), 'path', path)
  check(domain === undefined || attributeValue.test(domain), 'domain', domain)
  check(maxAge === undefined || Number.isInteger(maxAge), 'maxAge (whole seconds)', maxAge)
  check(expires === undefined || !Number.isNaN(expires.getTime()), 'expires', expires)
  check(sameSite === undefined || sameSites.includes(sameSite), 'sameSite', sameSite)
  check(priority === undefined || priorities.includes(priority), 'priority', priority)
  assertAccepted(name, path, options)
  let line = `${name}=${text}; Path=${path}`
  if (domain !== undefined) line += `; Domain=${domain}`
  if (expires !== undefined) line += `; Expires=${expires.toUTCString()}`
  if (maxAge !== undefined) line += `; Max-Age=${maxAge}`
  if (options.httpOnly) line += '; HttpOnly'
  if (options.secure) line += '; Secure'
  if (sameSite !== undefined) line += `; SameSite=${capitalized(sameSite)}`
  if (priority !== undefined) line += `; Priority=${capitalized(priority)}`
  if (options.partitioned) line += '; Partitioned'
  return line
}

const sameSites: readonly unknown[] = ['strict', 'lax', 'none']
const priorities: readonly unknown[] = ['low', 'medium', 'high']

/** The rules by which a browser stores a cookie at all (RFC 6265bis, section 5.7; CHIPS for `Partitioned`). */
function assertAccepted(name: string, path: string, options: CookieOptions): void {
  const { secure, domain, sameSite, partitioned } = options
  const refuse = (reason: string): never => {
    throw new TypeError(`Browsers refuse the cookie ${name}: ${reason}`)
  }
  // Browsers compare the prefixes without regard to case.
  const host = /^__host-/i.test(name)
  if (!secure) {
    if (host || /^__secure-/i.test(name)) refuse('its prefix needs secure: true')
    if (sameSite === 'none') refuse("sameSite: 'none' needs secure: true")
    if (partitioned) refuse('partitioned: true needs secure: true')
  }
  if (host && domain !== undefined) refuse('its prefix __Host- allows no domain')
  if (host && path !== '/') refuse("its prefix __Host- needs path: '/'")
}

// A lone surrogate, which encodeURIComponent refuses, may come from a client's JSON.
const encodeValue = (value: string): string => encodeURIComponent(String(value).toWellFormed())

function check(valid: boolean, part: string, value: unknown): void {
  if (!valid) throw new TypeError(`A cookie cannot have this ${part}: ${JSON.stringify(value)}`)
}

const capitalized = (word: string): string => word[0]!.toUpperCase() + word.slice(1)
