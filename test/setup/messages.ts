// A test that prints what it does not expect fails. Standard output and error, process warnings and the deprecations of depd
// (Express's library) are collected while a test file runs; `expectLog` of test/expect-log.ts names what may come.
import { inspect } from 'node:util'
import { afterAll, afterEach } from 'vitest'
import { messages } from '../expect-log.ts'

// The console writes here too: vitest.config.ts keeps vitest from replacing it.
for (const name of ['stdout', 'stderr'] as const)
  process[name].write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    messages.add(name, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
    const written = rest.at(-1)
    if (typeof written === 'function') process.nextTick(written)
    return true
  }) as typeof process.stdout.write

// Instead of Node's own listener, which prints past process.stderr.write.
process.removeAllListeners('warning').on('warning', (warning) => {
  // The URL parser that Express and the shim share warns of a hostile URL once in a process, a turn later: in any test.
  if ((warning as { code?: string }).code !== 'DEP0170') messages.add('process warning', inspect(warning))
})
// depd prints to standard error if nobody listens.
process.removeAllListeners('deprecation').on('deprecation', (error) => messages.add('deprecation', String(error)))

afterEach(() => messages.check())
afterAll(() => messages.check())
