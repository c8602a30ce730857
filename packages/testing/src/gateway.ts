/**
 * AWS's side of each event source: a request to an event, and what a handler returned to a response.
 * @module
 */
import { alb, albMultiValue } from './gateways/alb.ts'
import type { Gateway } from './gateways/contract.ts'
import { functionUrl } from './gateways/function-url.ts'
import { httpApi } from './gateways/http-api.ts'
import { httpApiV1 } from './gateways/http-api-v1.ts'
import { restApi } from './gateways/rest-api.ts'
import { vpcLattice, vpcLatticeV1 } from './gateways/vpc-lattice.ts'

export type {
  CorsConfiguration,
  Gateway,
  GatewayOptions,
  LambdaError,
  Outcome,
  StreamOutcome,
} from './gateways/contract.ts'
export { belowBasePath, type WireRequest, type WireResponse } from './wire.ts'

/** Every gateway by its name, as options and command-line flags spell it, and the short names it has beside that. */
const GATEWAYS = {
  'rest-api': { gateway: restApi, short: ['rest'] },
  'http-api': { gateway: httpApi, short: ['http', 'http-v2'] },
  'http-api-v1': { gateway: httpApiV1, short: ['http-v1'] },
  'function-url': { gateway: functionUrl, short: ['url'] },
  alb: { gateway: alb, short: [] },
  'alb-multi-value': { gateway: albMultiValue, short: ['alb-multi'] },
  'vpc-lattice': { gateway: vpcLattice, short: ['lattice', 'lattice-v2'] },
  'vpc-lattice-v1': { gateway: vpcLatticeV1, short: ['lattice-v1'] },
} as const satisfies Record<string, { gateway: Gateway; short: readonly string[] }>

/** A gateway's full name. */
export type GatewayName = keyof typeof GATEWAYS

/** A gateway's name, in full or short: `rest`, `http`, `url`, `alb-multi`, `lattice`. */
export type GatewayAlias = GatewayName | (typeof GATEWAYS)[GatewayName]['short'][number]

/** The full names. */
export const gatewayNames = Object.keys(GATEWAYS) as GatewayName[]

/** The short names of a gateway; `[]` for one that has only its full name, and for a name that is not a gateway's. */
export const gatewayAliases = (name: GatewayName): readonly GatewayAlias[] =>
  Object.hasOwn(GATEWAYS, name) ? GATEWAYS[name].short : []

/**
 * The full name that a name or short name stands for.
 * @throws TypeError if no gateway has that name
 */
export function toGatewayName(name: GatewayAlias): GatewayName {
  const found = gatewayNames.find((full) => full === name || gatewayAliases(full).includes(name))
  if (found !== undefined) return found
  const known = gatewayNames.flatMap((full) => [full, ...gatewayAliases(full)])
  throw new TypeError(`No gateway is called "${name}". Use one of: ${known.join(', ')}.`)
}

/**
 * AWS's side of an event source: the event that it makes of a request, and the response that it makes of a result.
 * @throws TypeError for a name that is not among {@link gatewayNames}
 * @example gateway('alb').toEvent({ method: 'GET', path: '/', query: '', headers: [] })
 */
export function gateway(name: GatewayName): Gateway & { readonly name: GatewayName } {
  const found = Object.hasOwn(GATEWAYS, name) ? GATEWAYS[name].gateway : undefined
  if (found !== undefined) return found as Gateway & { readonly name: GatewayName }
  throw new TypeError(`Unknown gateway "${name}": use one of ${gatewayNames.join(', ')}`)
}
