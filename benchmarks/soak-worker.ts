// A million invocations of the realistic application in one process: what is left in memory, and what was warned of.

import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Contender, LambdaHandler } from './contender.ts'
import { assertAnswer } from './gate.ts'
import { cpuTime } from './measure.ts'
import { context, type Expected } from './scenarios.ts'

export interface SoakTask {
  readonly bundle: string
  readonly invocations: number
  readonly concurrency: number
  /** How many times memory is read, in even steps. */
  readonly readings: number
  /** Events in turn, as JSON, with their answers. */
  readonly requests: readonly { readonly event: string; readonly expected: Expected }[]
}

export interface SoakRun {
  /** Bytes of heap in use after a full collection, at each reading. */
  readonly heap: number[]
  /** Resident bytes at each reading. */
  readonly rss: number[]
  /** Process warnings, such as those of too many listeners, and unhandled rejections. */
  readonly warnings: string[]
  readonly rejections: string[]
  /** CPU microseconds of an invocation, the parsing of its event included. */
  readonly cpu: number
}

const task: SoakTask = JSON.parse(process.argv[2]!)
const warnings: string[] = []
const rejections: string[] = []
process.on('warning', (warning) => warnings.push(String(warning)))
process.on('unhandledRejection', (reason) => rejections.push(String(reason)))

let next = 0

/** One invocation; each answer is compared, as a leak of one request into another would show there. */
async function invoke(handler: LambdaHandler): Promise<void> {
  const { event, expected } = task.requests[next++ % task.requests.length]!
  const result = (await handler(JSON.parse(event), context)) as { statusCode: number; body: string }
  if (result.statusCode !== expected.status || result.body !== expected.body) assertAnswer(result, expected)
}

async function main(): Promise<void> {
  const { contender } = createRequire(__filename)(task.bundle) as { contender: Contender }
  const handler = await contender.realistic!()
  const heap: number[] = []
  const rss: number[] = []
  const began = cpuTime()
  const rounds = task.invocations / task.readings / task.concurrency
  for (let reading = 0; reading < task.readings; reading++) {
    for (let round = 0; round < rounds; round++) {
      await Promise.all(Array.from({ length: task.concurrency }, () => invoke(handler)))
    }
    await new Promise((resolve) => setImmediate(resolve))
    globalThis.gc!()
    const memory = process.memoryUsage()
    heap.push(memory.heapUsed)
    rss.push(memory.rss)
  }
  const run: SoakRun = { heap, rss, warnings, rejections, cpu: (cpuTime() - began) / task.invocations }
  writeSync(1, JSON.stringify(run))
}

main()
