import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { output } from './bundle.ts'

/** A process that answers one command at a time. */
export class Worker<Command extends object, Reply extends { readonly error?: string }> {
  readonly #child: ChildProcess
  readonly #name: string
  readonly #ended: Promise<unknown>

  constructor(file: string, name: string, execArgv: readonly string[] = []) {
    this.#name = name
    this.#child = fork(join(output, file), {
      execArgv: [...execArgv],
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#ended = once(this.#child, 'exit')
  }

  /** @throws Error that the worker reports, or where it ends before it answers. */
  async ask(command: Command): Promise<Reply> {
    this.#child.send(command)
    const ended = this.#ended.then(() => [{ error: 'the process ended' }])
    const [reply] = (await Promise.race([once(this.#child, 'message'), ended])) as [Reply]
    if (reply.error) throw new Error(`${this.#name}: ${reply.error}`)
    return reply
  }

  /** Lets the process end by itself, so that a profile is written. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return
    this.#child.disconnect()
    await this.#ended
  }
}
