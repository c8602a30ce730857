import { fileURLToPath } from 'node:url'
import { main } from '../src/main.ts'
import { createTerminal } from '../src/terminal.ts'

const program = fileURLToPath(new URL('../src/bin.ts', import.meta.url))

/** Runs a command in this process; what it starts is a process of its own. */
export async function runCommand(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' }
  const sink = (name: 'out' | 'err') => ({ isTTY: false, write: (text: string) => Boolean((written[name] += text)) })
  const code = await main(args, program, createTerminal(program, sink('out') as never, sink('err') as never))
  return { code, ...written }
}

export const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
