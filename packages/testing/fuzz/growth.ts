import { strict as assert } from 'node:assert'

const SMALL = 1_000
const FACTOR = 16
// Sixteen times the input takes a linear step 16 times as long, a quadratic one 256 times.
const MOST = 80
// Below it a clock says nothing about growth, and there is nothing to fear either: it is what all sixteen-fold inputs may take.
const NOISE_NS = 3_000_000n

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

async function shortest(run: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round++) {
    const start = process.hrtime.bigint()
    await run()
    best = Math.min(best, Number(process.hrtime.bigint() - start))
  }
  return best
}

/** Asserts that the time of a run grows with its input and not with its square; by growth, so that no machine is too slow. */
export async function assertLinear(run: (text: string) => unknown): Promise<void> {
  for (const attack of attacks) {
    const large = attack(SMALL * FACTOR)
    await run(attack(64))
    const start = process.hrtime.bigint()
    await run(large)
    if (process.hrtime.bigint() - start < NOISE_NS) continue
    const small = attack(SMALL)
    for (let attempt = 1; ; attempt++) {
      const growth = (await shortest(() => run(large))) / (await shortest(() => run(small)))
      if (growth < MOST) break
      // Other processes of the machine may have come in between.
      assert(
        attempt < 4,
        `${JSON.stringify(attack(16))}: ${FACTOR} times the input took ${growth.toFixed(0)} times as long`,
      )
    }
  }
}
