/** A command of `expressway`: a file in this folder, and a line below. */
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

export const commands: Record<string, () => Promise<Command>> = {
  dev: async () => (await import('./dev.ts')).dev,
  invoke: async () => (await import('./invoke.ts')).invoke,
  event: async () => (await import('./event.ts')).event,
  doctor: async () => (await import('./doctor.ts')).doctor,
}
