import { randomUUID } from 'node:crypto'
import type { ContextOptions } from '../context.ts'
import type { GatewayName, GatewayOptions } from '../gateway.ts'
import type { Invoked } from '../invoke.ts'
import { isStreaming, type LambdaHandler } from '../runtime.ts'

/** What every invocation of one server or process has in common. */
export interface InvocationSettings {
  gateway: GatewayName
  gatewayOptions?: GatewayOptions
  context?: ContextOptions
}

/** One invocation as data. The context's functions stay in the process that runs the handler. */
export type Invocation = Omit<Invoked, 'context'> & { context: { awsRequestId: string } }

/**
 * The function's time-out in milliseconds, if none is given. Lambda's default is 3 seconds and its limit 900; a person who
 * steps through code needs more than that default.
 */
export const defaultTimeoutMs = 30_000

/** The options of one invocation: new ids, the present time, and streaming if the handler streams. */
export function invocationSettings(
  handler: LambdaHandler,
  { gateway, gatewayOptions, context }: InvocationSettings,
): InvocationSettings {
  const trace = randomUUID().replaceAll('-', '')
  const own = { requestId: randomUUID(), time: Date.now(), traceId: `Root=1-${trace.slice(0, 8)}-${trace.slice(8)}` }
  return {
    gateway,
    gatewayOptions: { ...own, ...protocolOf(gateway), ...streamingModes(handler), ...gatewayOptions },
    context: { remainingMs: defaultTimeoutMs, requestId: randomUUID(), ...context },
  }
}

/** A local address is plain HTTP, and of all gateways only an ALB can be reached by that. */
const protocolOf = (gateway: GatewayName): GatewayOptions => (gateway.startsWith('alb') ? { protocol: 'http' } : {})

const streamingModes = (handler: LambdaHandler): GatewayOptions =>
  isStreaming(handler) ? { invokeMode: 'RESPONSE_STREAM', responseTransferMode: 'STREAM' } : {}
