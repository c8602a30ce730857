import type { GatewayName } from './wire.ts'
import { alb, albMultiValue } from './gateways/alb.ts'
import type { Gateway } from './gateways/contract.ts'
import { functionUrl } from './gateways/function-url.ts'
import { httpApi } from './gateways/http-api.ts'
import { httpApiV1 } from './gateways/http-api-v1.ts'
import { restApi } from './gateways/rest-api.ts'
import { vpcLattice, vpcLatticeV1 } from './gateways/vpc-lattice.ts'

export { type GatewayAlias, toGatewayName } from './client/gateway-names.ts'
export type { GatewayName, WireRequest, WireResponse } from './wire.ts'
export type {
  CorsConfiguration,
  Gateway,
  GatewayOptions,
  LambdaError,
  Outcome,
  StreamOutcome,
} from './gateways/contract.ts'

const gateways: Record<GatewayName, Gateway> = {
  'rest-api': restApi,
  'http-api': httpApi,
  'http-api-v1': httpApiV1,
  'function-url': functionUrl,
  alb,
  'alb-multi-value': albMultiValue,
  'vpc-lattice': vpcLattice,
  'vpc-lattice-v1': vpcLatticeV1,
}

/** The names that options and command-line flags know. */
export const gatewayNames = Object.keys(gateways) as GatewayName[]

/**
 * AWS's side of an event source: what it makes of a request, and of a result.
 * @throws TypeError for a name that is not among {@link gatewayNames}
 * @example gateway('alb').toEvent({ method: 'GET', path: '/', query: '', headers: [] })
 */
export function gateway(name: GatewayName): Gateway {
  const found = Object.hasOwn(gateways, name) ? gateways[name] : undefined
  if (found !== undefined) return found
  throw new TypeError(`Unknown gateway "${name}": use one of ${gatewayNames.join(', ')}`)
}
