import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundleFiles, output } from './bundle.ts'
import { eventOf, scenarios, sourceNames } from './scenarios.ts'
import type { SoakRun, SoakTask } from './soak-worker.ts'

const soaked = ['core', 'express-shim', 'express-listener'] as const

export interface SoakRow extends SoakRun {
  readonly contender: (typeof soaked)[number]
  readonly concurrency: number
  readonly invocations: number
}

const runFile = promisify(execFile)

/** One million invocations of the realistic application, one at a time and 64 at a time. */
export async function measureSoak(quick: boolean, progress: (text: string) => void): Promise<SoakRow[]> {
  await bundleFiles(['soak-worker', ...soaked.map((name) => `contenders/${name}`)])
  const invocations = quick ? 64_000 : 1_024_000
  const requests = sourceNames.flatMap((source) =>
    scenarios
      .filter(({ app }) => app === 'realistic')
      .map((scenario) => ({ event: eventOf(source, scenario), expected: scenario.expected })),
  )
  const rows: SoakRow[] = []
  for (const contender of soaked) {
    for (const concurrency of [1, 64]) {
      progress(`${contender}, concurrency ${concurrency}`)
      const bundle = join(output, 'contenders', `${contender}.cjs`)
      const task: SoakTask = { bundle, invocations, concurrency, readings: 10, requests }
      const args = ['--expose-gc', join(output, 'soak-worker.cjs'), JSON.stringify(task)]
      const env = { ...process.env, NODE_ENV: 'production' }
      const { stdout } = await runFile(process.execPath, args, { env })
      rows.push({ contender, concurrency, invocations, ...(JSON.parse(stdout) as SoakRun) })
    }
  }
  return rows
}

/** Bytes that the heap grew by from the first reading, a tenth of the way, to the last. */
export const heapGrowth = ({ heap }: Pick<SoakRun, 'heap'>): number => heap.at(-1)! - heap[0]!

// Compiled code and feedback still settle by some hundred kilobytes; a leak of one word per request would be 8 MB.
const TOLERANCE = 1_000_000

export const isFlat = (row: SoakRun): boolean =>
  heapGrowth(row) < TOLERANCE && row.warnings.length === 0 && row.rejections.length === 0
