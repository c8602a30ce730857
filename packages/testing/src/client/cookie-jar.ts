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

/** Between the cookies of one text: a colon that a name and `=` follow, as superagent's jar has it. */
const betweenCookies = /:(?=\s*[\w-]+\s*=)/

/**
 * The cookies of an agent, kept by tough-cookie's rules (RFC 6265), which loads with the first cookie. The methods for
 * tests take and return what those of superagent's jar (cookiejar) do.
 */
export class CookieJar {
  #jar: ToughCookieJar | undefined
  /** Cookies of tests, until a request names the host of those without a place. */
  readonly #given: { cookie: Cookie; url: string | undefined }[] = []

  /**
   * Adds a cookie as `Set-Cookie` writes it.
   * @param place a URL or host; without one, the cookie is for the host of the next request
   * @param path the cookie's path if the line has none; default `/`
   * @returns as cookiejar does, the cookie, in an array if it is the first of its name; `false` if it has expired, which
   * removes it, or if the line is not a cookie
   */
  setCookie(line: string, place?: string, path?: string): StoredCookie | [StoredCookie] | false {
    const cookie = load().Cookie.parse(line, { loose: true })
    if (cookie === undefined) return false
    cookie.path ??= path ?? null
    const isNew = this.getCookie(cookie.key) === undefined
    const given = { cookie, url: place === undefined ? undefined : toUrl(place) }
    this.#given.push(given)
    if (hasExpired(cookie)) return false
    const stored = toStored(placed(given))
    return isNew ? [stored] : stored
  }

  /**
   * Adds several cookies: a list of lines, or one text with a colon between them.
   * @returns the cookies that were added, without those that have expired
   */
  setCookies(lines: string | readonly string[], place?: string, path?: string): StoredCookie[] {
    const list = typeof lines === 'string' ? lines.split(betweenCookies) : lines
    return list.flatMap((line) => this.setCookie(line, place, path) || [])
  }

  /** A cookie by its name, of those that such a request would carry. */
  getCookie(name: string, access: CookieAccess = {}): StoredCookie | undefined {
    return this.getCookies(access).find((cookie) => cookie.name === name)
  }

  /** The cookies that such a request would carry, or all of them. */
  getCookies({ domain, path = '/', secure = false }: CookieAccess = {}): StoredCookies {
    if (domain !== undefined) return toList(this.#at(`${secure ? 'https' : 'http'}://${domain}${path}`))
    const waiting = this.#given.map(placed)
    const kept = (this.#jar?.serializeSync()?.cookies ?? []).map((cookie) => load().Cookie.fromJSON(cookie)!)
    return toList([...kept, ...waiting].filter((cookie) => !hasExpired(cookie)))
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
    for (const given of this.#given.splice(0)) this.#store(given.cookie, given.url ?? new URL('/', url).href)
    return this.#jar?.getCookiesSync(url) ?? []
  }

  #store(cookie: string | Cookie, url: string): void {
    this.#jar ??= createJar()
    this.#jar.setCookieSync(cookie, url, { ignoreError: true })
  }
}

function toList(cookies: Cookie[]): StoredCookies {
  const list = cookies.map(toStored)
  // Not enumerable, so that the list still equals a plain one.
  return Object.defineProperty(list, 'toValueString', {
    value: () => list.map((cookie) => cookie.toValueString()).join('; '),
  }) as StoredCookies
}

const hasExpired = (cookie: Cookie): boolean => cookie.expiryTime()! <= Date.now()

/** The cookie with the domain and path that it gets if the line names none. */
function placed({ cookie, url }: { cookie: Cookie; url: string | undefined }): Cookie {
  const copy = cookie.clone()!
  copy.domain ??= url === undefined ? null : new URL(url).hostname
  copy.path ??= url === undefined ? '/' : load().defaultPath(new URL(url).pathname)
  return copy
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

function toUrl(place: string): string {
  return place.includes('://') ? place : `https://${place}/`
}

// At once, as cookiejar's methods are: a test may look into the jar between two requests.
function load(): typeof import('tough-cookie') {
  const require = process.getBuiltinModule('node:module').createRequire(import.meta.url)
  return require('tough-cookie')
}

// A test's hosts are `localhost`, bare names and addresses, which a list of public suffixes would refuse.
function createJar(): ToughCookieJar {
  const { CookieJar: Jar } = load()
  return new Jar(undefined, { looseMode: true, rejectPublicSuffixes: false, allowSecureOnLocal: false })
}
