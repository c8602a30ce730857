// Looks for failures for as long as it is told: `pnpm fuzz --minutes 10 --seed 42`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { watchConsole } from './applications.ts'
import { properties } from './properties.ts'
import { type Failure, type Property, type Tally, tryProperty } from './property.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } })
const minutes = numberOf('minutes', values.minutes ?? '1')
const seed = numberOf('seed', values.seed ?? String(Date.now() % 0x7fffffff)) | 0
const RUNS_IN_A_ROW = 200

function numberOf(name: string, text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number) || number < 0) {
    throw new TypeError(`--${name} takes a number, not ${text}`)
  }
  return number
}

const tallies = new Map<string, Tally>()
const failures: Failure[] = []
let current = ''
process.on('unhandledRejection', (error) => {
  console.log(`FAILED  ${current}: a rejection that nobody handles\n`, error)
  failures.push({ property: current, seed, path: '', value: null, error })
})
watchConsole()

console.log(`seed ${seed}, ${minutes} min, ${properties.length} properties`)
const end = Date.now() + minutes * 60_000
const broken = new Set<string>()
for (let round = 0; round === 0 || Date.now() < end; round++) {
  for (const property of properties) {
    if (broken.has(property.name) || (round > 0 && Date.now() >= end)) continue
    current = property.name
    const tally = tallies.get(property.name) ?? {}
    tallies.set(property.name, tally)
    const failure = await tryProperty(property, (seed + round) | 0, RUNS_IN_A_ROW, tally)
    if (failure) report(failure, property)
  }
}
summarize()
process.exitCode = failures.length > 0 ? 1 : 0

/** A failure is shown, kept to be tried first from now on, and its property is not tried again in this run. */
function report(failure: Failure, { keep }: Property): void {
  failures.push(failure)
  broken.add(failure.property)
  const name = `${failure.property.replace(/\W+/g, '-')}-${Date.now().toString(36)}.json`
  const folder = new URL('cases/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const { property, seed, value } = failure
  const kept = keep?.(value) ?? { property, value }
  writeFileSync(new URL(name, folder), `${JSON.stringify(kept, null, 2)}\n`)
  console.log(`FAILED  ${property} (seed ${seed}, path ${failure.path}), kept as fuzz/cases/${name}`)
  console.log(JSON.stringify(value).slice(0, 2000), failure.error)
}

function summarize(): void {
  const total: Tally = {}
  for (const [name, tally] of tallies) {
    for (const [outcome, count] of Object.entries(tally)) total[outcome] = (total[outcome] ?? 0) + count
    console.log(`${name}: ${describe(tally)}`)
  }
  const tried = Object.values(total).reduce((sum, count) => sum + count, 0)
  console.log(`${tried} tried: ${describe(total)}; failures: ${failures.length}`)
}

function describe(tally: Tally): string {
  return Object.entries(tally)
    .map(([outcome, count]) => `${outcome} ${count}`)
    .join(', ')
}
