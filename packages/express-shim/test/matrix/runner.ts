import realExpress from 'express'
import shimExpress from '../../src/index.ts'
import { createClient } from './client.ts'
import { difference, type Transcript } from './comparison.ts'
import type { Express, Middleware, Scenario } from './scenario.ts'
import { server, type Target, type TargetName, targets } from './targets.ts'

/** For each target what went wrong, undefined where nothing did. */
export type Results = Record<TargetName, string | undefined>

const known = new WeakMap<Scenario, Promise<Results>>()

/** Runs a scenario once: with Express on a real server, and with the shim on every target. */
export function resultsOf(scenario: Scenario): Promise<Results> {
  const results = known.get(scenario) ?? run(scenario)
  known.set(scenario, results)
  return results
}

export async function resultsOfAll({ scenarios }: Middleware): Promise<Results[]> {
  const all: Results[] = []
  for (const scenario of scenarios) all.push(await resultsOf(scenario))
  return all
}

const transcripts = new WeakMap<Scenario, Transcript>()

async function run(scenario: Scenario): Promise<Results> {
  return quietly(scenario, async () => {
    const expected = await converse(scenario, realExpress, server)
    transcripts.set(scenario, expected)
    const results = {} as Results
    for (const name of Object.keys(targets) as TargetName[]) results[name] = await compare(scenario, name, expected)
    return results
  })
}

/** Runs a scenario once more on one target, and compares it with what Express said before. */
export async function compareAgain(scenario: Scenario, name: TargetName): Promise<string | undefined> {
  await resultsOf(scenario)
  return quietly(scenario, () => compare(scenario, name, transcripts.get(scenario) as Transcript))
}

async function quietly<Result>(scenario: Scenario, work: () => Promise<Result>): Promise<Result> {
  const { NODE_ENV: before } = process.env
  const { error } = console
  process.env.NODE_ENV = scenario.env ?? 'test'
  // Both of them log errors, the same ones.
  console.error = () => {}
  try {
    return await work()
  } finally {
    console.error = error
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}

async function compare(scenario: Scenario, name: TargetName, expected: Transcript): Promise<string | undefined> {
  try {
    const actual = await converse(scenario, shimExpress as Express, targets[name])
    return difference(expected, actual, name, scenario)
  } catch (error) {
    return String((error as Error).stack)
  }
}

async function converse(scenario: Scenario, express: Express, target: Target): Promise<Transcript> {
  const notes: unknown[] = []
  const said: Transcript['said'] = []
  const cleaning: (() => unknown)[] = []
  try {
    const app = await scenario.build(express, {
      note: (...values) => void notes.push(...values),
      after: (clean) => void cleaning.push(clean),
    })
    const opened = await target.open(app)
    cleaning.push(opened.close)
    await scenario.talk(createClient(opened, target.streams, notes, said))
    return { said, notes: [...notes] }
  } finally {
    for (const clean of cleaning.reverse()) await clean()
  }
}
