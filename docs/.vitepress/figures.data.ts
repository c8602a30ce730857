// The figures of the first page, from the files that tests and benchmarks keep: none of them is written by hand.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import behaviour from '../../benchmarks/behaviour.json' with { type: 'json' }
import { chartPanels, type Panel } from '../../benchmarks/chart.ts'
import { findRow } from '../../benchmarks/cold-tables.ts'
import { type ContenderName, contenders } from '../../benchmarks/contender.ts'
import { figure, kilobytes, milliseconds } from '../../benchmarks/markdown.ts'
import { readResults } from '../../benchmarks/results.ts'
import { findCell } from '../../benchmarks/warm-tables.ts'
import { root } from './pages.ts'

interface Choice {
  readonly name: string
  readonly ours: boolean
  readonly warm: string
  readonly cold: string
  readonly size: string
  /** Whether each question of `questions` has the right answer. */
  readonly answers: readonly boolean[]
}

export interface Figures {
  readonly panels: readonly Panel[]
  /** The day of the measurement: `2026-11-28`. */
  readonly measured: string
  readonly questions: readonly string[]
  readonly choices: readonly Choice[]
  /** Rows of the tables in README.md, as cells without their Markdown. */
  readonly bundle: readonly string[]
  readonly middleware: readonly string[]
  readonly events: readonly string[]
}

declare const data: Figures

export { data }

export default { load }

function load(): Figures {
  const results = readResults()
  const { warm, cold } = results
  if (warm === undefined || cold === undefined)
    throw new Error('benchmarks/results.jsonl lacks the warm or the cold part')
  const questions = Object.keys(behaviour)
  const rows: readonly Partial<Record<ContenderName, boolean>>[] = Object.values(behaviour)
  const choices = (Object.keys(rows[0]!) as ContenderName[]).map((name) => {
    const start = findRow(cold.data, name as never, 'cjs')!
    return {
      name: contenders[name].label,
      ours: contenders[name].label.startsWith('@expressway/'),
      warm: figure(findCell(warm.data, 'http-api', 'hello', name)!.cpu),
      cold: milliseconds(start.cpu),
      size: kilobytes(start.bytes),
      answers: rows.map((row) => row[name]!),
    }
  })
  return {
    panels: chartPanels(results),
    measured: warm.date.slice(0, 10),
    questions,
    choices,
    bundle: readmeRow('`@expressway/core` | '),
    middleware: readmeRow('npm middleware'),
    events: readmeRow('events and gateways'),
  }
}

/** A row of a table in README.md by how it begins. */
function readmeRow(start: string): string[] {
  const lines = readFileSync(join(root, 'README.md'), 'utf8').split('\n')
  const line = lines.find((each) => each.startsWith(`| ${start}`))
  if (line === undefined) throw new Error(`README.md has no row "| ${start}…"`)
  const text = line.replaceAll(/\[([^\]]+)\]\([^)]*\)|`/g, '$1')
  return text
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}
