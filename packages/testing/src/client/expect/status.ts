import type { Response } from '../response/response.ts'
import type { Expectation } from './expectation.ts'

/** The reason phrase of a status, as supertest's messages print it. Read on failure only, so Node's table can serve. */
export function statusText(status: number): string | undefined {
  return process.getBuiltinModule('node:http').STATUS_CODES[status]
}

/** The status is this one. */
export function expectStatus(status: number): Expectation {
  return (response) => {
    if (response.status !== status) return mismatchOf(`${status} "${statusText(status)}"`, response)
  }
}

/** The status is one of these. */
export function expectStatusIn(statuses: readonly number[]): Expectation {
  return (response) => {
    if (!statuses.includes(response.status)) return mismatchOf(`one of "${statuses.join(', ')}"`, response)
  }
}

/** The gateway's warnings stand below the statuses, as a 502 alone says nothing; the cause is what the handler threw. */
function mismatchOf(expected: string, { status, gateway, lambdaError }: Response): Error {
  const why = gateway?.warnings.map((warning) => `\n  ${gateway.name}: ${warning}`).join('') ?? ''
  const error = new Error(`expected ${expected}, got ${status} "${statusText(status)}"${why}`)
  if (lambdaError !== undefined) error.cause = lambdaError
  return error
}
