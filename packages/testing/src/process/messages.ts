import type { LambdaError, WireRequest, WireResponse } from '../gateway.ts'
import type { Invocation, InvocationSettings } from './settings.ts'

/** Messages to the process that runs the handler. */
export type ToRunner =
  | { type: 'invoke'; id: number; request: WireRequest; settings: InvocationSettings; rawEvent?: unknown }
  /** The client has room for the next chunk. */
  | { type: 'pull'; id: number }
  /** The client wants no more chunks. */
  | { type: 'stop'; id: number }
  /** The client went away. */
  | { type: 'abort'; id: number }

/** Messages from the process that runs the handler. */
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
  /** An uncaught error: the process ends, as it does on Lambda. */
  | { type: 'crashed'; error: LambdaError }

/** An invocation as data. */
export type Answer = Omit<Invocation, 'finished' | 'response' | 'request'> & {
  response: Omit<WireResponse, 'stream'>
}
