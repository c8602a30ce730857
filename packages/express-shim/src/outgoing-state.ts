import type { Chunk, HttpResponse } from '@expressway/core/message'
import type { ChunkQueue } from './chunk-queue.ts'

/** How far a response is: open, ended by `end()`, flushed ('finish'), closed ('close'). */
export const OPEN = 0
export const ENDED = 1
export const FINISHED = 2
export const CLOSED = 3

/** One of the four above; undefined on a message that is Node's own. */
export const PHASE: unique symbol = Symbol('expressway.phase') as never
/** What was written so far of an answer that is collected. */
export const BODY: unique symbol = Symbol('expressway.body') as never
/** The chunks of an answer that is streamed, from its first byte on. */
export const QUEUE: unique symbol = Symbol('expressway.queue') as never
export const ANSWER: unique symbol = Symbol('expressway.answer') as never
/** The status that went out with the headers: what is set later changes nothing. */
export const STATUS: unique symbol = Symbol('expressway.status') as never
/** Who waits for the answer. */
export const WAITER: unique symbol = Symbol('expressway.waiter') as never
/** What only some responses have. */
export const EXTRA: unique symbol = Symbol('expressway.extra') as never

// Node's default for sockets and streams.
export const HIGH_WATER_MARK = 65_536

export type Callback = (error?: Error | null) => void

export class Extra {
  /** Bytes of this tick's writes to an answer that is collected. */
  pending = 0
  /** Bytes of the body so far, counted only under `strictContentLength`. */
  counted = 0
  needsDrain = false
  corked = 0
  endCallbacks: Callback[] = []
  /** Somebody waits for a write to be done. */
  hasCallbacks = false
  /** The reason phrase that went out, where the application chose one. */
  statusText: string | undefined
  destroyed = false
  errored: Error | null | undefined = null
  /** 'finish' and 'close' are on their way. */
  closing = false
  /** A socket that was assigned; null where it was detached. */
  socket: unknown
}

/** The state that the functions of a response's flow work on. */
export interface OutgoingState {
  [PHASE]: number
  [BODY]: Chunk | Chunk[] | undefined
  [QUEUE]: ChunkQueue | undefined
  [ANSWER]: HttpResponse | undefined
  [WAITER]: ((answer: HttpResponse) => void) | undefined
  [EXTRA]: Extra | undefined
  [STATUS]: number
}

export const extraOf = (res: OutgoingState): Extra => (res[EXTRA] ??= new Extra())
