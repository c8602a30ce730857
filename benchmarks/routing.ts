import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundleFiles, output } from './bundle.ts'
import { lowerQuartile } from './measure.ts'
import { type RouterName, routerNames } from './routers.ts'
import type { RoutingRun, RoutingTask } from './routing-worker.ts'

export interface RoutingRow extends RoutingRun {
  readonly router: RouterName
  readonly routes: number
}

export const sizes = [10, 100, 1000, 5000] as const

const runFile = promisify(execFile)

/** Build and lookup times of every router at every size: fresh processes, interleaved. */
export async function measureRouting(quick: boolean, progress: (text: string) => void): Promise<RoutingRow[]> {
  await bundleFiles(['routing-worker'])
  const rows: RoutingRow[] = []
  for (const routes of sizes) {
    progress(`${routes} routes`)
    const runs = new Map<RouterName, RoutingRun[]>(routerNames.map((name) => [name, []]))
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      for (const router of routerNames) {
        runs.get(router)!.push(await runOnce({ router, size: routes }))
      }
    }
    for (const [router, each] of runs) rows.push({ router, routes, ...quartiles(each) })
  }
  return rows
}

async function runOnce(task: RoutingTask): Promise<RoutingRun> {
  const { stdout } = await runFile(process.execPath, [join(output, 'routing-worker.cjs'), JSON.stringify(task)])
  return JSON.parse(stdout)
}

const quartiles = (runs: readonly RoutingRun[]): RoutingRun => ({
  build: lowerQuartile(runs.map(({ build }) => build)),
  lookup: lowerQuartile(runs.map(({ lookup }) => lookup)),
  miss: lowerQuartile(runs.map(({ miss }) => miss)),
})
