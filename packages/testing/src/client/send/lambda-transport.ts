import type { ContextOptions } from '../../context.ts'
import type { GatewayName, WireRequest } from '../../wire.ts'
import type { GatewayOptions } from '../../gateway.ts'
import { type InvokeOptions, invoke } from '../../invoke.ts'
import type { LambdaHandler } from '../../runtime.ts'
import { withConsoleTail } from './console-tail.ts'
import type { Exchange, SendOptions, Transport } from '../exchange.ts'
import { withLayerTrace } from './layer-trace.ts'
import type { RequestSpec } from '../spec.ts'

/** What the gateway and the runtime are told beside the request. */
export interface GatewaySettings {
  options?: GatewayOptions
  context?: ContextOptions
  // biome-ignore lint/suspicious/noExplicitAny: the event's type is that of the gateway the test chose
  event?: (event: any) => unknown
  rawEvent?: unknown
}

/** The host where a test names none: one for all gateways, so that a cookie jar knows it again. */
const DEFAULT_HOST = 'api.example.com'

/** The longest that Lambda lets a function run. */
const LONGEST_RUN = 900_000

/** Sends requests to a handler in this process. */
export class LambdaTransport implements Transport {
  readonly kind = 'lambda'
  readonly base = ''
  readonly startsCold: boolean = false
  readonly handler: LambdaHandler
  readonly gateway: GatewayName

  constructor(handler: LambdaHandler, gateway: GatewayName) {
    this.handler = handler
    this.gateway = gateway
  }

  origin(spec: RequestSpec): string {
    const host = spec.headers.get('host')?.value ?? spec.gateway.options?.domainName ?? DEFAULT_HOST
    return `${spec.gateway.options?.protocol ?? 'https'}://${host}`
  }

  async open(spec: RequestSpec): Promise<string> {
    return this.origin(spec)
  }

  async send(request: WireRequest, _origin: string, options: SendOptions): Promise<Exchange> {
    const { console, answered, trace } = options
    const settings = toInvokeOptions(options, this.gateway)
    const answer = await withLayerTrace(trace, () =>
      withConsoleTail(console, () => invoke(this.handler, request, settings)),
    )
    answered()
    return { request: answer.request, response: answer.response, lambda: { ...answer, console } }
  }

  async close(): Promise<void> {}
}

/** What of a request's settings the gateway and the runtime are told. */
export function toInvokeOptions({ spec, gateway, signal }: SendOptions, fallback: GatewayName): InvokeOptions {
  const { options: gatewayOptions, event, rawEvent } = spec.gateway
  // The test's own limit is to end the waiting, not the function's, unless the test is about that.
  const context = { remainingMs: LONGEST_RUN, ...spec.gateway.context }
  return { gateway: gateway ?? fallback, gatewayOptions, context, event, rawEvent, signal }
}
