/**
 * One request through a gateway to a handler and back.
 * @module
 */
import { type ContextOptions, type LambdaContext, lambdaContext } from './context.ts'
import { type GatewayName, gateway } from './gateway.ts'
import type { GatewayOptions, LambdaError, Outcome } from './gateways/contract.ts'
import { eventFor } from './gateways/event-for.ts'
import { collect, installStreaming, type LambdaHandler, runHandler } from './runtime.ts'
import type { WireRequest, WireResponse } from './wire.ts'

/** What {@link invoke} takes beside the handler and the request. */
export interface InvokeOptions {
  /** Default `http-api`. */
  gateway?: GatewayName
  gatewayOptions?: GatewayOptions
  context?: ContextOptions
  /** A last change to the event: the result, if there is one, takes its place. */
  // biome-ignore lint/suspicious/noExplicitAny: each gateway has an event type of its own
  event?: (event: any) => unknown
  /** An event to use as it stands; the request then only says what the answer may be. */
  rawEvent?: unknown
  /** Called for each chunk of a streamed body as it arrives, with milliseconds since the start. */
  onChunk?: (chunk: Uint8Array, atMs: number) => void
  /** The client's patience; aborting rejects with the signal's reason, and the function runs on. */
  signal?: AbortSignal
}

/** One request's way to a function and back. */
export interface Invoked {
  gateway: GatewayName
  request: WireRequest
  /** `undefined` if the gateway answered by itself. */
  event: unknown
  context: LambdaContext
  /** What the function returned, after JSON; `undefined` if it failed or streamed. */
  result: unknown
  error?: LambdaError
  response: WireResponse
  durationMs: number
  /** The metadata of a streaming function's answer. */
  prelude?: unknown
  /** Settles when a streaming function is done, with its error if it failed after its answer began. */
  finished: Promise<LambdaError | undefined>
}

/**
 * Sends a request through a gateway to a Lambda handler, and the handler's answer back.
 * @throws TypeError for an unknown gateway or a handler that is no function
 * @example
 * const { response } = await invoke(handler, { method: 'GET', path: '/', query: '', headers: [] }, { gateway: 'alb' })
 */
export async function invoke(
  handler: LambdaHandler,
  request: WireRequest,
  options: InvokeOptions = {},
): Promise<Invoked> {
  installStreaming()
  const gate = gateway(options.gateway ?? 'http-api')
  const context = lambdaContext(options.context)
  const started = performance.now()
  const own = options.rawEvent === undefined ? gate.answer(request, options.gatewayOptions) : undefined
  const base = { gateway: gate.name, request, context }
  if (own !== undefined) {
    const finished = Promise.resolve(undefined)
    return { ...base, event: undefined, result: undefined, response: own, durationMs: 0, finished }
  }
  const event = eventFor(gate, request, options)
  const warnings: string[] = []
  let warn = (sentence: string) => void warnings.push(sentence)
  const run = await runHandler(handler, event, context, {
    clock: options.context?.clock,
    gatewayTimeoutMs: gate.timeoutMs(options.gatewayOptions),
    onChunk: options.onChunk,
    onWarning: (sentence) => warn(sentence),
    signal: options.signal,
  })
  const outcome = gate.streams(options.gatewayOptions) ? run.outcome : await collect(run.outcome, options.signal)
  const response = gate.toResponse(outcome, request, options.gatewayOptions)
  response.warnings.push(...warnings)
  warn = (sentence) => void response.warnings.push(sentence)
  const durationMs = performance.now() - started
  return { ...base, event, ...seen(run.outcome, outcome), response, durationMs, finished: run.finished }
}

function seen(raw: Outcome, outcome: Outcome): Pick<Invoked, 'result' | 'error' | 'prelude'> {
  const result = outcome.kind === 'result' ? outcome.result : undefined
  const prelude = raw.kind === 'stream' && raw.prelude !== undefined ? { prelude: parsed(raw.prelude) } : {}
  const error = outcome.kind === 'error' || outcome.kind === 'timeout' ? { error: outcome.error } : {}
  return { result, ...error, ...prelude }
}

function parsed(prelude: string): unknown {
  try {
    return JSON.parse(prelude)
  } catch {
    return prelude
  }
}
