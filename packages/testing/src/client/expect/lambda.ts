import { isDeepStrictEqual } from 'node:util'
import type { Response } from '../response/response.ts'
import { type Expectation, mismatch, show } from './expectation.ts'

/** The handler's result holds these members, or a function accepts it. */
export function expectResult(expected: object | ((result: never) => unknown)): Expectation {
  return ({ lambda }) => {
    if (typeof expected === 'function') return expected(lambda as never)
    if (contains(lambda, expected)) return
    return mismatch(`expected a result with ${show(expected)}, got ${show(lambda)}`, expected, lambda)
  }
}

/** The prelude of a streamed answer holds these members. */
export function expectPrelude(expected: object): Expectation {
  return ({ prelude }) => {
    if (contains(prelude, expected)) return
    return mismatch(`expected a prelude with ${show(expected)}, got ${show(prelude)}`, expected, prelude)
  }
}

/** Whether each member of `expected` is in `actual` with an equal value, objects compared in the same way. */
function contains(actual: unknown, expected: unknown): boolean {
  if (expected instanceof RegExp && typeof actual === 'string') return expected.test(actual)
  if (!isRecord(expected) || !isRecord(actual)) return isDeepStrictEqual(actual, expected)
  return Object.keys(expected).every((name) => contains(actual[name], expected[name]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The gateway has no warning. */
export function expectNoWarnings({ gateway }: Response): Error | undefined {
  const warnings = gateway?.warnings ?? []
  if (warnings.length === 0) return
  const list = warnings.map((warning) => `\n  - ${warning}`).join('')
  return mismatch(`expected the ${gateway!.name} gateway to take the answer as it is, but:${list}`, [], warnings)
}

/** The result is base64, or is not. */
export function expectBase64(expected: boolean): Expectation {
  return ({ lambda }) => {
    const actual = (lambda as { isBase64Encoded?: unknown } | undefined)?.isBase64Encoded === true
    if (actual === expected) return
    return mismatch(`expected a result ${expected ? 'in' : 'without'} base64, got ${show(lambda)}`, expected, actual)
  }
}

/** The chunk at an index, or any without one, is this. */
export function expectChunk(expected: string | RegExp | Uint8Array, index?: number): Expectation {
  return ({ chunks }) => {
    const data = chunks.map((chunk) => chunk.data)
    const looked = index === undefined ? data : data.slice(index, index + 1)
    if (looked.some((chunk) => isChunk(chunk, expected))) return
    const where = index === undefined ? 'a chunk' : `chunk ${index}`
    const texts = data.map(String)
    return mismatch(`expected ${where} ${describe(expected)}, got ${show(texts)}`, expected, texts)
  }
}

function isChunk(chunk: Buffer, expected: string | RegExp | Uint8Array): boolean {
  if (expected instanceof RegExp) return expected.test(chunk.toString())
  return chunk.equals(typeof expected === 'string' ? Buffer.from(expected) : expected)
}

function describe(expected: string | RegExp | Uint8Array): string {
  return expected instanceof RegExp ? `to match ${expected}` : `of ${show(expected)}`
}
