import { isDeepStrictEqual } from 'node:util'
import type { Response } from '../response/response.ts'
import { type Expectation, mismatch, show } from './expectation.ts'

/** A string is the text, a RegExp matches the text, any other value deeply equals the parsed body. */
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
