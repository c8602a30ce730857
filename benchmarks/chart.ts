// Two bar charts in one SVG, for the README: no script, no font but the viewer's own, readable on light and dark.
import { findRow } from './cold-tables.ts'
import { type ContenderName, contenderNames, contenders } from './contender.ts'
import { figure } from './markdown.ts'
import type { Results } from './results.ts'
import { findCell } from './warm-tables.ts'

export interface Bar {
  readonly label: string
  readonly value: number
  readonly ours: boolean
}

const WIDTH = 860
const LABEL = 230
const ROW = 22
const HEAD = 44

export interface Panel {
  readonly title: string
  readonly unit: string
  readonly bars: readonly Bar[]
}

/** The charts of what was measured: a warm call and a cold start. */
export function chartPanels({ warm, cold }: Results): Panel[] {
  const panels: Panel[] = []
  if (warm) {
    const title = 'Warm: CPU per request, hello on HTTP API, µs'
    panels.push({ title, unit: 'µs', bars: bars((name) => findCell(warm.data, 'http-api', 'hello', name)?.cpu) })
  }
  if (cold) {
    const title = 'Cold: CPU of load and first request over an empty handler, bundled, ms'
    panels.push({ title, unit: 'ms', bars: bars((name) => cpuOf(findRow(cold.data, name, 'cjs')?.cpu)) })
  }
  return panels
}

/** Undefined if neither warm nor cold figures are there. */
export function renderChart(results: Results): string | undefined {
  const panels = chartPanels(results)
  if (panels.length === 0) return undefined
  let top = 0
  const parts = panels.map((each) => {
    const part = panel(each, top)
    top += HEAD + each.bars.length * ROW + 16
    return part
  })
  const style =
    'text{font:13px system-ui,sans-serif;fill:#57606a}.title{font-weight:600}.ours{fill:#d9480f}.other{fill:#8c959f}' +
    '@media(prefers-color-scheme:dark){text{fill:#c9d1d9}}'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" role="img" aria-label="Benchmark results"><style>${style}</style>\n${parts.join('\n')}\n</svg>\n`
}

// Noise may put what costs nothing below the empty handler.
const cpuOf = (microseconds: number | undefined): number | undefined =>
  microseconds === undefined ? undefined : Math.max(0, microseconds / 1000)

function bars(figureOf: (name: ContenderName) => number | undefined): Bar[] {
  const ours: ReadonlySet<string> = new Set(['core', 'express-shim', 'express-listener'])
  return contenderNames
    .flatMap((name) => {
      const value = figureOf(name)
      return value === undefined ? [] : [{ label: contenders[name].label, value, ours: ours.has(name) }]
    })
    .sort((a, b) => a.value - b.value)
}

function panel({ title, unit, bars: all }: Panel, top: number): string {
  const longest = Math.max(...all.map(({ value }) => value))
  const rows = all.map(({ label, value, ours }, index) => {
    const y = top + HEAD + index * ROW
    const width = Math.max(1, (value / longest) * (WIDTH - LABEL - 90)).toFixed(1)
    return [
      `<text x="${LABEL - 8}" y="${y + 12}" text-anchor="end">${label}</text>`,
      `<rect class="${ours ? 'ours' : 'other'}" x="${LABEL}" y="${y}" width="${width}" height="${ROW - 6}" rx="2"/>`,
      `<text x="${LABEL + Number(width) + 6}" y="${y + 12}">${figure(value)} ${unit}</text>`,
    ].join('')
  })
  return [`<text class="title" x="8" y="${top + 24}">${title}</text>`, ...rows].join('\n')
}
