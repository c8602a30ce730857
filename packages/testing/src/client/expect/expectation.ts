import { isDeepStrictEqual } from 'node:util'
import type { Response } from '../response/response.ts'
import { statusText } from './status-text.ts'

/** Looks at a response and returns what is wrong with it, or throws that. Any other return value means nothing. */
export type Expectation = (response: Response) => unknown

/** A failed comparison, with what test runners need to show the difference. */
export interface MismatchError extends Error {
  expected: unknown
  actual: unknown
  showDiff: true
}

/** The status is this one. */
export function expectStatus(status: number): Expectation {
  return (response) => {
    if (response.status === status) return
    return withCause(new Error(`expected ${status} "${statusText(status)}", got ${nameStatus(response)}`), response)
  }
}

/** The status is one of these. */
export function expectStatusIn(statuses: readonly number[]): Expectation {
  return (response) => {
    if (statuses.includes(response.status)) return
    return withCause(new Error(`expected one of "${statuses.join(', ')}", got ${nameStatus(response)}`), response)
  }
}

function nameStatus({ status }: Response): string {
  return `${status} "${statusText(status)}"`
}

/** A gateway answers 502 for a handler that threw: the reason stands beside the status that the test did not expect. */
function withCause(error: Error, { lambdaError }: Response): Error {
  if (lambdaError !== undefined) error.cause = lambdaError
  return error
}

/** A string is the text, a RegExp matches the text, anything else deeply equals the parsed body. */
export function expectBody(body: unknown): Expectation {
  if (body instanceof RegExp) return (response) => matchText(body, response)
  const isObject = typeof body === 'object'
  return (response) => {
    const actual = isObject ? response.body : response.text
    if (isObject ? isDeepStrictEqual(body, actual) : body === actual) return
    return mismatch(`expected ${show(body)} response body, got ${show(actual)}`, body, response.body)
  }
}

function matchText(pattern: RegExp, { text, body }: Response): Error | undefined {
  if (pattern.test(text)) return
  return mismatch(`expected body ${show(text)} to match ${pattern}`, pattern, body)
}

/** The field has this value (a number as its text), or matches. */
export function expectHeader(field: string, value: string | number | RegExp): Expectation {
  return (response) => {
    const actual = response.get(field) as string | string[] | undefined
    if (actual === undefined) return new Error(`expected "${field}" header field`)
    if (value instanceof RegExp) {
      if (!value.test(String(actual))) return new Error(`expected "${field}" matching ${value}, got "${actual}"`)
    } else if (String(actual) !== String(value)) return new Error(`expected "${field}" of "${value}", got "${actual}"`)
  }
}

/** Runs an expectation; the error it returned or threw, if it is one. */
export function failureOf(expectation: Expectation, response: Response): Error | undefined {
  let outcome: unknown
  try {
    outcome = expectation(response)
  } catch (error) {
    outcome = error
  }
  return outcome instanceof Error ? outcome : undefined
}

export function mismatch(message: string, expected: unknown, actual: unknown): MismatchError {
  return Object.assign(new Error(message), { expected, actual, showDiff: true as const })
}

/** A value as `util.inspect` prints it, which is how supertest shows bodies. */
export function show(value: unknown): string {
  return process.getBuiltinModule('node:util').inspect(value)
}

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

/** A `Set-Cookie` value (RFC 6265, 4.1), attribute names in lower case, the cookie's value decoded where it can be. */
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

/** A cookie's value without quotes and escapes; as it is where the escapes are malformed. */
export function decodeCookie(value: string): string {
  const bare = value.startsWith('"') ? value.slice(1, -1) : value
  try {
    return decodeURIComponent(bare)
  } catch {
    return bare
  }
}
