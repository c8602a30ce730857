/**
 * Matchers and a snapshot serializer for vitest and Jest.
 * @module
 */
import { expect } from 'vitest'
import { toAnswer } from './client/expect/answer.ts'
import { type CookieOptions, expectCookie } from './client/expect/cookie.ts'
import type { Response } from './client/response/response.ts'
import { responseSerializer } from './client/snapshot.ts'

export { type RedactOptions, redact, responseSerializer, type SnapshotSerializer } from './client/snapshot.ts'

/** Matchers for responses of the client, and for what a Lambda handler returns. */
export interface ResponseMatchers<R = void> {
  /** The status is this, or one of these. */
  toHaveStatus(status: number | readonly number[]): R
  /** The field is there, and equals or matches the value if there is one. */
  toHaveHeader(name: string, value?: string | number | RegExp): R
  /** The body is JSON that equals this; asymmetric matchers such as `expect.any(Number)` work inside. */
  toHaveJson(expected: unknown): R
  /** The body's text equals or matches this. */
  toHaveText(expected: string | RegExp): R
  /** The answer sets this cookie, with the value and attributes if they are named. */
  toHaveCookie(name: string, value?: string | RegExp | CookieOptions | null, options?: CookieOptions): R
  /** The answer redirects, to this place if there is one. */
  toRedirect(location?: string | RegExp): R
  /** The gateway took the answer as it is: no warning. */
  toPassGateway(): R
}

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends ResponseMatchers<R> {}
}

interface Verdict {
  pass: boolean
  message: () => string
  actual?: unknown
  expected?: unknown
}

const show = (value: unknown) => process.getBuiltinModule('node:util').inspect(value)
const fits = (actual: string, expected: string | number | RegExp) =>
  expected instanceof RegExp ? expected.test(actual) : actual === String(expected)

/** A verdict whose message reads right for `.not` as well. */
function verdict(
  pass: boolean,
  what: string,
  got: string,
  values: { actual?: unknown; expected?: unknown } = {},
): Verdict {
  return { pass, message: () => `expected the response ${pass ? 'not ' : ''}${what}, got ${got}`, ...values }
}

expect.addSnapshotSerializer(responseSerializer())

expect.extend({
  toHaveStatus(received: unknown, expected: number | readonly number[]) {
    const { status, text } = toAnswer(received)
    const pass = [expected].flat().includes(status as number)
    const body = text ? ` with the body ${show(text.slice(0, 500))}` : ''
    return verdict(pass, `to have status ${[expected].flat().join(' or ')}`, `${status}${body}`, {
      actual: status,
      expected,
    })
  },

  toHaveHeader(received: unknown, name: string, value?: string | number | RegExp) {
    const { headers } = toAnswer(received)
    const actual = Object.hasOwn(headers, name.toLowerCase()) ? headers[name.toLowerCase()] : undefined
    const pass = actual !== undefined && (value === undefined || [actual].flat().some((one) => fits(one, value)))
    const what = `to have a header ${show(name)}${value === undefined ? '' : ` of ${show(value)}`}`
    return verdict(pass, what, show(actual), value === undefined ? {} : { actual, expected: value })
  },

  toHaveJson(received: unknown, expected: unknown) {
    const { text } = toAnswer(received)
    let actual: unknown
    try {
      actual = JSON.parse(text)
    } catch {
      return verdict(false, `to have the JSON ${show(expected)}`, `a body that is not JSON: ${show(text)}`)
    }
    const pass = this.equals(actual, expected, this.customTesters)
    return verdict(pass, `to have the JSON ${show(expected)}`, show(actual), { actual, expected })
  },

  toHaveText(received: unknown, expected: string | RegExp) {
    const { text } = toAnswer(received)
    return verdict(fits(text, expected), `to have the text ${show(expected)}`, show(text), { actual: text, expected })
  },

  toHaveCookie(
    received: unknown,
    name: string,
    value?: string | RegExp | CookieOptions | null,
    options?: CookieOptions,
  ) {
    const { headers } = toAnswer(received)
    const failure = expectCookie(name, value, options)({ headers } as Response) as Error | undefined
    const got = headers['set-cookie'] ?? 'no cookies'
    if (failure) return { pass: false, message: () => failure.message }
    return verdict(true, `to set the cookie ${show(name)}`, show(got))
  },

  toRedirect(received: unknown, location?: string | RegExp) {
    const { status = 0, headers } = toAnswer(received)
    const actual = headers.location as string | undefined
    const redirects = status >= 300 && status < 400 && actual !== undefined
    const pass = redirects && (location === undefined || fits(actual, location))
    return verdict(
      pass,
      `to redirect${location === undefined ? '' : ` to ${show(location)}`}`,
      `${status}, location ${show(actual)}`,
    )
  },

  toPassGateway(received: Response) {
    const { gateway } = received
    if (!gateway) throw new TypeError('No gateway took part: the request went to a real server, or this is no response')
    const list = gateway.warnings.map((warning) => `\n  - ${warning}`).join('')
    return verdict(gateway.warnings.length === 0, `to pass the ${gateway.name} gateway as it is`, list || 'no warnings')
  },
})
