import { findRow } from './cold-tables.ts'
import type { ContenderName } from './contender.ts'
import { kilobytes, milliseconds, times } from './markdown.ts'
import { geometricMean } from './measure.ts'
import type { Results } from './results.ts'
import { findRouting } from './routing-tables.ts'
import { sourceNames } from './scenarios.ts'
import { isFlat } from './soak.ts'
import type { Warm } from './warm.ts'
import { findCell, inMean, ratio, ratiosToBare } from './warm-tables.ts'

export interface Goal {
  readonly goal: string
  readonly target: string
  readonly measured: string
  readonly met: boolean
}

/** Every goal whose part was measured. */
export function goals(results: Results): Goal[] {
  return [...warmGoals(results), ...routingGoals(results), ...coldGoals(results), ...soakGoals(results)]
}

const atMost = (goal: string, limit: number, value: number, show = times): Goal => ({
  goal,
  target: `≤ ${show(limit)}`,
  measured: show(value),
  met: value <= limit,
})

const atLeast = (goal: string, limit: number, value: number): Goal => ({
  goal,
  target: `≥ ${times(limit)}`,
  measured: times(value),
  met: value >= limit,
})

function warmGoals({ warm: run }: Results): Goal[] {
  if (!run) return []
  const warm = run.data
  const core = ratiosToBare(warm, 'core')
  const worst = core.length === 0 ? undefined : worstOf(warm)
  return [
    atMost('core, warm, geometric mean over bare', 1.8, geometricMean(core)),
    ...(worst ? [atMost(`core, warm, slowest scenario (${worst.where})`, 2.5, worst.value)] : []),
    ...fasterThanExpress(warm),
    atLeast(
      'Express under our listener over serverless-http, geometric mean',
      2,
      geometricMean(advantages(warm, 'express-listener', inMean)),
    ),
    ...(['core', 'express-shim'] as const).map((name) =>
      atMost(`${name}, 1,000 routes against 10`, 1.3, growth(warm, name)),
    ),
    atMost('core, gzip 100 KB over zlib alone', 1.1, gzip(warm)),
  ].filter(({ measured }) => measured !== '–')
}

function worstOf(warm: Warm): { where: string; value: number } {
  const all = warm.cells
    .filter(({ contender, scenario }) => contender === 'core' && inMean(scenario))
    .map(({ source, scenario }) => ({
      where: `${scenario}, ${source}`,
      value: ratio(warm, source, scenario, 'core', 'bare') ?? Number.NaN,
    }))
  return all.reduce((worst, each) => (each.value > worst.value ? each : worst))
}

/** How many times as fast as real Express under serverless-http a contender is, on each source. */
function advantages(warm: Warm, contender: ContenderName, wanted: (scenario: string) => boolean): number[] {
  const names = new Set(warm.cells.map(({ scenario }) => scenario).filter(wanted))
  return [...names]
    .flatMap((name) => sourceNames.map((source) => ratio(warm, source, name, 'express-serverless-http', contender)))
    .filter((value) => value !== undefined)
}

function fasterThanExpress(warm: Warm): Goal[] {
  const limits: Record<string, number> = {
    hello: 10,
    'get-json': 10,
    'path-param': 10,
    query: 10,
    'mw-5': 10,
    'not-found': 10,
    'post-json': 6,
    'app-get': 6,
    'app-post': 6,
    'app-error': 4,
    binary: 3,
  }
  return Object.entries(limits).map(([scenario, limit]) => {
    const value = geometricMean(advantages(warm, 'express-shim', (name) => name === scenario))
    return atLeast(`shim over Express under serverless-http, ${scenario}`, limit, value)
  })
}

function growth(warm: Warm, name: ContenderName): number {
  const ratios = sourceNames.flatMap((source) => {
    const few = findCell(warm, source, 'routes-10-middle', name)
    const many = findCell(warm, source, 'routes-1000-middle', name)
    return few && many ? [many.cpu / few.cpu] : []
  })
  return geometricMean(ratios)
}

const gzip = (warm: Warm): number =>
  geometricMean(
    sourceNames
      .map((source) => ratio(warm, source, 'gzip-100kb', 'core', 'bare'))
      .filter((value) => value !== undefined),
  )

function routingGoals({ routing: run }: Results): Goal[] {
  const ours = run && findRouting(run.data, '@expressway/core', 5000)
  const theirs = run && findRouting(run.data, 'find-my-way', 5000)
  if (!ours || !theirs) return []
  return [
    atMost("router, lookup at 5,000 routes over find-my-way's", 1, ours.lookup / theirs.lookup),
    atLeast('router, built so many times faster than find-my-way at 5,000 routes', 20, theirs.build / ours.build),
  ]
}

function coldGoals({ cold: run }: Results): Goal[] {
  if (!run) return []
  const limits = { core: { cpu: 1500, bytes: 20_000 }, 'express-shim': { cpu: 5000, bytes: 60_000 } }
  return (['core', 'express-shim'] as const).flatMap((name) => {
    const row = findRow(run.data, name, 'cjs')
    if (!row) return []
    const { cpu, bytes } = limits[name]
    return [
      atMost(`${name} hello, cold, CPU over an empty handler`, cpu, row.cpu, (value) => `${milliseconds(value!)} ms`),
      atMost(`${name} hello, minified bundle`, bytes, row.bytes, (value) => `${kilobytes(value!)} KB`),
      atMost(`${name} hello, built-in modules loaded`, 0, row.builtins, String),
    ]
  })
}

function soakGoals({ soak: run }: Results): Goal[] {
  return (run?.data ?? []).map((row) => ({
    goal: `soak, ${row.contender}, concurrency ${row.concurrency}`,
    target: 'memory flat, no warning',
    measured: isFlat(row)
      ? 'flat, none'
      : `heap ${Math.round((row.heap.at(-1)! - row.heap[0]!) / 1000)} KB more, ${row.warnings.length + row.rejections.length} warnings`,
    met: isFlat(row),
  }))
}
