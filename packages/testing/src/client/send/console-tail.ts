import type { AsyncLocalStorage } from 'node:async_hooks'
import type { ConsoleTail } from '../exchange.ts'

const METHODS = ['log', 'info', 'debug', 'warn', 'error'] as const

/** The most calls that are kept of one invocation. */
const MOST = 1000

let storage: AsyncLocalStorage<ConsoleTail> | undefined

/**
 * Runs `work` and records what it writes to the console. Node's diagnostics channels publish each call, so the console
 * itself stays untouched, and with it the spies of a test.
 */
export function withConsoleTail<T>(tail: ConsoleTail, work: () => T): T {
  storage ??= watchConsole()
  return storage.run(tail, work)
}

function watchConsole(): AsyncLocalStorage<ConsoleTail> {
  const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks')
  const { subscribe } = process.getBuiltinModule('node:diagnostics_channel')
  const store = new AsyncLocalStorage<ConsoleTail>()
  const note = (args: unknown) => {
    const tail = store.getStore()
    if (tail && tail.length < MOST) tail.push([...(args as unknown[])]) // a copy: the console adds its options in front
  }
  for (const method of METHODS) subscribe(`console.${method}`, note)
  return store
}

/** The lines as the console prints them. */
export function consoleLines(tail: ConsoleTail): string[] {
  const { format } = process.getBuiltinModule('node:util')
  return tail.map((args) => format(...args))
}
