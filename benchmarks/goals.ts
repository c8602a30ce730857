import { findRow } from './cold-tables.ts'
import type { ContenderName } from './contender.ts'
import { kilobytes, milliseconds, times } from './markdown.ts'
import { geometricMean } from './measure.ts'
import type { PartName } from './parts.ts'
import type { Results } from './results.ts'
import { findRouting } from './routing-tables.ts'
import { sourceNames } from './scenarios.ts'
import { isFlat } from './soak.ts'
import type { ClientName } from './testing-clients.ts'
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
  return [
    ...warmGoals(results),
    ...earlyGoals(results),
    ...routingGoals(results),
    ...coldGoals(results),
    ...firstCallGoals(results),
    ...testingGoals(results),
    ...soakGoals(results),
  ].filter(({ measured }) => measured !== '–')
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
    ...(worst ? [atMost(`core, warm, slowest scenario (${worst.where})`, 3, worst.value)] : []),
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
  ]
}

/** Calls 3 to 100, where most environments of Lambda live. */
function earlyGoals({ warm: run }: Results): Goal[] {
  if (!run) return []
  const { cells } = run.data
  const early = (scenario: string, contender: ContenderName): number | undefined =>
    findCell(run.data, 'http-api', scenario, contender)?.early
  const names = [...new Set(cells.map(({ scenario }) => scenario))].filter(inMean)
  const over = (contender: ContenderName, yardstick: ContenderName): number[] =>
    names.flatMap((name) => {
      const [own, other] = [early(name, contender), early(name, yardstick)]
      return own && other ? [own / other] : []
    })
  const ofExpress = over('express-shim', 'express-serverless-http')
  return [
    atMost('core, calls 3 to 100, geometric mean over bare', 3, geometricMean(over('core', 'bare'))),
    ...(ofExpress.length === 0
      ? []
      : [atMost('shim, calls 3 to 100, most of Express under serverless-http', 0.25, Math.max(...ofExpress))]),
  ]
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
  const limits = { core: { cpu: 4600, bytes: 20_000 }, 'express-shim': { cpu: 9200, bytes: 60_000 } }
  return (['core', 'express-shim'] as const).flatMap((name) => {
    const row = findRow(run.data, name, 'cjs')
    if (!row) return []
    const { cpu, bytes } = limits[name]
    const [bundled, unbundled] = [findRow(run.data, name, 'esm'), findRow(run.data, name, 'unbundled')]
    return [
      atMost(`${name} hello, cold, CPU over an empty handler`, cpu, row.cpu, (value) => `${milliseconds(value!)} ms`),
      ...(bundled && unbundled
        ? [atMost(`${name} hello, cold, unbundled over bundled`, 1.3, unbundled.cpu / bundled.cpu)]
        : []),
      atMost(`${name} hello, minified bundle`, bytes, row.bytes, (value) => `${kilobytes(value!)} KB`),
      atMost(`${name} hello, built-in modules loaded`, 0, row.builtins, String),
    ]
  })
}

/** The first call of what an application uses, over that of Express under serverless-http. */
function firstCallGoals({ cold: run }: Results): Goal[] {
  if (!run) return []
  const of = (module: 'express-shim' | 'express', part: PartName): number | undefined =>
    run.data.parts.find((row) => row.module === module && row.part === part)?.firstCall
  return (['json body', 'cookies', 'static file'] as const).flatMap((part) => {
    const [own, theirs] = [of('express-shim', part), of('express', part)]
    return own === undefined || theirs === undefined
      ? []
      : [atMost(`shim, first call, ${part}, over Express under serverless-http`, 0.5, own / theirs)]
  })
}

function testingGoals({ 'testing-client': run }: Results): Goal[] {
  if (!run) return []
  const { clients, imports } = run.data
  const rate = (name: ClientName): number => clients.find(({ client }) => client === name)?.perSecond ?? Number.NaN
  const over = (name: ClientName): number => rate(name) / rate('supertest, Express')
  const load = imports.find(({ name }) => name === '@expressway/testing')?.cpu ?? Number.NaN
  return [
    atLeast('testing client over supertest, on the shim', 10, over('@expressway/testing, shim')),
    atLeast(
      'testing client over supertest, real Express in process',
      10,
      over('@expressway/testing, Express on our listener'),
    ),
    atMost('testing client, CPU of its import', 60_000, load, (value) => `${milliseconds(value!)} ms`),
  ]
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
