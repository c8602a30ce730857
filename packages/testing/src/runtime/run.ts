import type { LambdaError, Outcome } from '../gateways/contract.ts'
import type { Patience } from './deadline.ts'

/** How long the runtime waits, and what it reports. */
export interface RunOptions extends Patience {
  /** Called for each chunk of a streamed body as the client receives it, with milliseconds since the start. */
  onChunk?: (chunk: Uint8Array, atMs: number) => void
  /** Called for what the runtime would log. */
  onWarning?: (sentence: string) => void
  /** Milliseconds that a stream may stay silent and open after its handler returned; default 1000. */
  unfinishedMs?: number
}

/** A run, from when the gateway can begin to answer. */
export interface Run {
  outcome: Outcome
  /** Settles when the function is done; with its error if it failed, also after the answer began. */
  finished: Promise<LambdaError | undefined>
}
