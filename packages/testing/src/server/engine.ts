import { randomUUID } from 'node:crypto'
import type { ContextOptions } from '../context.ts'
import type { GatewayName, WireRequest } from '../exchange.ts'
import type { GatewayOptions } from '../gateway.ts'
import { type Invoked, invoke } from '../invoke.ts'
import { isStreaming, type LambdaHandler } from '../runtime.ts'

/** What every invocation of one server has in common. */
export interface EngineSettings {
  gateway: GatewayName
  gatewayOptions?: GatewayOptions
  context?: ContextOptions
}

/** One invocation; the context's functions stay where the handler runs. */
export type Invocation = Omit<Invoked, 'context'> & { context: { awsRequestId: string } }

/** Sends requests through the gateway and the runtime to a handler: in this process or in another. */
export interface Engine {
  /**
   * Never rejects but for the signal: a handler that fails is an answer of the gateway's.
   * @param signal aborted when the client has gone
   */
  invoke(request: WireRequest, signal: AbortSignal): Promise<Invocation>
  close(): Promise<void>
}

/** Lambda's own limit is 900 seconds and its default 3; a person who steps through code needs more than that default. */
export const defaultTimeoutMs = 30_000

/** Runs the handler in this process. */
export const localEngine = (handler: LambdaHandler, settings: EngineSettings): Engine => ({
  invoke: (request, signal) => invoke(handler, request, { ...invocationSettings(handler, settings), signal }),
  close: async () => {},
})

/** What is told to each invocation: ids and a time of its own, and streaming where the handler streams. */
export function invocationSettings(handler: LambdaHandler, { gateway, gatewayOptions, context }: EngineSettings) {
  const trace = randomUUID().replaceAll('-', '')
  const own = { requestId: randomUUID(), time: Date.now(), traceId: `Root=1-${trace.slice(0, 8)}-${trace.slice(8)}` }
  return {
    gateway,
    gatewayOptions: { ...own, ...protocolOf(gateway), ...streamingModes(handler), ...gatewayOptions },
    context: { remainingMs: defaultTimeoutMs, requestId: randomUUID(), ...context },
  }
}

/** The address that the client typed is plain HTTP, and an ALB is the one gateway that can be reached so. */
const protocolOf = (gateway: GatewayName): GatewayOptions => (gateway.startsWith('alb') ? { protocol: 'http' } : {})

const streamingModes = (handler: LambdaHandler): GatewayOptions =>
  isStreaming(handler) ? { invokeMode: 'RESPONSE_STREAM', responseTransferMode: 'STREAM' } : {}
