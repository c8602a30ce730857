import type { Cookie, CookieJar as ToughCookieJar } from 'tough-cookie'
import type { WireResponse } from '../wire.ts'

/** A cookie as the jar knows it. */
export interface StoredCookie {
  name: string
  value: string
  domain?: string | null
  path?: string | null
  /** Whether it goes only over HTTPS. */
  secure: boolean
  /** Whether scripts cannot read it: `HttpOnly`. */
  noscript: boolean
  /** When it expires, in milliseconds since 1970; `Infinity` for a session's cookie. */
  expiration_date: number
  /** `name=value; expires=…; path=…`, as `Set-Cookie` has it. */
  toString(): string
  /** `name=value`. */
  toValueString(): string
}

/** The request that a cookie is for; without a domain, any. */
export interface CookieAccess {
  domain?: string
  path?: string
  secure?: boolean
}

/** Cookies as superagent's jar lists them. */
export interface StoredCookies extends Array<StoredCookie> {
  /** `a=1; b=2`, as the `Cookie` field has it. */
  toValueString(): string
}

/** The cookies of an agent, kept by tough-cookie's rules (RFC 6265), which loads with the first cookie. */
export class CookieJar {
  #jar: ToughCookieJar | undefined
  readonly #given: { line: string; url: string | undefined }[] = []

  /** Adds a cookie as `Set-Cookie` writes it; without a URL or host it is for every path of the host that is asked next. */
  setCookie(line: string, place?: string, path?: string): void {
    this.#given.push({ line, url: place === undefined ? undefined : toUrl(place, path) })
  }

  /** Adds several. */
  setCookies(lines: string | readonly string[], place?: string, path?: string): void {
    for (const line of [lines].flat() as string[]) this.setCookie(line, place, path)
  }

  /** A cookie by its name, of those that such a request would carry. */
  getCookie(name: string, access: CookieAccess = {}): StoredCookie | undefined {
    return this.getCookies(access).find((cookie) => cookie.name === name)
  }

  /** The cookies that such a request would carry, or all of them. */
  getCookies({ domain, path = '/', secure = false }: CookieAccess = {}): StoredCookies {
    if (domain !== undefined) return toList(this.#at(`${secure ? 'https' : 'http'}://${domain}${path}`))
    const waiting = this.#given.map(({ line }) => parse(line)).filter((cookie) => cookie !== undefined)
    const kept = (this.#jar?.serializeSync()?.cookies ?? []).map((cookie) => load().Cookie.fromJSON(cookie)!)
    return toList([...kept, ...waiting].filter((cookie) => cookie.expiryTime()! > Date.now()))
  }

  /** The cookies that a request to this URL would carry. */
  async cookies(url: string): Promise<StoredCookie[]> {
    return toList(this.#at(url))
  }

  /** The `Cookie` field for a request to this URL; `''` for none. */
  async cookiesFor(url: string): Promise<string> {
    return this.#at(url)
      .map((cookie) => cookie.cookieString())
      .join('; ')
  }

  /** Keeps what a response sets; what is not allowed to be set from this URL is ignored, as a browser does. */
  async save(response: WireResponse, url: string): Promise<void> {
    for (const [name, value] of response.headers) {
      if (name.toLowerCase() === 'set-cookie') this.#store(value, url)
    }
  }

  /** Forgets every cookie. */
  clear(): void {
    this.#jar = undefined
    this.#given.length = 0
  }

  #at(url: string): Cookie[] {
    for (const given of this.#given.splice(0)) this.#store(given.line, given.url ?? new URL('/', url).href)
    return this.#jar?.getCookiesSync(url) ?? []
  }

  #store(line: string, url: string): void {
    this.#jar ??= createJar()
    this.#jar.setCookieSync(line, url, { ignoreError: true })
  }
}

function toList(cookies: Cookie[]): StoredCookies {
  const list = cookies.map(toStored)
  // Not enumerable, so that the list still equals a plain one.
  return Object.defineProperty(list, 'toValueString', {
    value: () => list.map((cookie) => cookie.toValueString()).join('; '),
  }) as StoredCookies
}

function toStored(cookie: Cookie): StoredCookie {
  const { key: name, value, domain, path, secure, httpOnly: noscript } = cookie
  const expires = cookie.expiryTime() ?? Number.POSITIVE_INFINITY
  return {
    name,
    value,
    domain,
    path,
    secure,
    noscript,
    expiration_date: expires,
    toString: () => toText(name, value, { expires, domain, path, secure, noscript }),
    toValueString: () => `${name}=${value}`,
  }
}

interface Attributes {
  expires: number
  domain: string | null
  path: string | null
  secure: boolean
  noscript: boolean
}

function toText(name: string, value: string, { expires, domain, path, secure, noscript }: Attributes): string {
  const parts = [
    `${name}=${value}`,
    Number.isFinite(expires) && `expires=${new Date(expires).toUTCString()}`,
    domain && `domain=${domain}`,
    path && `path=${path}`,
    secure && 'secure',
    noscript && 'httponly',
  ]
  return parts.filter(Boolean).join('; ')
}

function toUrl(place: string, path = '/'): string {
  return place.includes('://') ? place : `https://${place}${path}`
}

// At once, as cookiejar's methods are: a test may look into the jar between two requests.
function load(): typeof import('tough-cookie') {
  const require = process.getBuiltinModule('node:module').createRequire(import.meta.url)
  return require('tough-cookie')
}

function parse(line: string): Cookie | undefined {
  return load().Cookie.parse(line, { loose: true })
}

// A test's hosts are `localhost`, bare names and addresses, which a list of public suffixes would refuse.
function createJar(): ToughCookieJar {
  const { CookieJar: Jar } = load()
  return new Jar(undefined, { looseMode: true, rejectPublicSuffixes: false, allowSecureOnLocal: false })
}
