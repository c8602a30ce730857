import { join } from 'node:path'
import { bundleFiles, output } from './bundle.ts'
import { type ContenderName, contenderNames } from './contender.ts'
import { lowerQuartile, pool } from './measure.ts'
import { eventOf, type Scenario, type SourceName, scenarios, sourceNames } from './scenarios.ts'
import type { Command, Reply } from './warm-worker.ts'
import { Worker } from './worker.ts'

export interface WarmCell {
  readonly source: SourceName
  readonly scenario: string
  readonly contender: ContenderName
  /** CPU time of a call in microseconds: the lower quartile of the slices. */
  readonly cpu: number
  /** The same of calls 3 to 100 after start. */
  readonly early: number
}

/** An answer that was not the right one, and so was not timed. */
export interface Refusal {
  readonly source: SourceName
  readonly scenario: string
  readonly contender: ContenderName
  readonly reason: string
}

export interface Warm {
  readonly cells: WarmCell[]
  readonly refusals: Refusal[]
}

interface Pace {
  readonly warmCalls: number
  readonly warmMilliseconds: number
  readonly slices: number
  readonly sliceMilliseconds: number
}

// Express settles after more than 10,000 calls; what is slower than 50 us is cut off by the time.
const full: Pace = { warmCalls: 12_000, warmMilliseconds: 500, slices: 11, sliceMilliseconds: 16 }
const quick: Pace = { warmCalls: 4_000, warmMilliseconds: 100, slices: 3, sliceMilliseconds: 10 }

/** Which cells to run; all where nothing is said. */
export interface Selection {
  readonly quick?: boolean
  readonly contenders?: readonly string[]
  readonly scenarios?: readonly string[]
}

/** Every contender on every scenario and source, one process per cell, contenders interleaved slice by slice. */
export async function measureWarm(selection: Selection, progress: (text: string) => void): Promise<Warm> {
  const pace = selection.quick ? quick : full
  const names = contenderNames.filter((name) => selection.contenders?.includes(name) ?? true)
  await bundleFiles(['warm-worker', ...names.map((name) => `contenders/${name}`)])
  const offers = await Promise.all(names.map(offersOf))
  const warm: Warm = { cells: [], refusals: [] }
  for (const source of sourceNames) {
    for (const scenario of scenarios.filter(({ name }) => selection.scenarios?.includes(name) ?? true)) {
      progress(`${source} ${scenario.name}`)
      const taking = names.filter((_, index) => offers[index]!.has(scenario.app))
      await measureGroup(warm, source, scenario, taking, pace)
    }
  }
  return warm
}

/** The applications that a contender has. */
async function offersOf(name: ContenderName): Promise<Set<string>> {
  const { contender } = await import(`./dist/contenders/${name}.cjs`)
  return new Set(Object.keys(contender))
}

interface Run {
  readonly contender: ContenderName
  readonly worker: Worker<Command, Reply>
  readonly early: number
  readonly slices: number[]
}

async function measureGroup(
  warm: Warm,
  source: SourceName,
  scenario: Scenario,
  names: readonly ContenderName[],
  pace: Pace,
): Promise<void> {
  const runs: Run[] = []
  try {
    for (const contender of names) {
      const started = await startRun(contender, source, scenario)
      if ('reason' in started) warm.refusals.push(started)
      else runs.push(started)
    }
    const warmUp: Command = { kind: 'warm', calls: pace.warmCalls, milliseconds: pace.warmMilliseconds }
    await pool(runs, 2, async ({ worker }) => void (await worker.ask(warmUp)))
    for (let slice = 0; slice < pace.slices; slice++) {
      for (const { worker, slices } of runs) {
        slices.push((await worker.ask({ kind: 'slice', milliseconds: pace.sliceMilliseconds })).cpu!)
      }
    }
  } finally {
    await Promise.all(runs.map(({ worker }) => worker.end()))
  }
  for (const { contender, early, slices } of runs) {
    warm.cells.push({ source, scenario: scenario.name, contender, cpu: lowerQuartile(slices), early })
  }
}

async function startRun(contender: ContenderName, source: SourceName, scenario: Scenario): Promise<Run | Refusal> {
  const worker = new Worker<Command, Reply>('warm-worker.cjs', `${contender} ${source} ${scenario.name}`)
  const { app, routes, expected } = scenario
  const bundle = join(output, 'contenders', `${contender}.cjs`)
  try {
    const cell = {
      bundle,
      app,
      event: eventOf(source, scenario),
      expected,
      ...(routes === undefined ? {} : { routes }),
    }
    const { cpu } = await worker.ask({ kind: 'start', cell })
    return { contender, worker, early: cpu!, slices: [] }
  } catch (error) {
    await worker.end()
    return { contender, source, scenario: scenario.name, reason: (error as Error).message.split('\n', 1)[0]! }
  }
}
