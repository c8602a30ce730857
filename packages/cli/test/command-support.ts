import { join } from 'node:path'
import { main } from '../src/main.ts'
import type { Terminal } from '../src/terminal.ts'

/** The command's program. */
export const program = join(import.meta.dirname, '../src/bin.ts')

/**
 * Runs a command in this process. What a handler or an application prints comes out at this process's standard error, so
 * that only a program shows it.
 */
export async function ask(args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const terminal: Terminal = {
    program,
    print: (text) => void (out += `${text}\n`),
    printError: (text) => void (err += `${text}\n`),
    paint: (_colour, text) => text,
    progress: () => () => {},
  }
  const code = await main(args, program, terminal)
  return { code, out, err }
}

/** The same with the arguments one by one. */
export const runCommand = (...args: string[]): ReturnType<typeof ask> => ask(args)

export const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name)
