import { isDeepStrictEqual } from 'node:util'
import { type Expectation, mismatch, show } from './expectation.ts'

/** The body has a value at `path`: any, an equal one, one that matches, or one that a function accepts. */
export function expectJsonPath(path: string, expected: [value?: unknown]): Expectation {
  const steps = parsePath(path)
  return ({ body }) => {
    const found = valuesAt(body, steps)
    if (found.length === 0) return mismatch(`expected ${path} in the body, which is ${show(body)}`, path, body)
    if (expected.length === 0) return
    const many = steps.includes('*')
    const actual = many ? found : found[0]
    return compare(path, actual, expected[0])
  }
}

function compare(path: string, actual: unknown, expected: unknown): unknown {
  if (typeof expected === 'function') return expected(actual)
  if (expected instanceof RegExp) {
    if (expected.test(String(actual))) return
    return mismatch(`expected ${path} to match ${expected}, got ${show(actual)}`, expected, actual)
  }
  if (isDeepStrictEqual(actual, expected)) return
  return mismatch(`expected ${path} to be ${show(expected)}, got ${show(actual)}`, expected, actual)
}

/**
 * The steps of `$.a.b[0]['c d'][*]`; the `$` and the first dot may be left out.
 * @throws TypeError if the path cannot be read
 */
export function parsePath(path: string): (string | number)[] {
  const rest = path.replace(/^\$\.?/, '')
  const token = /^\.?(?:([^.[\]'"]+)|\[(\d+|\*)\]|\[(?:'([^']*)'|"([^"]*)")\])/
  const steps: (string | number)[] = []
  for (let at = 0; at < rest.length; ) {
    const match = token.exec(rest.slice(at))
    if (!match) throw new TypeError(`Cannot read the JSON path "${path}" at "${rest.slice(at)}"`)
    const [whole, name, index, single, double] = match
    steps.push(index !== undefined && index !== '*' ? Number(index) : (name ?? index ?? single ?? double)!)
    at += whole.length
  }
  return steps
}

function valuesAt(value: unknown, steps: (string | number)[]): unknown[] {
  const [step, ...rest] = steps
  if (step === undefined) return [value]
  if (typeof value !== 'object' || value === null) return []
  if (step === '*') return Object.values(value).flatMap((one) => valuesAt(one, rest))
  return Object.hasOwn(value, step) ? valuesAt((value as Record<string | number, unknown>)[step], rest) : []
}
