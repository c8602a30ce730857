import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { bundleInstalled, installed, installPackages } from './bundle.ts'
import { median } from './measure.ts'
import { type ClientName, clientNames } from './testing-clients.ts'
import type { TestingRun, TestingTask } from './testing-worker.ts'

export interface TestingClient {
  readonly clients: ({ readonly client: ClientName } & TestingRun)[]
  readonly imports: { readonly name: string; readonly cpu: number; readonly wall: number }[]
}

const packages = ['@expressway/testing', 'light-my-request', 'supertest']

const runFile = promisify(execFile)

/** Requests per second of the testing clients, and what their packages take to import: unbundled, as tests run them. */
export async function measureTestingClient(quick: boolean, progress: (text: string) => void): Promise<TestingClient> {
  installPackages()
  const worker = await bundleInstalled('testing-worker')
  const runs = new Map<ClientName, TestingRun[]>(clientNames.map((name) => [name, []]))
  const imports = new Map<string, { cpu: number; wall: number }[]>(packages.map((name) => [name, []]))
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    progress(`round ${round + 1}`)
    for (const client of clientNames) {
      const task: TestingTask = { client, slices: quick ? 3 : 5, milliseconds: quick ? 50 : 150 }
      runs.get(client)!.push(JSON.parse(await node(worker, JSON.stringify(task))))
    }
    for (const name of packages) imports.get(name)!.push(await importTime(name))
  }
  return {
    clients: [...runs].map(([client, each]) => ({ client, ...medians(each) })),
    imports: [...imports].map(([name, each]) => ({
      name,
      cpu: median(each.map(({ cpu }) => cpu)),
      wall: median(each.map(({ wall }) => wall)),
    })),
  }
}

const medians = (runs: readonly TestingRun[]): TestingRun => ({
  perSecond: median(runs.map(({ perSecond }) => perSecond)),
  cpu: median(runs.map(({ cpu }) => cpu)),
})

async function importTime(name: string): Promise<{ cpu: number; wall: number }> {
  const code = `const cpu = process.cpuUsage(), began = performance.now()
    await import('${name}')
    const wall = performance.now() - began, { user, system } = process.cpuUsage(cpu)
    console.log(JSON.stringify({ wall: wall * 1000, cpu: user + system }))`
  return JSON.parse(await node('--input-type=module', '--eval', code))
}

async function node(...args: string[]): Promise<string> {
  const env = { ...process.env, NODE_ENV: 'test' }
  const { stdout } = await runFile(process.execPath, args, { cwd: installed, env })
  return stdout
}
