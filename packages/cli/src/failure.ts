import { LoadFailure } from '@expressway/testing/process'

/** What ends a command: one line for the person who ran it, and an exit code. */
export class Failure extends Error {
  readonly exitCode: number
  /** What may help, below the line: a stack. */
  readonly detail: string

  constructor(message: string, { exitCode = 1, detail = '' }: { exitCode?: number; detail?: string } = {}) {
    super(message)
    this.exitCode = exitCode
    this.detail = detail
  }
}

/** An error that ends a command by one clear line, or undefined for a fault of the program. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof LoadFailure) return new Failure(error.message, { detail: error.detail })
  return error instanceof Failure ? error : undefined
}

/** The command line itself is wrong: exit code 2. */
export const usage = (message: string): Failure => new Failure(message, { exitCode: 2 })
