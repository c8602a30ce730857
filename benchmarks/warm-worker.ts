// One contender with one scenario, alone in its process, so that type feedback does not mix.
import { createRequire } from 'node:module'
import type { Contender, LambdaHandler } from './contender.ts'
import { assertAnswer } from './gate.ts'
import { cpuTime, turn } from './measure.ts'
import { context, type Expected } from './scenarios.ts'

export interface Cell {
  readonly bundle: string
  readonly app: keyof Contender
  readonly routes?: number
  readonly event: string
  readonly expected: Expected
}

export type Command =
  | { readonly kind: 'start'; readonly cell: Cell }
  | { readonly kind: 'warm'; readonly calls: number; readonly milliseconds: number }
  | { readonly kind: 'slice'; readonly milliseconds: number }

/** CPU time of one call in microseconds; of calls 3 to 100 in answer to `start`. */
export interface Reply {
  readonly cpu?: number
  readonly error?: string
}

const BATCH = 128
let handler: LambdaHandler
let cell: Cell

async function start(given: Cell): Promise<Reply> {
  cell = given
  const { contender } = createRequire(__filename)(cell.bundle) as { contender: Contender }
  handler = await contender[cell.app]!(cell.routes ?? 0)
  await check()
  await check()
  return { cpu: (await batch(98)) / 98 }
}

async function check(): Promise<void> {
  assertAnswer(await handler(JSON.parse(cell.event), context), cell.expected)
}

/** Calls with fresh events, parsed outside the timing, and one turn of the event loop inside it: its CPU time. */
async function batch(calls: number): Promise<number> {
  const events: unknown[] = Array.from({ length: calls }, () => JSON.parse(cell.event))
  const from = cpuTime()
  for (const event of events) await handler(event, context)
  await turn()
  return cpuTime() - from
}

async function run(calls: number, milliseconds: number): Promise<Reply> {
  const until = performance.now() + milliseconds
  // A slow cell must not take many times its share in one batch.
  let size = 8
  let done = 0
  let cpu = 0
  while (done < calls && performance.now() < until) {
    const before = performance.now()
    cpu += await batch(size)
    done += size
    if (performance.now() - before < milliseconds / 10) size = Math.min(size * 2, BATCH)
  }
  return { cpu: cpu / done }
}

async function obey(command: Command): Promise<Reply> {
  if (command.kind === 'start') return start(command.cell)
  if (command.kind === 'slice') return run(Number.POSITIVE_INFINITY, command.milliseconds)
  const reply = await run(command.calls, command.milliseconds)
  await check()
  return reply
}

process.on('message', (command: Command) => {
  obey(command).then(
    (reply) => process.send!(reply),
    (error) => process.send!({ error: String(error.stack) }),
  )
})
