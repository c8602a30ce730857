import type { Expectation } from './expectation.ts'

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
