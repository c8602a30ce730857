import type { WireResponse } from '../wire.ts'
import type { Outcome } from './contract.ts'
import { Malformed } from './response.ts'

/** Why the function gave no answer, in a sentence that says what to do. */
export function reasonOf(outcome: Outcome): string {
  if (outcome.kind === 'error') {
    return `The function failed with ${outcome.error.errorType}: ${outcome.error.errorMessage}`
  }
  if (outcome.kind === 'payload') {
    return 'The function streams but the gateway buffers, and what it wrote is not JSON: turn streaming on, or return a result.'
  }
  if (outcome.kind !== 'timeout') return 'The function streams but the gateway buffers: turn streaming on.'
  return outcome.by === 'function'
    ? `The function did not answer within its ${outcome.afterMs} ms: await what it waits for, or raise its time-out.`
    : `The gateway stopped waiting after ${outcome.afterMs} ms: answer sooner, or raise its time-out.`
}

/** The response that `read` makes of the result, or that `fail` makes of the reason why there is no result or it is refused. */
export function answerWith(
  outcome: Outcome,
  read: (result: unknown, warnings: string[]) => WireResponse,
  fail: (reason: string, warnings: string[]) => WireResponse,
): WireResponse {
  if (outcome.kind !== 'result') return fail(reasonOf(outcome), [])
  return guarded((warnings) => read(outcome.result, warnings), fail)
}

/** The response that `read` makes; if it throws {@link Malformed}, the one that `fail` makes of the message. */
export function guarded(
  read: (warnings: string[]) => WireResponse,
  fail: (reason: string, warnings: string[]) => WireResponse,
): WireResponse {
  const warnings: string[] = []
  try {
    return read(warnings)
  } catch (error) {
    if (error instanceof Malformed) return fail(error.message, warnings)
    throw error
  }
}
