import loadProxyAddr from '#libraries/proxy-addr.cjs'

/** Whether the address at a distance (0: the one that the connection comes from) is a proxy whose headers are believed. */
export type Trust = (address: string | undefined, hop: number) => boolean

/**
 * The predicate of the setting `trust proxy`: true for every proxy, a number of hops, addresses, subnets and the names
 * `loopback`, `linklocal`, `uniquelocal` (an array, or joined with commas), or the predicate itself.
 * It is about the proxies in front of the gateway. The option `trustProxy` of a Node server (`@expressway/express-shim/server`) is
 * another: whether a proxy takes the place of a gateway.
 * @throws TypeError if one is not an address, with Express's message.
 */
export function compileTrust(value: unknown): Trust {
  if (typeof value === 'function') return value as Trust
  if (value === true) return () => true
  if (typeof value === 'number') return (_address, hop) => hop < value
  const list = typeof value === 'string' ? value.split(',').map((each) => each.trim()) : value || []
  const trusts = loadProxyAddr().compile(list)
  return (address, hop) => address !== undefined && isUnambiguous(address) && trusts(address, hop)
}

const DECIMAL = /^(?:(?:0|[1-9]\d{0,2})(?:\.(?!$)|$)){4}$/

/** Whether an address is in IPv6's notation or four decimal octets: `0177.1`, `010.0.0.1` mean different hosts to different programs. */
function isUnambiguous(address: string): boolean {
  const end = address.slice(address.lastIndexOf(':') + 1)
  return DECIMAL.test(end) || (address.includes(':') && !end.includes('.'))
}
