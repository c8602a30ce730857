// Thousands of mixed faults in one warm process, and what is left of them; a program of its own, so that the memory is its own.
// node --expose-gc packages/testing/fuzz/endurance.ts 10000 7
import { strict as assert } from 'node:assert'
import { type FaultyApplication, faults, faultyApplications } from './faulty-applications.ts'

export interface Endurance {
  readonly faults: number
  readonly clean: number
  /** Bytes of heap that the faults after the first tenth left behind. */
  readonly growth: number
  readonly timersLeft: number
  readonly listenersLeft: number
}

const [count = 10_000, seed = 7] = process.argv.slice(2).map(Number)

/** mulberry32: the same faults in the same order in every run. */
function* numbers(state: number): Generator<number, never> {
  for (;;) {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
const random = numbers(seed)
const choose = <Item>(items: readonly Item[]): Item => items[Math.floor(random.next().value * items.length)]!

const contextOf = (ms: number) => ({ getRemainingTimeInMillis: () => ms })

async function fail({ handler }: FaultyApplication, path: string, slow: boolean): Promise<void> {
  const event = { httpMethod: 'POST', path, headers: {}, body: 'x' }
  const result = (await handler(event, contextOf(slow ? 3 : 20_000))) as { statusCode: number }
  assert(result.statusCode === 200 || result.statusCode >= 500, `${path}: ${result.statusCode}`)
}

async function expectClean({ handler }: FaultyApplication, id: string): Promise<void> {
  const headers = { 'x-id': id, 'content-type': 'text/plain' }
  const result = await handler({ httpMethod: 'POST', path: `/clean/${id}`, headers, body: id }, contextOf(20_000))
  const { statusCode, body } = result as { statusCode: number; body: string }
  assert.deepEqual([statusCode, JSON.parse(body)], [200, { id, body: id, header: id }])
}

async function settledMemory(): Promise<number> {
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
const listeners = () => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)

console.error = () => {}
const apps = faultyApplications()
let clean = 0

async function run(times: number): Promise<void> {
  for (let index = 0; index < times; index++) {
    const app = choose(apps)
    let [path, slow] = choose(faults)
    // Megabytes take their time, so they come less often.
    if (path === '/too-large' && random.next().value > 0.1) [path, slow] = faults[0]!
    await fail(app, path, slow)
    if (index % 10 > 0) continue
    await expectClean(app, String(index))
    clean++
  }
}

await run(count / 10)
const before = { memory: await settledMemory(), timers: timers(), listeners: listeners() }
await run(count - count / 10)
for (const app of apps) await expectClean(app, 'last')
const outcome: Endurance = {
  faults: count,
  clean: clean + apps.length,
  growth: (await settledMemory()) - before.memory,
  timersLeft: timers() - before.timers,
  listenersLeft: listeners() - before.listeners,
}
console.log(JSON.stringify(outcome))
