import type { WireRequest } from '../exchange.ts'
import type { LambdaError } from '../gateway.ts'
import { defaultTimeoutMs, type Engine, type EngineSettings, type Invocation, localEngine } from '../server/engine.ts'
import { Failure } from './failure.ts'
import { Crash, type HandlerProcess, type HandlerProcessOptions, startHandlerProcess } from './handler-process.ts'
import { toError } from './remote-stream.ts'

/** An engine whose handler runs in a process of its own, to be replaced as often as its files change. */
export interface HandlerEngine extends Engine {
  /** Settles when the module is loaded; rejects with a {@link Failure} where it has no handler. */
  ready(): Promise<{ exportName: string }>
  /** The files that the module is made of. */
  files(): ReadonlySet<string>
  /** Starts anew; what is underway may finish where it is. */
  reload(): Promise<{ exportName: string }>
}

/** How long requests may go on in a process that has been replaced. */
const graceMs = 5000
/** How much longer than the function's time-out a process may be silent: it has hung, and cannot tell. */
const hangMs = 2000

export function createHandlerEngine(options: HandlerProcessOptions, settings: EngineSettings): HandlerEngine {
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
      if (process instanceof Failure) return failed(request, settings, importError(process))
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
): Promise<HandlerProcess | Failure> {
  for (;;) {
    const process = current()
    try {
      await process.ready
      if (process.alive) return process
      if (process === current()) replace()
    } catch (error) {
      if (process !== current()) continue
      if (error instanceof Failure) return error
      throw error
    }
  }
}

/** What a gateway answers for a function that failed before it had a result. */
function failed(request: WireRequest, settings: EngineSettings, error: LambdaError): Promise<Invocation> {
  const handler = async () => {
    throw toError(error)
  }
  return localEngine(handler, settings).invoke(request, new AbortController().signal)
}

/** What Lambda reports of a module that does not load. */
export const importError = ({ message, detail = '' }: Error & { detail?: string }): LambdaError => ({
  errorType: 'Runtime.ImportModuleError',
  errorMessage: message,
  trace: detail === '' ? undefined : detail.split('\n'),
})
