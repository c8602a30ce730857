import type { GatewayName } from '../../gateway.ts'
import type { WireRequest } from '../../wire.ts'
import type { ConsoleTail, Exchange, TracedLayer } from '../exchange.ts'
import type { RequestSpec } from '../spec.ts'

/** What sending needs beside the request. */
export interface SendOptions {
  spec: RequestSpec
  /** The gateway that the request names; otherwise the transport's own is used. */
  gateway?: GatewayName
  /** Aborts when the test no longer waits for the answer. */
  signal: AbortSignal
  /** Milliseconds after which the client stops waiting for the answer; `undefined` if it never does. */
  patienceMs?: number
  /** Gets what the handler writes to the console, as it is written. */
  console: ConsoleTail
  /** Gets the layers of an Express application that the request enters. */
  trace?: TracedLayer[]
  /** Called when status and headers are here, and the body may be still to come. */
  answered(): void
}

/** Where requests go: a Lambda handler behind a gateway, or a server behind a socket. */
export interface Transport {
  readonly kind: 'lambda' | 'http'
  /** Whether the target is a module, which can be loaded for one request. */
  readonly startsCold?: boolean
  /** The gateway of requests that name none. */
  readonly gateway?: GatewayName
  /** The path of the target's URL, which comes before the path of each request; `''` without one. */
  readonly base: string
  /** The origin, such as `https://api.example.com`; a server that does not listen yet has no port in it. */
  origin(spec: RequestSpec): string
  /**
   * Makes the target reachable for one request and gives its origin.
   * @throws Error if a server cannot listen
   */
  open(spec: RequestSpec): Promise<string>
  /** @throws Error if the target cannot be reached, or `options.signal` aborts */
  send(request: WireRequest, origin: string, options: SendOptions): Promise<Exchange>
  /** Releases what one `open` took. */
  close(): Promise<void>
}
