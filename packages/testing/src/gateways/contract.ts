import type { EventOptions } from '../events/options.ts'
import type { WireRequest, WireResponse } from '../wire.ts'

/** CORS as an HTTP API or a function URL is configured; `true` allows everything. */
export interface CorsConfiguration {
  allowOrigins?: readonly string[]
  allowMethods?: readonly string[]
  allowHeaders?: readonly string[]
  exposeHeaders?: readonly string[]
  allowCredentials?: boolean
  /** Seconds. */
  maxAge?: number
}

/** What belongs to the gateway rather than to the request: see {@link EventOptions} for what shows in the event. */
export interface GatewayOptions extends EventOptions {
  /**
   * An HTTP API's or a function URL's own CORS; other gateways have none and ignore it. The gateway answers OPTIONS itself. An HTTP
   * API replaces the function's CORS headers by its own; a function URL adds its own to them, and browsers refuse an answer with
   * two `Access-Control-Allow-Origin`. Default: the function does CORS by itself.
   */
  cors?: boolean | CorsConfiguration
  /** A function URL's invoke mode. Default: `BUFFERED`, as at AWS. */
  invokeMode?: 'BUFFERED' | 'RESPONSE_STREAM'
  /** A REST API integration's response transfer mode. Default: `BUFFERED`, as at AWS. */
  responseTransferMode?: 'BUFFERED' | 'STREAM'
  /** A REST API's kind of endpoint, which sets the limit on URLs. Default: `REGIONAL`. */
  endpointType?: 'EDGE' | 'REGIONAL' | 'PRIVATE'
  /** Milliseconds that the gateway waits for the function. Default: the gateway's own limit. */
  timeoutMs?: number
}

/** What Lambda reports of a function that failed. */
export interface LambdaError {
  errorType: string
  errorMessage: string
  trace?: string[]
}

/** The outcome of a function's run, as a gateway sees it. */
export type Outcome =
  /** A result that went through JSON. */
  | { kind: 'result'; result: unknown }
  /** A payload that is not JSON: a streaming function behind a gateway that buffers. */
  | { kind: 'payload'; payload: Uint8Array }
  | { kind: 'error'; error: LambdaError }
  /** Lambda stopped the function at its deadline, or the gateway stopped waiting before that. */
  | { kind: 'timeout'; by: 'function' | 'gateway'; afterMs: number; error: LambdaError }
  | StreamOutcome

/** A function that streams, from when its first 16 KB or its metadata were there. */
export interface StreamOutcome {
  kind: 'stream'
  contentType: string
  /** The JSON before the eight NUL bytes; `undefined` if there are none in the first 16 KB. */
  prelude: string | undefined
  chunks: AsyncIterable<Uint8Array>
}

/** AWS's side of the contract, for one event source. */
export interface Gateway {
  readonly name: string
  /** What the gateway answers itself, without the function: limits, preflight requests, unknown routes. */
  answer(request: WireRequest, options?: GatewayOptions): WireResponse | undefined
  /** The event that the function gets for a request. */
  toEvent(request: WireRequest, options?: GatewayOptions): unknown
  /** What the client gets for what the function returned or threw. */
  toResponse(outcome: Outcome, request: WireRequest, options?: GatewayOptions): WireResponse
  /** Whether chunks reach the client as they are written; otherwise the payload is collected first. */
  streams(options?: GatewayOptions): boolean
  /** Milliseconds that the gateway waits for the function. */
  timeoutMs(options?: GatewayOptions): number
  /** What precedes the application's paths in the client's URLs: a stage or a mapping, such as `/prod`, or `''`. */
  basePath(options?: GatewayOptions): string
}
