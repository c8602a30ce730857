import type { WireRequest, WireResponse } from '../exchange.ts'
import type { LambdaError } from '../gateway.ts'
import type { EngineSettings, Invocation } from '../server/engine.ts'

/** The first argument of a process that only runs a handler. */
export const runnerArgument = '--run-handler'

/** What the process that runs the handler is told. */
export type ToRunner =
  | { type: 'invoke'; id: number; request: WireRequest; settings: EngineSettings; rawEvent?: unknown }
  /** The client has room for the next chunk. */
  | { type: 'pull'; id: number }
  /** The client has enough. */
  | { type: 'stop'; id: number }
  /** The client has gone. */
  | { type: 'abort'; id: number }

/** What the process that runs the handler says. */
export type FromRunner =
  | { type: 'file'; path: string }
  | { type: 'ready'; exportName: string }
  | { type: 'failed'; message: string; detail: string }
  | { type: 'answer'; id: number; invocation: Answer; streams: boolean }
  | { type: 'chunk'; id: number; chunk: Uint8Array }
  | { type: 'end'; id: number; error?: LambdaError }
  /** Nothing more follows; `warnings` are all there were. */
  | { type: 'finished'; id: number; error?: LambdaError; warnings: string[] }
  /** The signal, or the engine itself, ended it. */
  | { type: 'rejected'; id: number; error: LambdaError }
  /** An error that nobody caught: the process ends, as it does at Lambda. */
  | { type: 'crashed'; error: LambdaError }

/** What an invocation is as data. */
export type Answer = Omit<Invocation, 'finished' | 'response' | 'request'> & {
  response: Omit<WireResponse, 'stream'>
}
