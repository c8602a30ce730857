import { readdirSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { invoke } from '../invoke.ts'
import { formatError, named } from '../runtime/lambda-error.ts'
import { installStreaming, type LambdaHandler } from '../runtime.ts'
import { loadHandler } from './handler-module.ts'
import { explainLoadFailure } from './load-failure.ts'
import type { FromRunner, ToRunner } from './messages.ts'
import { invocationSettings } from './settings.ts'

type Invoke = Extract<ToRunner, { type: 'invoke' }>

/** The other end of an invocation's messages. */
interface Underway {
  pull(): void
  stop(): void
  abort(): void
}

/** The process of a handler: it loads the module once, invokes the handler as messages ask, and ends with its parent. */
export async function runHandlerProcess([file = '', exportName]: string[]): Promise<void> {
  process.on('disconnect', () => process.exit())
  // Ctrl-C reaches every process of the terminal; this one ends when its parent has closed.
  process.on('SIGINT', () => {})
  installStreaming()
  const loaded = reportFiles(file)
  try {
    const { handler, exportName: name } = await loadHandler(file, exportName)
    reportCrashes()
    answerMessages(handler)
    tell({ type: 'ready', exportName: name })
  } catch (error) {
    tell({ type: 'failed', ...explainLoadFailure(error, file, loaded) }, () => process.disconnect())
  }
}

function tell(message: FromRunner, done?: () => void): void {
  if (process.connected) process.send!(message, undefined, {}, () => done?.())
}

/** Reports the files that the module consists of. Before Node.js 22.15 there is no hook: all files beside it count. */
function reportFiles(file: string): string[] {
  const files: string[] = []
  const report = (path: string) => {
    if (path.includes('/node_modules/')) return
    files.push(path)
    tell({ type: 'file', path })
  }
  const { registerHooks } = nodeModule as Partial<typeof nodeModule>
  if (registerHooks === undefined) filesBeside(file).map(report)
  else {
    registerHooks({
      load(url, context, nextLoad) {
        if (url.startsWith('file:')) report(fileURLToPath(url))
        return nextLoad(url, context)
      },
    })
  }
  return files
}

function filesBeside(file: string): string[] {
  const folder = dirname(file)
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
}

/** As Lambda's runtime does: an uncaught error ends the process, and with it the invocations that run. */
function reportCrashes(): void {
  const crash = (error: unknown) => tell({ type: 'crashed', error: formatError(error) }, () => process.exit(1))
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', (reason) =>
    crash(named('Runtime.UnhandledPromiseRejection', reason instanceof Error ? (reason.stack ?? '') : String(reason))),
  )
}

function answerMessages(handler: LambdaHandler): void {
  const underway = new Map<number, Underway>()
  process.on('message', (message: ToRunner) => {
    if (message.type !== 'invoke') return underway.get(message.id)?.[message.type]()
    void run(handler, message, underway).finally(() => underway.delete(message.id))
  })
}

async function run(handler: LambdaHandler, message: Invoke, underway: Map<number, Underway>): Promise<void> {
  const { id, request, rawEvent } = message
  const client = new AbortController()
  const abort = () => client.abort(new Error('The client went away.'))
  underway.set(id, { pull() {}, stop() {}, abort })
  try {
    const settings = invocationSettings(handler, message.settings)
    const invoked = await invoke(handler, request, { ...settings, rawEvent, signal: client.signal })
    const { finished, response, context, request: _, ...rest } = invoked
    const { stream, ...head } = response
    const invocation = { ...rest, response: head, context: { awsRequestId: context.awsRequestId } }
    tell({ type: 'answer', id, invocation, streams: stream !== undefined })
    if (stream !== undefined) await sendChunks(id, stream, underway, abort)
    tell({ type: 'finished', id, error: await finished, warnings: response.warnings })
  } catch (error) {
    tell({ type: 'rejected', id, error: formatError(error) })
  }
}

async function sendChunks(
  id: number,
  stream: AsyncIterable<Uint8Array>,
  underway: Map<number, Underway>,
  abort: () => void,
): Promise<void> {
  let wanted = Promise.withResolvers<boolean>()
  const pull = () => wanted.resolve(true)
  const stop = () => wanted.resolve(false)
  underway.set(id, {
    pull,
    stop,
    abort() {
      abort()
      stop()
    },
  })
  try {
    const chunks = stream[Symbol.asyncIterator]()
    while (await wanted.promise) {
      wanted = Promise.withResolvers<boolean>()
      const next = await chunks.next()
      if (next.done) return tell({ type: 'end', id })
      tell({ type: 'chunk', id, chunk: next.value })
    }
    await chunks.return?.()
  } catch (error) {
    tell({ type: 'end', id, error: formatError(error) })
  }
}
