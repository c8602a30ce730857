import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundleFiles, bundleSource, installed, installPackages, output } from './bundle.ts'
import type { ColdRun, ColdTask } from './cold-worker.ts'
import { type HelloName, helloSources } from './hello.ts'
import { lowerQuartile } from './measure.ts'
import { type PartName, partNames, partSources, partTasks } from './parts.ts'
import { eventOf } from './scenarios.ts'

export type ColdFormat = 'esm' | 'cjs' | 'unbundled'
const formats: readonly ColdFormat[] = ['esm', 'cjs', 'unbundled']

export interface ColdRow extends ColdRun {
  readonly name: HelloName
  readonly format: ColdFormat
  /** Of the minified bundle; of the source where it is not bundled. */
  readonly bytes: number
}

/** What the parts of an application cost at its start. */
export interface PartRow extends ColdRun {
  readonly module: 'express-shim' | 'express'
  readonly part: PartName
  readonly bytes: number
}

export interface Cold {
  /** Figures over those of an empty handler in the same format, but for its own row. */
  readonly rows: ColdRow[]
  readonly parts: PartRow[]
}

interface Start<Key> {
  readonly key: Key
  readonly task: ColdTask
  readonly bytes: number
}

const runFile = promisify(execFile)

/** Every hello application in every format, and the parts of an Express one: fresh processes, interleaved. */
export async function measureCold(quick: boolean, progress: (text: string) => void): Promise<Cold> {
  await bundleFiles(['cold-worker'])
  installPackages()
  const names = Object.keys(helloSources) as HelloName[]
  const hellos = await Promise.all(formats.flatMap((format) => names.map((name) => helloStart(name, format))))
  const parts = await Promise.all(
    (['express-shim', 'express'] as const).flatMap((module) => partNames.map((part) => partStart(module, part))),
  )
  const rounds = quick ? 3 : 11
  const measured = await interleave([...hellos, ...parts], rounds, progress)
  const empty = Object.fromEntries(formats.map((format) => [format, measured.get(keyOf({ name: 'empty', format }))!]))
  return {
    rows: hellos.map(({ key, bytes }) => {
      const run = measured.get(keyOf(key))!
      return { ...key, bytes, ...(key.name === 'empty' ? run : over(run, empty[key.format]!)) }
    }),
    parts: parts.map(({ key, bytes }) => ({ ...key, bytes, ...over(measured.get(keyOf(key))!, empty['cjs']!) })),
  }
}

const keyOf = (key: object): string => JSON.stringify(key)

const helloEvent = eventOf('http-api', { request: { path: '/hello/ada' } })
const helloAnswer = { status: 200, body: '{"hello":"ada"}' }

async function helloStart(
  name: HelloName,
  format: ColdFormat,
): Promise<Start<{ name: HelloName; format: ColdFormat }>> {
  const { file, bytes } = await writeHandler(name, helloSources[name], format)
  const task: ColdTask = { file, format: format === 'cjs' ? 'cjs' : 'esm', event: helloEvent, expected: helloAnswer }
  return { key: { name, format }, task, bytes }
}

async function partStart(module: PartRow['module'], part: PartName): Promise<Start<Pick<PartRow, 'module' | 'part'>>> {
  const { file, bytes } = await writeHandler(`${module}-${part}`, partSources(module)[part], 'cjs')
  return { key: { module, part }, task: { file, format: 'cjs', ...partTasks[part] }, bytes }
}

async function writeHandler(name: string, source: string, format: ColdFormat) {
  if (format === 'unbundled') {
    const file = join(installed, `${name}.mjs`)
    mkdirSync(installed, { recursive: true })
    writeFileSync(file, source)
    return { file, bytes: source.length }
  }
  const file = join(output, 'cold', `${name}.${format === 'esm' ? 'mjs' : 'cjs'}`)
  return { file, bytes: await bundleSource(source, file, format) }
}

async function interleave(starts: readonly Start<object>[], rounds: number, progress: (text: string) => void) {
  const runs = new Map<string, ColdRun[]>(starts.map(({ key }) => [keyOf(key), []]))
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`)
    for (const { key, task } of starts) runs.get(keyOf(key))!.push(await runOnce(task))
  }
  return new Map([...runs].map(([key, each]) => [key, quartiles(each)]))
}

async function runOnce(task: ColdTask): Promise<ColdRun> {
  const env = { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' }
  const { stdout } = await runFile(process.execPath, [join(output, 'cold-worker.cjs'), JSON.stringify(task)], { env })
  return JSON.parse(stdout)
}

const fields = ['cpu', 'load', 'firstCall', 'early', 'rss', 'builtins'] as const

const quartiles = (runs: readonly ColdRun[]): ColdRun =>
  collect((field) => lowerQuartile(runs.map((run) => run[field])))

const over = (run: ColdRun, empty: ColdRun): ColdRun =>
  collect((field) => (field === 'early' ? run.early : run[field] - empty[field]))

const collect = (figure: (field: keyof ColdRun) => number): ColdRun =>
  Object.fromEntries(fields.map((field) => [field, figure(field)])) as unknown as ColdRun
