/** Whether the address at a distance (0: the one that the connection comes from) is a proxy whose headers are believed. */
export type Trust = (address: string | undefined, hop: number) => boolean

/** An address as 16 bytes, an IPv4 one mapped into IPv6 as RFC 4291, section 2.5.5.2, has it. */
interface Subnet {
  bytes: Uint8Array
  bits: number
}

const RANGES = new Map([
  ['linklocal', ['169.254.0.0/16', 'fe80::/10']],
  ['loopback', ['127.0.0.1/8', '::1/128']],
  ['uniquelocal', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
])
const MAPPED_BITS = 96

/**
 * The predicate of the setting `trust proxy`: true for every proxy, a number of hops, addresses, subnets and the names
 * `loopback`, `linklocal`, `uniquelocal` (an array, or joined with commas), or the predicate itself.
 * @throws TypeError for what is no address, with Express's message.
 */
export function compileTrust(value: unknown): Trust {
  if (typeof value === 'function') return value as Trust
  if (value === true) return () => true
  if (typeof value === 'number') return (_address, hop) => hop < value
  const list = typeof value === 'string' ? value.split(',').map((each) => each.trim()) : value || []
  if (!Array.isArray(list)) throw new TypeError('unsupported trust argument')
  const subnets = list.flatMap((each) => RANGES.get(each) ?? [each]).map(toSubnet)
  return (address) => {
    const bytes = subnets.length && address ? parseAddress(address) : undefined
    return bytes !== undefined && subnets.some((subnet) => contains(subnet, bytes))
  }
}

function toSubnet(note: string): Subnet {
  const slash = note.lastIndexOf('/')
  const address = slash < 0 ? note : note.slice(0, slash)
  const bytes = parseAddress(address)
  if (!bytes) throw new TypeError(`invalid IP address: ${address}`)
  const offset = address.includes(':') ? 0 : MAPPED_BITS
  const bits = slash < 0 ? 128 - offset : prefixLength(note.slice(slash + 1), offset > 0)
  if (!(bits > 0 && bits + offset <= 128)) throw new TypeError(`invalid range on address: ${note}`)
  return { bytes, bits: bits + offset }
}

function prefixLength(text: string, isIPv4: boolean): number {
  if (/^\d+$/.test(text)) return Number(text)
  const mask = isIPv4 && !text.includes(':') ? parseAddress(text) : undefined
  const bits = mask && [...mask.subarray(12)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return bits && /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : Number.NaN
}

function contains(subnet: Subnet, address: Uint8Array): boolean {
  // A prefix so short would take in the whole of IPv4's mapped block, or, being of a mapped address, what is not in it.
  if (subnet.bits < MAPPED_BITS && (isMapped(address) || isMapped(subnet.bytes))) return false
  const whole = subnet.bits >> 3
  for (let i = 0; i < whole; i++) if (subnet.bytes[i] !== address[i]) return false
  const shift = 8 - (subnet.bits & 7)
  return shift === 8 || (subnet.bytes[whole] as number) >> shift === (address[whole] as number) >> shift
}

function isMapped(bytes: Uint8Array): boolean {
  return bytes[10] === 255 && bytes[11] === 255 && bytes.subarray(0, 10).every((byte) => byte === 0)
}

/** The 16 bytes of an address in the usual notations; undefined for anything else. */
export function parseAddress(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(16)
  if (!text.includes(':')) {
    bytes.fill(255, 10, 12)
    return parseIPv4(text, bytes, 12) ? bytes : undefined
  }
  const zone = text.indexOf('%')
  const halves = (zone < 0 ? text : text.slice(0, zone)).split('::')
  if (halves.length > 2) return undefined
  const head = parseGroups(halves[0] as string, halves.length === 1)
  const tail = parseGroups(halves[1] ?? '', true)
  if (!head || !tail || (halves.length === 1 ? head.length !== 16 : head.length + tail.length > 14)) return undefined
  bytes.set(head)
  bytes.set(tail, 16 - tail.length)
  return bytes
}

function parseGroups(text: string, last: boolean): number[] | undefined {
  if (!text) return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [index, group] of groups.entries()) {
    const value = /^[\da-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : -1
    if (value >= 0) bytes.push(value >> 8, value & 255)
    else if (!last || index < groups.length - 1 || !parseIPv4(group, bytes, bytes.length)) return undefined
  }
  return bytes
}

/** Decimal octets only: other notations (`0x7f.1`, `010.0.0.1`) mean different hosts to different programs. */
function parseIPv4(text: string, into: Uint8Array | number[], at: number): boolean {
  const octets = text.split('.')
  if (octets.length !== 4) return false
  return octets.every((octet, index) => {
    into[at + index] = Number(octet)
    return /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256
  })
}
