import type { Chunk, HttpResponse } from '@expressway/core/handle'
import type { ChunkQueue } from '../bridge/chunk-queue.ts'
import type { Incoming } from './incoming.ts'
import type { OutgoingHeaders } from './outgoing-headers.ts'

type EventEmitter = import('node:events').EventEmitter

/** How far a response is: open, ended by `end()`, flushed ('finish'), closed ('close'). */
export const OPEN = 1
export const ENDED = 2
export const FINISHED = 3
export const CLOSED = 4

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

/** A response as the functions of its flow, and its rarely used members, see it. */
export interface OutgoingState extends OutgoingHeaders, EventEmitter {
  readonly req: Incoming
  readonly statusCode: number
  readonly statusMessage: string | undefined
  readonly finished: boolean
  readonly destroyed: boolean
  writeHead(statusCode: number): unknown
  write(chunk: Chunk, encoding?: BufferEncoding, callback?: Callback): boolean
  [PHASE]: number
  [BODY]: Chunk | Chunk[] | undefined
  [QUEUE]: ChunkQueue | undefined
  [ANSWER]: HttpResponse | undefined
  [WAITER]: ((answer: HttpResponse) => void) | undefined
  [EXTRA]: Extra | undefined
  [STATUS]: number
}

export const extraOf = (res: Pick<OutgoingState, typeof EXTRA>): Extra => (res[EXTRA] ??= new Extra())
