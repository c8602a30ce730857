import type { LambdaError, WireRequest } from '@expressway/testing/gateway'
import {
  Crash,
  defaultTimeoutMs,
  failingHandler,
  type HandlerProcess,
  type HandlerProcessOptions,
  type InvocationSettings,
  LoadFailure,
  startHandlerProcess,
} from '@expressway/testing/process'
import { type Engine, localEngine } from './engine.ts'

/** An engine whose handler runs in a process of its own, to be replaced as often as its files change. */
export interface HandlerEngine extends Engine {
  /** Resolves when the module is loaded; rejects with a {@link LoadFailure} if it cannot be loaded or has no handler. */
  ready(): Promise<{ exportName: string }>
  /** The files that the module is made of. */
  files(): ReadonlySet<string>
  /** Starts a new process; invocations that run may finish in the old one. */
  reload(): Promise<{ exportName: string }>
}

/** How long requests may go on in a process that has been replaced. */
const graceMs = 5000
/** How much longer than the function's time-out a process may be silent before it is taken to hang. */
const hangMs = 2000

/** Starts a process for the handler, and another one after each crash or reload. */
export function createHandlerEngine(options: HandlerProcessOptions, settings: InvocationSettings): HandlerEngine {
  let current = startHandlerProcess(options)
  const leaving = new Set<Promise<void>>()
  const replace = (): HandlerProcess => {
    const end = current.end(graceMs).finally(() => leaving.delete(end))
    leaving.add(end)
    current = startHandlerProcess(options)
    return current
  }
  const limitMs = (settings.context?.remainingMs ?? defaultTimeoutMs) + hangMs

  return {
    ready: () => current.ready,
    files: () => current.files,
    reload: () => replace().ready,
    async invoke(request, signal) {
      const process = await running(() => current, replace)
      if (process instanceof LoadFailure) return failed(request, settings, process)
      const watch = setTimeout(() => void process.end(), limitMs)
      try {
        return await process.invoke(request, settings, signal)
      } catch (error) {
        if (!(error instanceof Crash)) throw error
        return failed(request, settings, error.error)
      } finally {
        clearTimeout(watch)
      }
    },
    async close() {
      await Promise.all([current.end(), ...leaving])
    },
  }
}

/** The process for a request: as at Lambda, after one that crashed comes a new one. */
async function running(
  current: () => HandlerProcess,
  replace: () => HandlerProcess,
): Promise<HandlerProcess | LoadFailure> {
  for (;;) {
    const process = current()
    try {
      await process.ready
      if (process.alive) return process
      if (process === current()) replace()
    } catch (error) {
      if (process !== current()) continue
      if (error instanceof LoadFailure) return error
      throw error
    }
  }
}

/** What a gateway answers for a function that failed before it had a result. */
const failed = (request: WireRequest, settings: InvocationSettings, failure: LambdaError | LoadFailure) =>
  localEngine(failingHandler(failure), settings).invoke(request, new AbortController().signal)
