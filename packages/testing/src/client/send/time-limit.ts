import type { ConsoleTail } from '../exchange.ts'
import type { RequestSpec } from '../spec.ts'
import { consoleLines } from './console-tail.ts'
import { timedOut } from './failures.ts'

/** Milliseconds; less than vitest's own limit of 5 s, so that the failure can say what the test waited for. */
export const DEFAULT_LIMIT = 4500

/** What the failure of an unanswered request reports. */
export interface Waiting {
  spec: RequestSpec
  /** `http-api`, or the server's origin. */
  through: string
  console: ConsoleTail
  defaultLimit: number
}

/** The timers of one request. */
export interface TimeLimit {
  /** Ends the `response` limit: the first byte has arrived. */
  answered(): void
  /** Ends all limits. */
  clear(): void
}

/**
 * Milliseconds for which the test waits for the status and headers; `undefined` without a limit. A stream may go on
 * after `response` has passed.
 */
export function patienceOf({ timeouts, stream }: RequestSpec, defaultLimit: number): number | undefined {
  const { deadline, response } = timeouts
  if (deadline === undefined && response === undefined) return defaultLimit || undefined
  return deadline || (stream ? undefined : response) || undefined
}

/** Starts the limits that the test set, or the default one if it set none; `over` gets the failure. */
export function startTimeLimit(waiting: Waiting, over: (error: Error) => void): TimeLimit {
  const { deadline, response } = waiting.spec.timeouts
  const first = after(response, (ms) => over(timedOut('Response timeout', ms)))
  const whole = after(deadline, (ms) => over(timedOut('Timeout', ms)))
  const limited = deadline !== undefined || response !== undefined
  const last = after(!limited && waiting.defaultLimit, () => over(neverAnswered(waiting)))
  return {
    answered: () => clearTimeout(first),
    clear() {
      for (const timer of [first, whole, last]) clearTimeout(timer)
    },
  }
}

function after(ms: number | false | undefined, done: (ms: number) => void): NodeJS.Timeout | undefined {
  return ms ? setTimeout(done, ms, ms) : undefined
}

function neverAnswered({ spec, through, console, defaultLimit }: Waiting): Error {
  const last = consoleLines(console).at(-1)
  const wrote = last === undefined ? 'it wrote nothing to the console' : `its last line on the console was: ${last}`
  const error = new Error(
    `No answer to ${spec.method} ${spec.path} through ${through} within ${defaultLimit} ms: the handler was still ` +
      `running, and ${wrote}. Look for a promise that never settles or a response that is never ended; ` +
      'raise the limit with .timeout(ms).',
  )
  return Object.assign(error, { code: 'ECONNABORTED', errno: 'ETIME', timeout: defaultLimit })
}
