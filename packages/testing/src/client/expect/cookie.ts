import { type Expectation, mismatch, show } from './expectation.ts'

/** A cookie's attributes as `Set-Cookie` names them; case does not matter. */
export type CookieOptions = Record<string, string | number | boolean | RegExp | Date>

/** The response sets this cookie, with a value and attributes if they are named. */
export function expectCookie(
  name: string,
  value?: string | RegExp | CookieOptions | null,
  options?: CookieOptions,
): Expectation {
  const hasValue = typeof value === 'string' || value instanceof RegExp
  const attributes = options ?? (hasValue || !value ? {} : (value as CookieOptions))
  return ({ headers }) => {
    const cookies = (headers['set-cookie'] ?? []).map(parseSetCookie)
    const named = cookies.filter((cookie) => cookie.name === name)
    if (named.length === 0)
      return mismatch(`expected cookie "${name}", got ${listNames(cookies)}`, name, headers['set-cookie'])
    const cookie = named.at(-1)!
    if (hasValue && !fits(cookie.value, value)) {
      return mismatch(`expected cookie "${name}" of ${show(value)}, got ${show(cookie.value)}`, value, cookie.value)
    }
    return attributeMismatch(cookie, attributes)
  }
}

interface SetCookie {
  name: string
  value: string
  attributes: Record<string, string | true>
}

function attributeMismatch(cookie: SetCookie, expected: CookieOptions): Error | undefined {
  for (const [name, value] of Object.entries(expected)) {
    const actual = cookie.attributes[name.toLowerCase().replace(/^(max)(age)$/, '$1-$2')]
    const wanted = value instanceof Date ? value.toUTCString() : value
    const good = wanted === false ? actual === undefined : actual !== undefined && fits(actual, wanted)
    if (!good)
      return mismatch(
        `expected cookie "${cookie.name}" with ${name} ${show(wanted)}, got ${show(actual)}`,
        wanted,
        actual,
      )
  }
}

function fits(actual: string | true, expected: string | number | boolean | RegExp): boolean {
  return expected instanceof RegExp ? expected.test(String(actual)) : String(actual) === String(expected)
}

function listNames(cookies: SetCookie[]): string {
  return cookies.length === 0 ? 'no cookies' : cookies.map((cookie) => `"${cookie.name}"`).join(', ')
}

/** A `Set-Cookie` value (RFC 6265, 4.1), attribute names in lower case, the cookie's value decoded if it can be. */
export function parseSetCookie(line: string): SetCookie {
  const [pair = '', ...rest] = line.split(/; */)
  const [name, value] = splitPair(pair)
  const attributes: SetCookie['attributes'] = Object.create(null)
  for (const attribute of rest) {
    const [key, text] = splitPair(attribute)
    attributes[key.toLowerCase()] = attribute.includes('=') ? text : true
  }
  return { name, value: decodeCookie(value), attributes }
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=')
  return at < 0 ? [pair.trim(), ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
}

/** A cookie's value without quotes and escapes; as it is if the escapes are malformed. */
export function decodeCookie(value: string): string {
  const bare = value.startsWith('"') ? value.slice(1, -1) : value
  try {
    return decodeURIComponent(bare)
  } catch {
    return bare
  }
}
