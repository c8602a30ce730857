import type { GatewayName } from '../wire.ts'

const ALIASES = {
  rest: 'rest-api',
  http: 'http-api',
  'http-v1': 'http-api-v1',
  'http-v2': 'http-api',
  url: 'function-url',
  'alb-multi': 'alb-multi-value',
  lattice: 'vpc-lattice',
  'lattice-v1': 'vpc-lattice-v1',
  'lattice-v2': 'vpc-lattice',
  'rest-api': 'rest-api',
  'http-api': 'http-api',
  'http-api-v1': 'http-api-v1',
  'function-url': 'function-url',
  alb: 'alb',
  'alb-multi-value': 'alb-multi-value',
  'vpc-lattice': 'vpc-lattice',
  'vpc-lattice-v1': 'vpc-lattice-v1',
} as const satisfies Record<string, GatewayName>

/** A gateway's name, in full or short: `rest`, `http`, `url`, `alb-multi`, `lattice`. */
export type GatewayAlias = keyof typeof ALIASES

/** @throws TypeError for a name that no gateway has. */
export function toGatewayName(name: GatewayAlias): GatewayName {
  if (Object.hasOwn(ALIASES, name)) return ALIASES[name]
  throw new TypeError(`No gateway is called "${name}". Use one of: ${Object.keys(ALIASES).join(', ')}.`)
}
