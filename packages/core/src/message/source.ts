import type { Chunk, HttpRequest, HttpResponse } from './message.ts'

/** A response whose chunks were collected: what an event source can put into a result. */
export interface BufferedResponse extends HttpResponse {
  readonly body?: Chunk
}

/** An AWS event source that speaks HTTP: two pure functions, and a test for its events. */
export interface Source<Event = unknown, Result = unknown> {
  readonly name: string
  /** The largest result that the gateway takes, in bytes of its JSON. */
  readonly resultLimit: number
  /** Whether its gateway can pass chunks on as they are written. */
  readonly streams?: boolean
  /** Whether the event is this source's, by what no other source's events have. */
  matches(event: unknown): event is Event
  /** The request that an event describes. */
  decode(event: Event): HttpRequest
  /** The result depends on how the event came: an ALB and a REST API each have two ways. */
  encode(response: BufferedResponse, event: Event): Result
}
