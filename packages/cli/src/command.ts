import type { Terminal } from './terminal.ts'

export type { Terminal } from './terminal.ts'

/** A command of `expressway`: a file in `commands/`, and a line in `commands.ts`. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string
  /** What `expressway <command> --help` prints: usage, arguments, examples, exit codes. */
  readonly help: string
  /**
   * @returns the exit code
   * @throws Failure to end the command with one line and an exit code
   */
  run(args: string[], terminal: Terminal): Promise<number>
}
