// Loads one handler and calls it, in a process that has loaded nothing else; prints what that took.
import { writeSync } from 'node:fs'

export interface ColdTask {
  readonly file: string
  readonly format: 'esm' | 'cjs'
  readonly event: string
  /** What the answer has to be: its status and what its body, as text, begins with. */
  readonly expected: { readonly status: number; readonly body: string }
}

export interface ColdRun {
  /** CPU microseconds of load and first call. */
  readonly cpu: number
  /** Wall microseconds of the load, and of the first call. */
  readonly load: number
  readonly firstCall: number
  /** CPU microseconds of one call, of calls 3 to 100. */
  readonly early: number
  /** Resident bytes after the first call. */
  readonly rss: number
  /** Built-in modules that load and first call have loaded. */
  readonly builtins: number
}

// biome-ignore lint/suspicious/noExplicitAny: a handler of any framework.
type Handler = (event: unknown, context: unknown) => any

const task: ColdTask = JSON.parse(process.argv[2]!)
const context = { awsRequestId: '1', functionName: 'cold', getRemainingTimeInMillis: () => 3000 }
// Their list grows by what is loaded: the only measure here that has no noise.
const loadedModules = (): number => (process as unknown as { moduleLoadList: string[] }).moduleLoadList.length
const cpuTime = (): number => {
  const { user, system } = process.cpuUsage()
  return user + system
}

async function main(): Promise<void> {
  const first: unknown = JSON.parse(task.event)
  const modules = loadedModules()
  const cpu = cpuTime()
  const began = performance.now()
  const loaded = task.format === 'cjs' ? require(task.file) : await import(task.file)
  const handler: Handler = loaded.handler
  const ready = performance.now()
  const result = await handler(first, context)
  const answered = performance.now()
  const spent = cpuTime() - cpu
  const rss = process.memoryUsage.rss()
  const builtins = loadedModules() - modules
  check(result)
  await handler(JSON.parse(task.event), context)
  const early = await callsOf(handler)
  const run: ColdRun = {
    cpu: spent,
    load: (ready - began) * 1000,
    firstCall: (answered - ready) * 1000,
    early,
    rss,
    builtins,
  }
  writeSync(1, JSON.stringify(run))
  process.exit()
}

function check({
  statusCode,
  body = '',
  isBase64Encoded,
}: {
  statusCode: number
  body?: string
  isBase64Encoded?: boolean
}) {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body
  if (statusCode === task.expected.status && text.startsWith(task.expected.body)) return
  throw new Error(`${task.file} answers ${statusCode} ${text.slice(0, 100)}`)
}

async function callsOf(handler: Handler): Promise<number> {
  const events: unknown[] = Array.from({ length: 98 }, () => JSON.parse(task.event))
  const from = cpuTime()
  for (const event of events) await handler(event, context)
  await new Promise((resolve) => setImmediate(resolve))
  return (cpuTime() - from) / events.length
}

main()
