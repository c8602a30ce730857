import { LoadFailure } from '@expressway/testing/process'
import { Failure } from './failure.ts'

/** An error that ends a command by one clear line, or undefined for a fault of the program. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof LoadFailure) return new Failure(error.message, { detail: error.detail })
  return error instanceof Failure ? error : undefined
}
