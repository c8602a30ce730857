import { type ContenderName, contenderNames, contenders } from './contender.ts'
import { figure, table, times } from './markdown.ts'
import { geometricMean } from './measure.ts'
import { type SourceName, scenarios, sourceNames } from './scenarios.ts'
import type { Warm, WarmCell } from './warm.ts'

const sourceTitles: Record<SourceName, string> = {
  'rest-api': 'REST API events',
  'http-api': 'HTTP API events (payload 2.0)',
}

export function findCell(
  { cells }: Warm,
  source: SourceName,
  scenario: string,
  contender: ContenderName,
): WarmCell | undefined {
  return cells.find((cell) => cell.source === source && cell.scenario === scenario && cell.contender === contender)
}

/** How many times as long as `yardstick` a contender takes; undefined where either was not measured. */
export function ratio(
  warm: Warm,
  source: SourceName,
  scenario: string,
  contender: ContenderName,
  yardstick: ContenderName,
): number | undefined {
  const own = findCell(warm, source, scenario, contender)
  const other = findCell(warm, source, scenario, yardstick)
  return own && other && own.cpu / other.cpu
}

/** Compression is zlib's time and the realistic application is not every contender's: neither is in the mean. */
export const inMean = (scenario: string): boolean => !/^(?:gzip|app)-/.test(scenario)

/** Ratios to the bare handler in every scenario of the mean, on both sources. */
export function ratiosToBare(warm: Warm, contender: ContenderName, sources = sourceNames): number[] {
  return scenarios
    .filter(({ name }) => inMean(name))
    .flatMap(({ name }) => sources.map((source) => ratio(warm, source, name, contender, 'bare')))
    .filter((value) => value !== undefined)
}

export function warmSection(warm: Warm): string {
  return [
    '## Warm',
    'CPU time of one call in microseconds, lower quartile of interleaved slices, and its ratio to a bare handler written by hand.',
    '',
    ...sourceNames.flatMap((source) => [`### ${sourceTitles[source]}`, '', timesTable(warm, source), '']),
    '### Geometric mean of the ratios to the bare handler',
    '',
    'Without gzip and the realistic application.',
    '',
    meansTable(warm),
    '',
    '### Calls 3 to 100 after start',
    '',
    'Where a Lambda environment spends much of its life: before the compiler has optimised anything. CPU microseconds of a',
    'call on HTTP API events; one process each, so read the columns rather than single cells.',
    '',
    earlyTable(warm),
    '',
    ...refusals(warm),
  ].join('\n')
}

const present = (warm: Warm): ContenderName[] =>
  contenderNames.filter((name) => warm.cells.some(({ contender }) => contender === name))

const labels = (names: readonly ContenderName[]): string[] => names.map((name) => contenders[name].label)

const measuredScenarios = (warm: Warm): string[] =>
  scenarios.map(({ name }) => name).filter((name) => warm.cells.some(({ scenario }) => scenario === name))

function timesTable(warm: Warm, source: SourceName): string {
  const names = present(warm)
  const rows = measuredScenarios(warm).map((scenario) => [
    scenario,
    ...names.map((name) => {
      const cell = findCell(warm, source, scenario, name)
      return cell && `${figure(cell.cpu)} (${times(ratio(warm, source, scenario, name, 'bare'))})`
    }),
  ])
  return table(['scenario', ...labels(names)], rows)
}

function meansTable(warm: Warm): string {
  const rows = present(warm).map((name) => [
    contenders[name].label,
    ...sourceNames.map((source) => times(geometricMean(ratiosToBare(warm, name, [source])))),
    times(geometricMean(ratiosToBare(warm, name))),
  ])
  return table(['contender', ...sourceNames, 'both'], rows)
}

function earlyTable(warm: Warm): string {
  const names = present(warm)
  const rows = measuredScenarios(warm).map((scenario) => [
    scenario,
    ...names.map((name) => {
      const cell = findCell(warm, 'http-api', scenario, name)
      return cell && figure(cell.early)
    }),
  ])
  return table(['scenario', ...labels(names)], rows)
}

function refusals({ refusals: list }: Warm): string[] {
  if (list.length === 0) return ['Every contender gave the right answer in every scenario it takes part in.', '']
  const rows = list.map(({ contender, source, scenario, reason }) => [
    contenders[contender].label,
    source,
    scenario,
    reason.replaceAll('|', '\\|'),
  ])
  return [
    '### Not timed: the answer was not the right one',
    '',
    table(['contender', 'source', 'scenario', 'reason'], rows),
    '',
  ]
}
