import type { LambdaError, Outcome } from '../gateways/contract.ts'

/** An error with the name that Lambda's runtime gives it. */
export function named(name: string, message: string): Error {
  const error = new Error(message)
  error.name = name
  return error
}

/** The shape in which Lambda reports an error; DEL is written as `%7F`, since a header cannot hold it. */
export function formatError(error: unknown): LambdaError {
  try {
    if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] }
    return {
      errorType: escapeDel(error.name),
      errorMessage: escapeDel(error.message),
      trace: error.stack === undefined ? [] : escapeDel(error.stack).split('\n'),
    }
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
      trace: [],
    }
  }
}

const escapeDel = (text: string): string => text.replaceAll('\x7F', '%7F')

/** The function's deadline passed, or the gateway's time-out. */
export class TimedOut extends Error {
  readonly by: 'function' | 'gateway'
  readonly afterMs: number

  constructor(by: 'function' | 'gateway', afterMs: number, requestId: string) {
    super(`RequestId: ${requestId} Error: Task timed out after ${(afterMs / 1000).toFixed(2)} seconds`)
    this.name = 'Sandbox.Timedout'
    this.by = by
    this.afterMs = afterMs
  }
}

/** The outcome of a failed run for the gateway. */
export function failureOf(error: unknown): Outcome {
  const { errorType, errorMessage, trace } = formatError(error)
  if (!(error instanceof TimedOut)) return { kind: 'error', error: { errorType, errorMessage, trace } }
  return { kind: 'timeout', by: error.by, afterMs: error.afterMs, error: { errorType, errorMessage } }
}
