import type { Response } from '../response/response.ts'

/** Looks at a response and returns an Error, throws one or rejects with one. Any other return value means nothing. */
export type Expectation = (response: Response) => unknown

/** A failed comparison, with what test runners need to show the difference. */
export interface MismatchError extends Error {
  expected: unknown
  actual: unknown
  showDiff: true
}

/** Runs an expectation, and waits for it if it is asynchronous; gives the error that it returned or threw, if any. */
export async function failureOf(expectation: Expectation, response: Response): Promise<Error | undefined> {
  let outcome: unknown
  try {
    outcome = expectation(response)
  } catch (error) {
    outcome = error
  }
  if (isPromise(outcome)) outcome = await outcome.then((value) => value, toError)
  return outcome instanceof Error ? outcome : undefined
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

/** A rejection fails the test whatever its reason is. */
function toError(reason: unknown): Error {
  return reason instanceof Error
    ? reason
    : new Error(`the expectation rejected with ${show(reason)}`, { cause: reason })
}

/** The error of a comparison that test runners print as a difference. */
export function mismatch(message: string, expected: unknown, actual: unknown): MismatchError {
  return Object.assign(new Error(message), { expected, actual, showDiff: true as const })
}

/** A value as `util.inspect` prints it, which is how supertest shows bodies. */
export function show(value: unknown): string {
  return process.getBuiltinModule('node:util').inspect(value)
}
