import type { HttpRequest, HttpResponse } from './message.ts'

/** The members of Lambda's context object that Expressway itself uses; a real context has more. */
export interface LambdaContext {
  readonly awsRequestId?: string
  readonly functionName?: string
  /** The trace header of this invocation; the environment's is shared by all that run at once. */
  readonly xRayTraceId?: string
  /** Milliseconds until Lambda ends the invocation. */
  getRemainingTimeInMillis?(): number
}

/** The Lambda invocation that a request came with. */
export interface Invocation {
  /** Name of the event source: `rest-api`, `http-api`, `function-url`, `alb`, `vpc-lattice`; `node` for a real server. */
  readonly source: string
  /** The event as Lambda gave it; read-only by contract. */
  readonly event: unknown
  readonly context: LambdaContext
  /** True if the answer's chunks reach the client as they are written. */
  readonly streaming: boolean
  /** Aborts when the client of a streamed answer leaves before its end. */
  readonly disconnected?: AbortSignal
}

/** The one function type in the middle: message in, message out. Apps, shim apps and foreign listeners become one. */
export type Handle = (request: HttpRequest, invocation: Invocation) => HttpResponse | Promise<HttpResponse>
