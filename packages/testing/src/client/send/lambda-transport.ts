import type { GatewayName } from '../../gateway.ts'
import { type InvokeOptions, invoke } from '../../invoke.ts'
import { isStreaming, type LambdaHandler } from '../../runtime.ts'
import type { WireRequest } from '../../wire.ts'
import type { Exchange } from '../exchange.ts'
import type { RequestSpec } from '../spec.ts'
import { withConsoleTail } from './console-tail.ts'
import { withLayerTrace } from './layer-trace.ts'
import type { SendOptions, Transport } from './transport.ts'

/** The host of requests that name none: the same for all gateways, so that a cookie jar recognises it. */
const DEFAULT_HOST = 'api.example.com'

/** Milliseconds: the longest that Lambda lets a function run. https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
const LONGEST_RUN = 900_000

/**
 * Milliseconds that a function has left when the client gives up: more than the half second before its deadline in which
 * Expressway answers 503, so that the client's failure, which says more, comes first.
 */
const AFTER_PATIENCE = 1000

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
    if (answer.response.status === 502 && isStreaming(this.handler) && answer.error === undefined) {
      answer.response.warnings.push(
        'The handler streams: add .stream() to the request, or test its buffered handler instead.',
      )
    }
    return { request: answer.request, response: answer.response, lambda: { ...answer, console } }
  }

  async close(): Promise<void> {}
}

/**
 * The options of `invoke` for a request. The function's deadline comes shortly after the client's patience ends: a timer
 * that a handler sets for its deadline would hold the process for as long as that.
 */
export function toInvokeOptions(
  { spec, gateway, signal, patienceMs }: SendOptions,
  fallback: GatewayName,
): InvokeOptions {
  const { options: gatewayOptions, event, rawEvent } = spec.gateway
  const remainingMs = patienceMs === undefined ? LONGEST_RUN : Math.min(patienceMs + AFTER_PATIENCE, LONGEST_RUN)
  const context = { remainingMs, ...spec.gateway.context }
  return { gateway: gateway ?? fallback, gatewayOptions, context, event, rawEvent, signal }
}
