import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { here } from './bundle.ts'
import { renderChart } from './chart.ts'
import { coldSection, findRow } from './cold-tables.ts'
import { type ContenderName, contenders } from './contender.ts'
import type { EndToEndRow } from './end-to-end.ts'
import { goals } from './goals.ts'
import { figure, megabytes, table } from './markdown.ts'
import { reasonsSection } from './reasons.ts'
import type { Part, Results, Run } from './results.ts'
import { routingSection } from './routing-tables.ts'
import { heapGrowth, type SoakRow } from './soak.ts'
import type { TestingClient } from './testing-client.ts'
import { findCell, warmSection } from './warm-tables.ts'

/** Writes RESULTS.md and chart.svg, and gives the text of the former. */
export function writeReport(results: Results): string {
  const text = renderReport(results)
  writeFileSync(join(here, 'RESULTS.md'), text)
  const chart = renderChart(results)
  if (chart) writeFileSync(join(here, 'chart.svg'), chart)
  return text
}

const sections: { [P in Part]: (data: NonNullable<Results[P]>['data']) => string } = {
  warm: warmSection,
  cold: coldSection,
  routing: routingSection,
  'end-to-end': endToEndSection,
  'testing-client': testingSection,
  soak: soakSection,
}

export function renderReport(results: Results): string {
  const parts = (Object.keys(sections) as Part[]).filter((part) => results[part])
  return [
    '# Benchmark results',
    '',
    ...opening(results),
    '## Goals',
    '',
    goalsTable(results),
    '',
    ...reasonsSection(
      goals(results)
        .filter(({ met }) => !met)
        .map(({ goal }) => goal),
    ),
    ...parts.map((part) => sections[part](results[part]!.data as never)),
    '## Circumstances',
    '',
    circumstances(parts.map((part) => [part, results[part]!])),
    '',
    versionsTable(),
    '',
  ].join('\n')
}

/** The chart, and what it says in three sentences. */
function opening({ warm, cold }: Results): string[] {
  const note =
    'Written by `pnpm bench`: read the ratios, since they hold from machine to machine and absolute figures do not.'
  if (!warm || !cold) return [note, '']
  const call = (name: ContenderName): number => findCell(warm.data, 'http-api', 'hello', name)?.cpu ?? Number.NaN
  const start = (name: ContenderName): number => (findRow(cold.data, name, 'cjs')?.cpu ?? Number.NaN) / 1000
  const express = 'express-serverless-http'
  return [
    '![CPU of a warm call and of a cold start, beside other frameworks](chart.svg)',
    '',
    `A warm request takes ${figure(call('core'))} µs of CPU on core and ${figure(call('express-shim'))} µs on the shim, where Express under`,
    `serverless-http takes ${figure(call(express))} µs. A cold start takes ${figure(start('core'))} ms with core and ${figure(start('express-shim'))} ms with the shim more than`,
    `with an empty handler, and ${figure(start(express))} ms more with Express. ${note}`,
    '',
  ]
}

const goalsTable = (results: Results): string =>
  table(
    ['goal', 'target', 'measured', 'met'],
    goals(results).map(({ goal, target, measured, met }) => [goal, target, measured, met ? 'yes' : '**no**']),
  )

function circumstances(runs: [Part, Run<unknown>][]): string {
  const rows = runs.map(([part, { date, machine, node, quick, seconds }]) => [
    part,
    date.slice(0, 16).replace('T', ' '),
    machine,
    node,
    `${seconds} s${quick ? ', quick' : ''}`,
  ])
  return table(['part', 'measured (UTC)', 'machine', 'Node.js', 'took'], rows)
}

function versionsTable(): string {
  const others = ['find-my-way', 'path-to-regexp', 'supertest', 'light-my-request', 'esbuild', 'aws-lambda-ric']
  const names = [...new Set([...Object.values(contenders).flatMap(({ packages }) => packages), ...others])]
  return table(
    ['package', 'version'],
    names.map((name) => [name, versionOf(name)]),
  )
}

function versionOf(name: string): string {
  try {
    return JSON.parse(readFileSync(join(here, 'node_modules', name, 'package.json'), 'utf8')).version
  } catch {
    return 'not installed'
  }
}

function endToEndSection(rows: readonly EndToEndRow[]): string {
  return [
    '## End to end',
    '',
    "The hello application through AWS's own runtime interface client (aws-lambda-ric), against a local Runtime API. The",
    'client takes most of the time of a warm invocation for itself.',
    '',
    table(
      ['contender', 'process start to first answer, ms', 'invocation, µs', 'CPU of an invocation, µs'],
      rows.map(({ contender, firstAnswer, wall, cpu }) => [
        contenders[contender].label,
        figure(firstAnswer),
        figure(wall),
        figure(cpu),
      ]),
    ),
    '',
  ].join('\n')
}

function testingSection({ clients, imports }: TestingClient): string {
  return [
    '## The testing package',
    '',
    'One Express application with one route, requests one after another.',
    '',
    table(
      ['client', 'requests per second', 'CPU of a request, µs'],
      clients.map(({ client, perSecond, cpu }) => [client, figure(perSecond), figure(cpu)]),
    ),
    '',
    table(
      ['import of', 'CPU, ms', 'wall, ms'],
      imports.map(({ name, cpu, wall }) => [name, figure(cpu / 1000), figure(wall / 1000)]),
    ),
    '',
  ].join('\n')
}

function soakSection(rows: readonly SoakRow[]): string {
  return [
    '## Soak',
    '',
    'The realistic application in one process, every answer compared. Heap is in use after a full collection; growth is from',
    'the first tenth of the invocations to the end.',
    '',
    table(
      [
        'application',
        'invocations',
        'concurrency',
        'heap, MB',
        'heap growth, KB',
        'RSS growth, MB',
        'warnings',
        'unhandled rejections',
        'CPU of an invocation, µs',
      ],
      rows.map((row) => [
        contenders[row.contender].label,
        figure(row.invocations),
        row.concurrency,
        megabytes(row.heap.at(-1)!),
        figure(heapGrowth(row) / 1000),
        megabytes(row.rss.at(-1)! - row.rss[0]!),
        row.warnings.length,
        row.rejections.length,
        figure(row.cpu),
      ]),
    ),
    '',
  ].join('\n')
}
