import { strict as assert } from 'node:assert'

const SMALL = 1_000
const FACTOR = 16
// Sixteen times the input takes a linear step 16 times as long, a quadratic one 256 times.
const MOST = 80
// Below it a measure says nothing about growth, and there is nothing to fear either: every input may take so many microseconds.
const NOISE_US = 3_000

const texts = [
  'a',
  ' ',
  ',',
  ';',
  '=',
  '%',
  '"',
  '\\',
  '-',
  '0',
  '/',
  '.',
  '[',
  '(',
  '{',
  '&',
  '+',
  '\t',
  '*',
  ':',
  'é',
]
const pairs = [
  'a,',
  ' ,',
  '; ',
  'a=',
  '="',
  '\\"',
  'a;b',
  ';q=0',
  '%4',
  '%25',
  '/a',
  '..',
  './',
  '/.',
  '[]',
  '[a]',
  '--',
  '-a',
]

/** Inputs that make careless expressions go back and forth: long runs, behind and before what cannot match. */
export const attacks: readonly ((length: number) => string)[] = [...texts, ...pairs].flatMap((text) => {
  const run = (length: number) => text.repeat(Math.ceil(length / text.length)).slice(0, length)
  const inside = ['', 'x', ';', 'a=', 'bytes=', 'text/html;a="', 'a,']
  return inside.map((start) => (length: number) => `${start}${run(length)}${start && '\u0001'}`)
})

/** Microseconds of CPU that this thread used: the time of other processes on a busy machine does not count. */
function cpu(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

/** The least CPU microseconds of `calls` runs in a row, of three tries. */
async function shortest(run: () => unknown, calls: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round++) {
    const start = cpu()
    for (let call = 0; call < calls; call++) await run()
    best = Math.min(best, cpu() - start)
  }
  return best
}

/** Asserts that the CPU time of a run grows with its input and not with its square. */
export async function assertLinear(run: (text: string) => unknown): Promise<void> {
  for (const attack of attacks) {
    const large = attack(SMALL * FACTOR)
    await run(attack(64))
    const start = cpu()
    await run(large)
    if (cpu() - start < NOISE_US) continue
    const small = attack(SMALL)
    for (let attempt = 1; ; attempt++) {
      const once = (await shortest(() => run(small), FACTOR)) / FACTOR
      const growth = (await shortest(() => run(large), 1)) / Math.max(once, 1)
      if (growth < MOST) break
      // Garbage of what ran before may have been collected in between.
      assert(
        attempt < 4,
        `${JSON.stringify(attack(16))}: ${FACTOR} times the input took ${growth.toFixed(0)} times as long`,
      )
    }
  }
}
