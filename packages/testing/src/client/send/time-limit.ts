import { type ConsoleTail, consoleLines } from './console-tail.ts'
import { timedOut } from './failures.ts'
import type { RequestSpec } from '../spec.ts'

/** Before vitest's own limit of 5 s, so that the failure can say what was being waited for. */
export const DEFAULT_LIMIT = 4500

/** What the failure says of a request that was not answered. */
export interface Waiting {
  spec: RequestSpec
  /** `http-api`, or the server's origin. */
  through: string
  console: ConsoleTail
  defaultLimit: number
}

/** The timers of one request. */
export interface TimeLimit {
  /** The first byte is here: the `response` limit no longer counts. */
  answered(): void
  clear(): void
}

/** Starts the limits that the test set, or the default one where it set none; `over` gets the failure. */
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
  const wrote = last === undefined ? 'it wrote nothing to the console' : `the last it wrote to the console was: ${last}`
  const error = new Error(
    `No answer to ${spec.method} ${spec.path} through ${through} within ${defaultLimit} ms: the handler was still ` +
      `running, and ${wrote}. Look for a promise that never settles or a response that is never ended; ` +
      'raise the limit with .timeout(ms).',
  )
  return Object.assign(error, { code: 'ECONNABORTED', errno: 'ETIME', timeout: defaultLimit })
}
