/** A command of `expressway`: a file in `commands/`, and a line in `commands.ts`. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string
  /** What `expressway <command> --help` prints. */
  readonly help: string
  /**
   * @returns the exit code
   * @throws Failure for what ends the command with one line
   */
  run(args: string[], terminal: Terminal): Promise<number>
}

/** What a command has of the process that it runs in. */
export interface Terminal {
  /** The file that Node was started with: what to start again for a process of its own. */
  readonly program: string
  print(text: string): void
  printError(text: string): void
}
