import Module, { createRequire } from 'node:module'
import shimExpress from '../../src/index.ts'
import { compareAgain, resultsOf } from './runner.ts'
import type { Middleware } from './scenario.ts'

const require = createRequire(import.meta.url)
// What every `require` of CommonJS goes through. Node's types do not have it.
const loader = Module as unknown as {
  _load(name: string, parent: { filename?: string } | undefined, isMain: boolean): unknown
}

export interface AliasRun {
  readonly middleware: Middleware
  /** The packages that required `express` themselves, and were given the shim. */
  readonly requiring: readonly string[]
  readonly equal: number
}

/** Runs all scenarios on a server and on a function URL while `express` is the shim for every package that requires it. */
export async function runUnderAlias(all: readonly Middleware[]): Promise<AliasRun[]> {
  // What Express says comes first, since it has to be loaded with Express.
  for (const { scenarios } of all) for (const scenario of scenarios) await resultsOf(scenario)
  const { _load: load } = loader
  const cached = { ...require.cache }
  let requiring = new Set<string>()
  loader._load = (name, parent, isMain) => {
    if (name !== 'express') return load(name, parent, isMain)
    const owner = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(parent?.filename ?? '')?.[1]
    if (owner !== undefined) requiring.add(owner)
    return shimExpress
  }
  try {
    const runs: AliasRun[] = []
    for (const middleware of all) {
      // Each row loads its packages again, so that the run sees who requires `express`.
      for (const file of Object.keys(require.cache)) if (!file.endsWith('.node')) delete require.cache[file]
      requiring = new Set()
      let equal = 0
      for (const scenario of middleware.scenarios) {
        const faults = [await compareAgain(scenario, 'node'), await compareAgain(scenario, 'function-url')]
        const expected = scenario.cannot?.['function-url'] === undefined
        if (faults[0] === undefined && (faults[1] === undefined) === expected) equal++
      }
      runs.push({ middleware, requiring: [...requiring].sort(), equal })
    }
    return runs
  } finally {
    loader._load = load
    Object.assign(require.cache, cached)
  }
}
