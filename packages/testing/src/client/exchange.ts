import type { GatewayName, LambdaError } from '../gateway.ts'
import type { WireRequest, WireResponse } from '../wire.ts'

/** What one invocation wrote to the console: the arguments of each call. */
export type ConsoleTail = unknown[][]

/** A layer of an Express application that a request went through. */
export interface TracedLayer {
  /** The name of its function. */
  name: string
  /** Of a route: its path, after the paths of the routers that contain it. Of a middleware: the path it is mounted at. */
  path: string
  kind: 'middleware' | 'route' | 'error'
  /** Of a route: the request's method. */
  method?: string
  /** The function itself. */
  handler: unknown
}

/** One request and its answer, from a Lambda handler or over HTTP. */
export interface Exchange {
  request: WireRequest
  response: WireResponse
  /** What only a Lambda handler has; `undefined` after real HTTP. */
  lambda?: LambdaExchange
  /** Whether the test aborted while the body arrived: `response` has what had arrived. */
  partial?: boolean
  /** The layers that the request entered, if the test asked for them. */
  trace?: TracedLayer[]
}

/** The Lambda side of an exchange. */
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
  /** Milliseconds that the module took to load, for a cold start. */
  initMs?: number
  console: ConsoleTail
}
