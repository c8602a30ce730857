import type { WireRequest } from '../wire.ts'
import type { Gateway, GatewayOptions } from './contract.ts'

/** The event that the handler gets: the gateway's own or `rawEvent`, after a last change. */
export function eventFor(
  gate: Gateway,
  request: WireRequest,
  options: { gatewayOptions?: GatewayOptions; rawEvent?: unknown; event?: (event: unknown) => unknown },
): unknown {
  const event = options.rawEvent ?? gate.toEvent(request, options.gatewayOptions)
  return options.event?.(event) ?? event
}
