// pnpm bench [PART …] [--only PART] [--quick] [--contenders a,b] [--scenarios a,b] [--report]
import { parseArgs } from 'node:util'
import { measureCold } from './cold.ts'
import { contenderNames } from './contender.ts'
import { measureEndToEnd } from './end-to-end.ts'
import { writeReport } from './report.ts'
import { type Part, type PartData, readResults, record, writeResults } from './results.ts'
import { measureRouting } from './routing.ts'
import { scenarios } from './scenarios.ts'
import { measureSoak } from './soak.ts'
import { measureTestingClient } from './testing-client.ts'
import { measureWarm } from './warm.ts'

const help = `pnpm bench [PART …] [options]

Parts: warm, cold, routing, end-to-end, testing-client; soak only where it is named.
  --only PART            the same as PART
  --quick                fewer rounds: seconds instead of minutes, and more noise
  --contenders a,b       of the warm part: only these, which leaves the kept results alone
  --scenarios a,b        of the warm part: only these, which leaves the kept results alone
  --report               write RESULTS.md and chart.svg anew from the kept results
`

const everyday: readonly Part[] = ['warm', 'cold', 'routing', 'end-to-end', 'testing-client']
const all: readonly Part[] = [...everyday, 'soak']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    contenders: { type: 'string' },
    scenarios: { type: 'string' },
    report: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const { quick } = values
const chosen = listOf([...values.only, ...positionals].join(','), all, 'part') as Part[] | undefined
const selection = {
  quick,
  contenders: listOf(values.contenders, contenderNames, 'contender'),
  scenarios: listOf(values.scenarios, [...scenarios.map(({ name }) => name)], 'scenario'),
}

/** @throws Error where a name is not among those that are known. */
function listOf(text: string | undefined, known: readonly string[], what: string): string[] | undefined {
  const names = text?.split(',').filter(Boolean)
  const unknown = names?.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`There is no ${what} "${unknown}": ${known.join(', ')}`)
  return names?.length ? names : undefined
}

const measures: { [P in Part]: (progress: (text: string) => void) => Promise<PartData[P]> } = {
  warm: (progress) => measureWarm(selection, progress),
  cold: (progress) => measureCold(quick, progress),
  routing: (progress) => measureRouting(quick, progress),
  'end-to-end': (progress) => measureEndToEnd(quick, progress),
  'testing-client': (progress) => measureTestingClient(quick, progress),
  soak: (progress) => measureSoak(quick, progress),
}

async function main(): Promise<void> {
  if (values.help) return console.log(help)
  const results = readResults()
  for (const part of values.report ? [] : (chosen ?? everyday)) {
    const run = await record<unknown>(quick, () => measures[part]((text) => console.error(`${part}: ${text}`)))
    Object.assign(results, { [part]: run })
  }
  // A part of the warm table must not pass for the whole.
  const partial = selection.contenders !== undefined || selection.scenarios !== undefined
  if (partial) return printWarm(results.warm?.data)
  writeResults(results)
  console.log(writeReport(results))
}

function printWarm(warm: PartData['warm'] | undefined): void {
  console.table(
    warm?.cells.map(({ source, scenario, contender, cpu, early }) => ({
      source,
      scenario,
      contender,
      'CPU µs': Number(cpu.toFixed(2)),
      'calls 3-100, µs': Number(early.toFixed(1)),
    })),
  )
  for (const refusal of warm?.refusals ?? []) console.error(refusal)
}

await main()
