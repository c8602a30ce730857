// What was measured, kept in results.jsonl so that a run of one part leaves the others' figures as they are.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { here } from './bundle.ts'
import type { Cold } from './cold.ts'
import type { EndToEndRow } from './end-to-end.ts'
import type { RoutingRow } from './routing.ts'
import type { SoakRow } from './soak.ts'
import type { TestingClient } from './testing-client.ts'
import type { Warm } from './warm.ts'

/** What each part of the benchmark gives. */
export interface PartData {
  warm: Warm
  cold: Cold
  routing: RoutingRow[]
  'end-to-end': EndToEndRow[]
  'testing-client': TestingClient
  soak: SoakRow[]
}

export type Part = keyof PartData

/** When, where and how a part was measured. */
export interface Run<Data> {
  readonly date: string
  readonly machine: string
  readonly node: string
  readonly quick: boolean
  readonly seconds: number
  readonly data: Data
}

export type Results = { [P in Part]?: Run<PartData[P]> }

// A line of JSON for each part.
const file = join(here, 'results.jsonl')

export function readResults(): Results {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  return Object.assign({}, ...lines.map((line) => JSON.parse(line)))
}

// Four digits are more than the noise leaves of any figure.
const round = (_key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value

export function writeResults(results: Results): void {
  const lines = Object.entries(results).map(([part, run]) => JSON.stringify({ [part]: run }, round))
  writeFileSync(file, `${lines.join('\n')}\n`)
}

/** Measures and notes the circumstances. */
export async function record<Data>(quick: boolean, measure: () => Promise<Data>): Promise<Run<Data>> {
  const began = performance.now()
  const data = await measure()
  const seconds = Math.round((performance.now() - began) / 1000)
  return { date: new Date().toISOString(), machine: describeMachine(), node: process.version, quick, seconds, data }
}

function describeMachine(): string {
  const all = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}, ${memory} GB, ${process.platform} ${process.arch}`
}
