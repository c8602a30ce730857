import type { CookieJar as ToughCookieJar } from 'tough-cookie'
import type { WireResponse } from './exchange.ts'

/** A cookie as the jar knows it. */
export interface StoredCookie {
  name: string
  value: string
  domain?: string | null
  path?: string | null
}

/** The cookies of an agent, kept by tough-cookie's rules (RFC 6265), which loads with the first cookie. */
export class CookieJar {
  #jar: ToughCookieJar | undefined
  readonly #given: { line: string; url: string | undefined }[] = []

  /** Adds a cookie as `Set-Cookie` writes it; without a URL it is for every path of the host that is asked next. */
  setCookie(line: string, url?: string): void {
    this.#given.push({ line, url })
  }

  /** The cookies that a request to this URL would carry. */
  async cookies(url: string): Promise<StoredCookie[]> {
    const found = (await (await this.#for(url))?.getCookies(url)) ?? []
    return found.map(({ key, value, domain, path }) => ({ name: key, value, domain, path }))
  }

  /** The `Cookie` field for a request to this URL; `''` for none. */
  async cookiesFor(url: string): Promise<string> {
    return (await this.#for(url))?.getCookieString(url) ?? ''
  }

  /** Keeps what a response sets; what is not allowed to be set from this URL is ignored, as a browser does. */
  async save(response: WireResponse, url: string): Promise<void> {
    for (const [name, value] of response.headers) {
      if (name.toLowerCase() === 'set-cookie') await this.#store(value, url)
    }
  }

  /** Forgets every cookie. */
  clear(): void {
    this.#jar = undefined
    this.#given.length = 0
  }

  async #for(url: string): Promise<ToughCookieJar | undefined> {
    for (const given of this.#given.splice(0)) await this.#store(given.line, given.url ?? new URL('/', url).href)
    return this.#jar
  }

  async #store(line: string, url: string): Promise<void> {
    this.#jar ??= await createJar()
    await this.#jar.setCookie(line, url, { ignoreError: true })
  }
}

// A test's hosts are `localhost`, bare names and addresses, which a list of public suffixes would refuse.
async function createJar(): Promise<ToughCookieJar> {
  const { CookieJar: Jar } = await import('tough-cookie')
  return new Jar(undefined, { looseMode: true, rejectPublicSuffixes: false, allowSecureOnLocal: false })
}
