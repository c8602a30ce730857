import { fork } from 'node:child_process'
import { typeStripping } from '@expressway/testing/process'
import { Failure } from '../failure.ts'

const timeLimitMs = 120_000

/** The option that has a command do its work in this process, which is one of its own. */
export const thisProcess = 'this-process'

/**
 * The command again, in a process that an application may end or change. What it prints goes to standard error.
 * @param program the file that Node was started with
 * @param args the command's name and arguments
 * @param name the application's file, for errors
 * @throws Failure if the process ends without a result
 */
export function runApart<Result>(program: string, args: readonly string[], name: string): Promise<Result> {
  const child = fork(program, [...args, `--${thisProcess}`], {
    execArgv: [...process.execArgv, ...typeStripping],
    stdio: ['ignore', 2, 2, 'ipc'],
    timeout: timeLimitMs,
  })
  return new Promise((resolve, reject) => {
    child.once('message', (result) => resolve(result as Result))
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      const how = signal === null ? `exit status ${code}` : `signal ${signal}`
      reject(new Failure(`${name} cannot be loaded: it ended the process with ${how}.`))
    })
  })
}

/** The other end of {@link runApart}: sends the result and ends the process, which an application's timers would keep. */
export async function answerApart(work: () => Promise<unknown>): Promise<never> {
  const send = process.send?.bind(process)
  try {
    const result = await work()
    await new Promise((resolve) => (send === undefined ? resolve(undefined) : send(result as object, resolve)))
  } catch (error) {
    // Uncaught errors count as the application's.
    console.error(error)
    process.exit(1)
  }
  return process.exit(0)
}
