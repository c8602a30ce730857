// Through AWS's own runtime interface client, as in a container image: it proves the handlers where they will run. The
// client takes some hundred microseconds of CPU for itself, which hides most of what differs between warm frameworks. Its native
// HTTP module is not compiled: the stand-in of the tests takes its place, for every contender alike.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runtimeClient } from '../test/real-runtime/runtime-client.ts'
import { bundleSource, output } from './bundle.ts'
import { type ContenderName, contenderNames } from './contender.ts'
import { helloSources } from './hello.ts'
import { median } from './measure.ts'
import { RuntimeApi } from './runtime-api.ts'
import { eventOf } from './scenarios.ts'

export interface EndToEndRow {
  readonly contender: ContenderName
  /** Wall milliseconds from the start of the process to its first answer. */
  readonly firstAnswer: number
  /** Wall microseconds of an invocation, as its client sees it. */
  readonly wall: number
  /** CPU microseconds of an invocation, the runtime interface client's own included. */
  readonly cpu: number
}

// The wrapper tells the CPU time of the process, as an invocation like any other.
const wrapper = `import { handler as application } from './application.mjs'
export const handler = async (event, context) => (event.cpuUsage ? process.cpuUsage() : application(event, context))`

const event = eventOf('http-api', { request: { path: '/hello/ada' } })

export async function measureEndToEnd(quick: boolean, progress: (text: string) => void): Promise<EndToEndRow[]> {
  const names = contenderNames
  const starts = new Map<ContenderName, number[]>(names.map((name) => [name, []]))
  for (const name of names) await writeApplication(name)
  for (let round = 0; round < (quick ? 1 : 5); round++) {
    progress(`starts, round ${round + 1}`)
    for (const name of names) {
      const running = await Runtime.start(name)
      starts.get(name)!.push(running.firstAnswer)
      await running.stop()
    }
  }
  progress('invocations')
  const running = []
  for (const name of names) running.push(await Runtime.start(name))
  const slices = new Map<ContenderName, { wall: number; cpu: number }[]>(names.map((name) => [name, []]))
  try {
    for (const runtime of running) await runtime.slice(quick ? 50 : 300)
    for (let slice = 0; slice < (quick ? 3 : 9); slice++) {
      for (const runtime of running) slices.get(runtime.name)!.push(await runtime.slice(quick ? 50 : 100))
    }
  } finally {
    await Promise.all(running.map((runtime) => runtime.stop()))
  }
  return names.map((contender) => ({
    contender,
    firstAnswer: median(starts.get(contender)!),
    wall: median(slices.get(contender)!.map(({ wall }) => wall)),
    cpu: median(slices.get(contender)!.map(({ cpu }) => cpu)),
  }))
}

const folderOf = (name: ContenderName): string => join(output, 'end-to-end', name)

async function writeApplication(name: ContenderName): Promise<void> {
  mkdirSync(folderOf(name), { recursive: true })
  await bundleSource(helloSources[name], join(folderOf(name), 'application.mjs'), 'esm')
  writeFileSync(join(folderOf(name), 'app.mjs'), wrapper)
}

/** A runtime interface client with one application, and the Runtime API that it asks. */
class Runtime {
  readonly name: ContenderName
  readonly #api: RuntimeApi
  readonly #child: ChildProcess
  firstAnswer = 0

  private constructor(name: ContenderName, api: RuntimeApi, child: ChildProcess) {
    this.name = name
    this.#api = api
    this.#child = child
    child.once('exit', () => api.abandon(new Error(`${name}: the runtime interface client ended`)))
  }

  static async start(name: ContenderName): Promise<Runtime> {
    const api = new RuntimeApi()
    const address = await api.listen()
    const began = performance.now()
    // Since version 4 the handler comes from _HANDLER alone, and every one of these has to be there.
    const child = spawn(process.execPath, [...runtimeClient], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        _HANDLER: 'app.handler',
        LAMBDA_TASK_ROOT: folderOf(name),
        AWS_LAMBDA_RUNTIME_API: address,
        AWS_LAMBDA_FUNCTION_NAME: 'benchmark',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
        AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/benchmark',
        AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
        // Asks for work in JavaScript instead of in the native module.
        AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
      },
    })
    const runtime = new Runtime(name, api, child)
    await runtime.#call()
    runtime.firstAnswer = performance.now() - began
    return runtime
  }

  /** So many invocations, one after another: microseconds of each. */
  async slice(calls: number): Promise<{ wall: number; cpu: number }> {
    const cpu = await this.#cpu()
    const began = performance.now()
    for (let call = 0; call < calls; call++) await this.#call()
    const wall = ((performance.now() - began) * 1000) / calls
    return { wall, cpu: ((await this.#cpu()) - cpu) / calls }
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
    this.#api.close()
  }

  async #call(): Promise<void> {
    const { statusCode, body } = JSON.parse(await this.#api.invoke(event))
    if (statusCode !== 200 || body !== '{"hello":"ada"}') throw new Error(`${this.name} answers ${statusCode} ${body}`)
  }

  async #cpu(): Promise<number> {
    const { user, system } = JSON.parse(await this.#api.invoke('{"cpuUsage":true}'))
    return user + system
  }
}
