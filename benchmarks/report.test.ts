import { describe, expect, it } from 'vitest'
import { renderChart } from './chart.ts'
import type { ContenderName } from './contender.ts'
import { goals } from './goals.ts'
import { figure, times } from './markdown.ts'
import { partNames } from './parts.ts'
import { reasons } from './reasons.ts'
import { renderReport } from './report.ts'
import { type PartData, type Results, type Run, readResults } from './results.ts'
import { type SourceName, sourceNames } from './scenarios.ts'

const run = <Data>(data: Data): Run<Data> => ({
  date: '2025-01-01T12:00:00.000Z',
  machine: '2 × Example',
  node: 'v24.0.0',
  quick: false,
  seconds: 60,
  data,
})

const cell = (source: SourceName, scenario: string, contender: ContenderName, cpu: number) => ({
  source,
  scenario,
  contender,
  cpu,
  early: cpu * 10,
})

function warm(): PartData['warm'] {
  const cpus = { bare: 1, core: 1.5, 'express-shim': 2, 'express-listener': 10, 'express-serverless-http': 24 } as const
  const cells = sourceNames.flatMap((source) =>
    ['hello', 'query'].flatMap((scenario) =>
      Object.entries(cpus).map(([name, cpu]) => cell(source, scenario, name as ContenderName, cpu)),
    ),
  )
  return { cells, refusals: [] }
}

const figures = { cpu: 1000, load: 500, firstCall: 400, early: 30, rss: 1e6, builtins: 0 }

const results: Results = {
  warm: run(warm()),
  routing: run([
    { router: '@expressway/core' as const, routes: 5000, build: 10_000, lookup: 300, miss: 200 },
    { router: 'find-my-way' as const, routes: 5000, build: 100_000, lookup: 400, miss: 100 },
  ]),
  cold: run({
    rows: [
      { name: 'core' as const, format: 'cjs' as const, bytes: 25_000, ...figures },
      { name: 'core' as const, format: 'esm' as const, bytes: 25_000, ...figures },
      { name: 'core' as const, format: 'unbundled' as const, bytes: 500, ...figures, cpu: 1400 },
    ],
    parts: partNames.flatMap((part) => [
      { module: 'express-shim' as const, part, bytes: 1, ...figures },
      { module: 'express' as const, part, bytes: 1, ...figures, firstCall: 1600 },
    ]),
  }),
  'testing-client': run({
    clients: [
      { client: '@expressway/testing, shim' as const, perSecond: 12_000, cpu: 80 },
      { client: '@expressway/testing, Express on our listener' as const, perSecond: 9000, cpu: 110 },
      { client: 'supertest, Express' as const, perSecond: 1000, cpu: 1000 },
    ],
    imports: [{ name: '@expressway/testing', cpu: 24_000, wall: 20_000 }],
  }),
  soak: run([
    {
      contender: 'core' as const,
      concurrency: 64,
      invocations: 1000,
      heap: [1e6, 9e6],
      rss: [1e6, 9e6],
      warnings: ['MaxListenersExceededWarning'],
      rejections: [],
      cpu: 10,
    },
  ]),
}

describe('goals', () => {
  const byName = new Map(goals(results).map((goal) => [goal.goal, goal]))

  it.each([
    ['core, warm, geometric mean over bare', '1.5×', true],
    ['shim over Express under serverless-http, hello', '12×', true],
    ['Express under our listener over serverless-http, geometric mean', '2.4×', true],
    ["router, lookup at 5,000 routes over find-my-way's", '0.75×', true],
    ['router, built so many times faster than find-my-way at 5,000 routes', '10×', false],
    ['core hello, cold, CPU over an empty handler', '1 ms', true],
    ['core hello, minified bundle', '25 KB', false],
    ['core hello, built-in modules loaded', '0', true],
    ['core hello, cold, unbundled over bundled', '1.4×', false],
    ['shim, first call, cookies, over Express under serverless-http', '0.25×', true],
    ['core, calls 3 to 100, geometric mean over bare', '1.5×', true],
    ['shim, calls 3 to 100, most of Express under serverless-http', '0.08×', true],
    ['testing client over supertest, on the shim', '12×', true],
    ['testing client over supertest, real Express in process', '9×', false],
    ['testing client, CPU of its import', '24 ms', true],
    ['soak, core, concurrency 64', 'heap 8000 KB more, 1 warnings', false],
  ])('%s', (name, measured, met) => {
    expect(byName.get(name)).toMatchObject({ measured, met })
  })

  it('leaves out what was not measured', () => {
    expect(goals({})).toEqual([])
    expect([...byName.keys()].filter((name) => name.includes('binary') || name.includes('gzip'))).toEqual([])
  })

  it('takes the slowest scenario of core, wherever it is', () => {
    const slow = warm()
    slow.cells.push(cell('rest-api', 'binary', 'bare', 2), cell('rest-api', 'binary', 'core', 8))
    const [worst] = goals({ warm: run(slow) }).filter(({ goal }) => goal.includes('slowest'))
    expect(worst).toEqual({
      goal: 'core, warm, slowest scenario (binary, rest-api)',
      target: '≤ 3×',
      measured: '4×',
      met: false,
    })
  })
})

describe('the report', () => {
  it('has the goals, the tables and the circumstances', () => {
    const text = renderReport({ ...results, cold: undefined })
    expect(text).toContain('| hello | 1 (1×) | 1.5 (1.5×) | 2 (2×) |')
    expect(text).toContain('| core, warm, geometric mean over bare | ≤ 1.8× | 1.5× | yes |')
    expect(text).toContain('| warm | 2025-01-01 12:00 | 2 × Example | v24.0.0 | 60 s |')
    expect(text).toMatch(/\| express \| 5\.\d+\.\d+ \|/)
  })

  it('opens with the chart and what it says', () => {
    const text = renderReport(results)
    expect(text).toContain('](chart.svg)')
    expect(text).toContain('takes 1.5 µs of CPU on core and 2 µs on the shim')
    expect(text.indexOf('](chart.svg)')).toBeLessThan(text.indexOf('## Goals'))
  })

  it('says why, of the goals that are not met and of no other', () => {
    const text = renderReport({ ...results, cold: undefined })
    expect(text).toContain('- Building the router: ')
    expect(text).not.toContain('- Core, warm: ')
    expect(renderReport({ warm: results.warm })).not.toContain('Where a goal is not met')
  })

  it('has reasons for goals that there are', () => {
    const names = goals(readResults()).map(({ goal }) => goal)
    const beginnings = reasons.flatMap(({ about }) => about)
    expect(beginnings.filter((beginning) => !names.some((name) => name.startsWith(beginning)))).toEqual([])
  })

  it('names who gave a wrong answer', () => {
    const wrong = warm()
    wrong.refusals.push({ source: 'rest-api', scenario: 'query', contender: 'hono', reason: 'status is 500 | not 200' })
    expect(renderReport({ warm: run(wrong) })).toContain('| Hono | rest-api | query | status is 500 \\| not 200 |')
  })
})

it('the chart draws a bar for each contender, the fastest first', () => {
  const chart = renderChart({ warm: results.warm })!
  expect(chart.match(/<rect/g)).toHaveLength(5)
  expect(chart.indexOf('bare handler')).toBeLessThan(chart.indexOf('Express, serverless-http'))
  expect(renderChart({})).toBeUndefined()
})

it('figures have three digits', () => {
  expect([0.123, 1.234, 12.34, 123.4, 1234.5, undefined].map((value) => figure(value))).toEqual([
    '0.12',
    '1.23',
    '12.3',
    '123',
    '1,235',
    '–',
  ])
  expect(times(Number.NaN)).toBe('–')
})
