import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import type { LambdaError, WireRequest } from '../gateway.ts'
import { LoadFailure } from './load-failure.ts'
import type { FromRunner, ToRunner } from './messages.ts'
import { createRemoteStream, type RemoteStream, toError } from './remote-stream.ts'
import type { Invocation, InvocationSettings } from './settings.ts'
import { typeStripping } from './type-stripping.ts'

/** Which handler the process runs, and where its output goes. */
export interface HandlerProcessOptions {
  /** The absolute path of the handler's module. */
  file: string
  /** Such as `app.streamHandler`; default `handler`, `default` or `app`, the first that there is. */
  exportName?: string
  /** `stderr` keeps standard output free for the caller's own result. */
  output?: 'stdout' | 'stderr'
  /** Called when the process ends by itself while no invocation runs. */
  onCrash?: (error: LambdaError) => void
}

/** An invocation that is underway in the process. */
interface Call {
  request: WireRequest
  resolve(invocation: Invocation): void
  reject(error: Error): void
  finished: PromiseWithResolvers<LambdaError | undefined>
  answered?: Invocation
  stream?: RemoteStream
}

/** A process that runs one version of a handler. */
export interface HandlerProcess {
  /** Resolves when the module is loaded. Rejects with a {@link LoadFailure} if it cannot be loaded or has no handler. */
  readonly ready: Promise<{ exportName: string }>
  /** The files that the module is made of, so far. */
  readonly files: ReadonlySet<string>
  /** Whether it can take requests. */
  readonly alive: boolean
  /** Rejects with a {@link Crash} if the process ends before it answers. */
  invoke(
    request: WireRequest,
    settings: InvocationSettings,
    signal?: AbortSignal,
    rawEvent?: unknown,
  ): Promise<Invocation>
  /** Ends the process when its invocations are done, or after `graceMs` milliseconds. */
  end(graceMs?: number): Promise<void>
}

/** The process that ran the handler has ended. */
export class Crash extends Error {
  readonly error: LambdaError

  constructor(error: LambdaError) {
    super(error.errorMessage)
    this.error = error
  }
}

/** The file that the process runs. */
const programFile = (): string => createRequire(import.meta.url).resolve('@expressway/testing/run-handler')

/** Starts a process that loads a module and runs its Lambda handler. */
export function startHandlerProcess(options: HandlerProcessOptions): HandlerProcess {
  const { file, exportName, output, onCrash } = options
  const child = fork(programFile(), [file, ...(exportName === undefined ? [] : [exportName])], {
    serialization: 'advanced',
    execArgv: [...process.execArgv, ...typeStripping],
    stdio: ['ignore', output === 'stderr' ? 2 : 'inherit', 'inherit', 'ipc'],
  })
  const calls = new Map<number, Call>()
  const files = new Set<string>()
  const loaded = Promise.withResolvers<{ exportName: string }>()
  loaded.promise.catch(() => {})
  let crash: LambdaError | undefined
  let isReady = false
  let ending = false
  let lastId = 0

  child.on('message', (message: FromRunner) => {
    if (message.type === 'file') files.add(message.path)
    else if (message.type === 'ready') {
      isReady = true
      loaded.resolve(message)
    } else if (message.type === 'failed') loaded.reject(new LoadFailure(message.message, message.detail))
    else if (message.type === 'crashed') crash = message.error
    else handle(message, calls)
  })
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', (code, signal) => {
      const error = crash ?? exitError(code, signal)
      loaded.reject(new LoadFailure(`${file} ended the process while it was loaded: ${error.errorMessage}.`))
      if (isReady && calls.size === 0 && !ending) onCrash?.(error)
      for (const call of calls.values()) failCall(call, new Crash(error))
      calls.clear()
      resolve()
    })
  })

  return {
    ready: loaded.promise,
    files,
    get alive() {
      return child.connected && crash === undefined
    },
    invoke(request, settings, signal, rawEvent) {
      const id = ++lastId
      const answer = Promise.withResolvers<Invocation>()
      const { resolve, reject } = answer
      calls.set(id, { request, resolve, reject, finished: Promise.withResolvers() })
      const say = (message: ToRunner) => send(child, message)
      calls.get(id)!.stream = createRemoteStream({
        pull: () => say({ type: 'pull', id }),
        stop: () => say({ type: 'stop', id }),
      })
      signal?.addEventListener('abort', () => say({ type: 'abort', id }), { once: true })
      say({ type: 'invoke', id, request, settings, rawEvent })
      return answer.promise
    },
    async end(graceMs = 0) {
      ending = true
      if (calls.size > 0 && graceMs > 0) {
        await Promise.race([allFinished(calls), new Promise((resolve) => setTimeout(resolve, graceMs).unref())])
      }
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), 500)
      await exited
      clearTimeout(timer)
    },
  }
}

function send(child: ChildProcess, message: ToRunner): void {
  // What cannot be sent any more is settled when the process's exit is noticed.
  if (child.connected) child.send(message, () => {})
}

const allFinished = (calls: Map<number, Call>): Promise<unknown> =>
  Promise.all([...calls.values()].map((call) => call.finished.promise))

function exitError(code: number | null, signal: string | null): LambdaError {
  const how = signal === null ? `exit status ${code}` : `signal ${signal}`
  return { errorType: 'Runtime.ExitError', errorMessage: `The handler's process ended with ${how}` }
}

function handle(message: Extract<FromRunner, { id: number }>, calls: Map<number, Call>): void {
  const call = calls.get(message.id)
  if (call === undefined) return
  if (message.type === 'answer') answer(call, message)
  else if (message.type === 'chunk') call.stream?.push(message.chunk)
  else if (message.type === 'end') call.stream?.end(message.error)
  else {
    calls.delete(message.id)
    if (message.type === 'rejected') failCall(call, toError(message.error))
    else finish(call, message)
  }
}

function finish(call: Call, { error, warnings }: Extract<FromRunner, { type: 'finished' }>): void {
  const known = call.answered?.response.warnings
  known?.push(...warnings.slice(known.length))
  // A stream that was stopped has no end of its own.
  call.stream?.end(error)
  call.finished.resolve(error)
}

function answer(call: Call, { invocation, streams }: Extract<FromRunner, { type: 'answer' }>): void {
  const response = { ...invocation.response, ...(streams ? { stream: call.stream!.chunks } : {}) }
  call.answered = { ...invocation, request: call.request, response, finished: call.finished.promise }
  call.resolve(call.answered)
}

function failCall(call: Call, error: Error): void {
  call.reject(error)
  const reason = error instanceof Crash ? error.error : { errorType: error.name, errorMessage: error.message }
  call.stream?.end(reason)
  call.finished.resolve(reason)
}
