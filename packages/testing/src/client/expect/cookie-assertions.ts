import type { Response } from '../response/response.ts'
import { decodeCookie } from './cookie.ts'

/** A cookie as it was sent or set; the names of `options` are in lower case, a flag is `true`. */
export interface AssertedCookie {
  name: string
  value: string
  options: Record<string, string | true>
}

/** What a cookie is to be: by name, with a value, with attributes (`domain`, `path`, `max-age`, `httponly` …). */
export interface CookieExpectation {
  name: string
  value?: string | boolean
  options?: Record<string, unknown> | readonly string[]
}

/** A check of your own over the cookies that were sent and set. */
export type CustomCookieAssertion = (
  request: { headers: Record<string, unknown>; cookies: AssertedCookie[] },
  response: { headers: Record<string, unknown>; cookies: AssertedCookie[] },
) => unknown

type Check = CustomCookieAssertion
type Expected = CookieExpectation | readonly CookieExpectation[]
type Kind = 'set' | 'reset' | 'new' | 'renew' | 'contain'

/** supertest's cookie assertions: a function for `.expect()`, with methods that add to it. */
export interface CookieAssertion {
  (response: Response): unknown
  /** The cookie is set, with these attributes. */
  set(expected: Expected, assert?: boolean): CookieAssertion
  /** The cookie was sent, and is set again. */
  reset(expected: Expected, assert?: boolean): CookieAssertion
  /** The cookie was not sent, and is set. */
  new: (expected: Expected, assert?: boolean) => CookieAssertion
  /** The cookie was sent, and is set with a later `expires` or a greater `max-age` than this. */
  renew(expected: Expected, assert?: boolean): CookieAssertion
  /** The cookie is set with this value (unsigned, if there is a secret) and these attributes. */
  contain(expected: Expected, assert?: boolean): CookieAssertion
  /** The opposite of another method. */
  not(kind: Kind, expected: Expected): CookieAssertion
}

/**
 * Builds a cookie assertion.
 *
 * @example request(app).get('/').expect(cookies('secret').set({ name: 'sid', options: ['httponly'] }))
 */
export interface CookieAssertions extends Omit<CookieAssertion, never> {
  (secret?: string | readonly string[] | null, checks?: Check | readonly Check[]): CookieAssertion
}

function createAssertion(
  secret?: string | readonly string[] | null,
  checks: Check | readonly Check[] = [],
): CookieAssertion {
  const secrets = [secret ?? []].flat() as string[]
  const list = [checks].flat() as Check[]
  const assertion = ((response: Response) => {
    if (typeof response !== 'object') throw new Error('res argument must be object')
    return runChecks(list, response)
  }) as CookieAssertion
  const add =
    (kind: Kind) =>
    (expected: Expected, assert = true) => {
      for (const one of [expected].flat() as CookieExpectation[]) list.push(KINDS[kind](one, assert, secrets))
      return assertion
    }
  for (const kind of Object.keys(KINDS) as Kind[]) Object.assign(assertion, { [kind]: add(kind) })
  assertion.not = (kind, expected) => add(kind)(expected, false)
  return assertion
}

function runChecks(checks: Check[], { req, headers }: Response): unknown {
  const sent = req.getHeaders()
  const request = { headers: sent, cookies: sent.cookie ? String(sent.cookie).split(/; */).map(parseCookie) : [] }
  const response = { headers, cookies: (headers['set-cookie'] ?? []).map(parseCookie) }
  let outcome: unknown
  checks.every((check) => typeof (outcome = check(request, response)) !== 'string')
  return outcome
}

function parseCookie(line: string): AssertedCookie {
  const [pair = '', ...attributes] = line.split(/; */)
  const options: AssertedCookie['options'] = {}
  for (const attribute of attributes) {
    const at = attribute.indexOf('=')
    const name = (at < 0 ? attribute : attribute.slice(0, at)).trim().toLowerCase()
    if (!Object.hasOwn(options, name)) options[name] = at < 0 ? true : decodeCookie(attribute.slice(at + 1).trim())
  }
  const at = pair.indexOf('=')
  return { name: pair.slice(0, at).trim(), value: decodeCookie(pair.slice(at + 1).trim()), options }
}

type CheckFactory = (expected: CookieExpectation, assert: boolean, secrets: string[]) => Check

const KINDS: Record<Kind, CheckFactory> = {
  set:
    (expected, assert) =>
    (_, { cookies }) => {
      const cookie = find(cookies, expected)
      if (assert && !cookie) throw notSet(expected)
      if (cookie) checkAttributes(cookie, expected, assert)
    },
  reset: (expected, assert) => (request, response) => {
    const both = find(request.cookies, expected) && find(response.cookies, expected)
    if (assert !== Boolean(both)) throw notSet(expected)
  },
  new: (expected, assert) => (request, response) => {
    const sent = find(request.cookies, expected)
    const set = find(response.cookies, expected)
    if (!set || (!assert && !sent)) throw notSet(expected)
    if (assert && sent) throw new Error(`expected: ${expected.name} cookie to NOT already be set`)
  },
  renew: checkRenewed,
  contain: (expected, assert, secrets) => (_, response) => {
    const cookie = find(response.cookies, expected)
    if (!cookie) throw notSet(expected)
    if ('value' in expected) checkValue(cookie, expected, assert, secrets)
    for (const [name, value] of Object.entries(expected.options ?? {})) {
      compare(cookie.options[name], name === 'max-age' ? String(value) : value, assert)
    }
  },
}

function find(cookies: AssertedCookie[], { name }: CookieExpectation): AssertedCookie | undefined {
  return cookies.find((cookie) => cookie.name === name)
}

function notSet({ name }: CookieExpectation): Error {
  return new Error(`expected: ${name} cookie to be set`)
}

function checkAttributes(cookie: AssertedCookie, { options = [] }: CookieExpectation, assert: boolean): void {
  const names = Array.isArray(options) ? (options as string[]) : Object.keys(options)
  if (!assert && names.length === 0) throw new Error('expected object to not have properties (false negative fail)')
  for (const name of names) {
    if (name in cookie.options === assert) continue
    throw new Error(`expected object to ${assert ? '' : 'not '}have property ${name}`)
  }
}

function checkRenewed(expected: CookieExpectation, assert: boolean): Check {
  const options = (expected.options ?? {}) as Record<string, unknown>
  const expires = new Date(options.expires as string).getTime()
  const maxAge = Number.parseFloat(options['max-age'] as string)
  const base = `expected: ${expected.name}`
  if (!expires && !maxAge) throw new Error(`${base} expects to have expires or max-age option`)
  return (request, response) => {
    const cookie = find(response.cookies, expected)
    if (assert && !(cookie && find(request.cookies, expected))) throw new Error(`${base} cookie to be set`)
    if (!cookie) return
    if (maxAge)
      checkGreater(`${base} cookie max-age`, Number.parseFloat(String(cookie.options['max-age'])), maxAge, assert)
    if (expires)
      checkGreater(`${base} cookie expires`, new Date(String(cookie.options.expires)).getTime(), expires, assert)
  }
}

function checkGreater(subject: string, actual: number, than: number, assert: boolean): void {
  if (assert && !(actual && actual > than)) throw new Error(`${subject} to be greater than existing value`)
  if (!assert && actual > than) throw new Error(`${subject} to be less than or equal to existing value`)
}

function checkValue(cookie: AssertedCookie, expected: CookieExpectation, assert: boolean, secrets: string[]): void {
  if ((cookie.value === expected.value) === assert) return
  if (secrets.length === 0) compare(cookie.value, expected.value, assert)
  // Express marks a signed cookie by `s:` in front of the value.
  const unsigned = secrets.map((secret) => unsign(cookie.value.slice(2), secret)).filter((value) => value !== false)
  const known = unsigned.includes(String(expected.value))
  if (known === assert) return
  throw new Error(`expected: ${expected.name} value to ${assert ? '' : 'NOT '}equal ${expected.value}`)
}

/** The value of a cookie signed as `cookie-signature` does (`value.mac`), or `false` if the MAC is another. */
function unsign(signed: string, secret: string): string | false {
  const { createHmac, timingSafeEqual } = process.getBuiltinModule('node:crypto')
  const value = signed.slice(0, Math.max(signed.lastIndexOf('.'), 0))
  const mac = createHmac('sha256', secret).update(value).digest('base64').replace(/=+$/, '')
  const expected = Buffer.from(`${value}.${mac}`)
  const actual = Buffer.from(signed)
  return expected.length === actual.length && timingSafeEqual(expected, actual) ? value : false
}

function compare(actual: unknown, expected: unknown, assert: boolean): void {
  if ((actual === expected) === assert) return
  throw new Error(`expected ${JSON.stringify(actual)} to ${assert ? '' : 'not '}equal ${JSON.stringify(expected)}`)
}

/** Builds a cookie assertion, as supertest's `cookies` does. */
export const cookies = createAssertion as unknown as CookieAssertions // Its methods are added just below.
for (const kind of [...Object.keys(KINDS), 'not'] as (Kind | 'not')[]) {
  const begin = (...args: [never, never]) =>
    (createAssertion() as unknown as Record<string, (...args: [never, never]) => CookieAssertion>)[kind]!(...args)
  Object.defineProperty(cookies, kind, { value: begin })
}
