import type { GatewayName, WireRequest, WireResponse } from '../wire.ts'
import type { LambdaError } from '../gateway.ts'
import type { ConsoleTail } from './send/console-tail.ts'
import type { TracedLayer } from './send/layer-trace.ts'
import type { RequestSpec } from './spec.ts'

/** One request and its answer, whichever way it went. */
export interface Exchange {
  request: WireRequest
  response: WireResponse
  /** What only a Lambda handler has; `undefined` after real HTTP. */
  lambda?: LambdaExchange
  /** The test aborted while the body was coming: this is what had come. */
  partial?: boolean
  trace?: TracedLayer[]
}

export interface LambdaExchange {
  gateway: GatewayName
  event: unknown
  context: unknown
  /** What the handler returned. */
  result: unknown
  /** What the handler threw, as Lambda reports it. */
  error?: LambdaError
  /** Status and headers that a streaming handler sent ahead of its body. */
  prelude?: unknown
  durationMs: number
  /** Milliseconds that the module took to load, of a cold start. */
  initMs?: number
  console: ConsoleTail
}

/** What a sending needs beside the request. */
export interface SendOptions {
  spec: RequestSpec
  gateway?: GatewayName
  signal: AbortSignal
  /** Gets what the handler writes to the console, as it comes. */
  console: ConsoleTail
  /** Gets the layers of an Express application that the request enters. */
  trace?: TracedLayer[]
  /** Called when status and headers are here, while the body is still to come. */
  answered(): void
}

/** Where requests go: a Lambda handler behind a gateway, or a server behind a socket. */
export interface Transport {
  readonly kind: 'lambda' | 'http'
  /** Whether the target is a module, which can be loaded for one request. */
  readonly startsCold?: boolean
  /** The gateway that requests go through unless told otherwise. */
  readonly gateway?: GatewayName
  /** What stands before the path of each request: that of a URL. */
  readonly base: string
  /** The origin as far as it is known before `open`. */
  origin(spec: RequestSpec): string
  /** Makes the target reachable for one request and gives its origin. */
  open(spec: RequestSpec): Promise<string>
  send(request: WireRequest, origin: string, options: SendOptions): Promise<Exchange>
  /** Lets go of what one `open` took. */
  close(): Promise<void>
}
