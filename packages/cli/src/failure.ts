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

/** The command line itself is wrong: exit code 2. */
export const usage = (message: string): Failure => new Failure(message, { exitCode: 2 })
