import { check } from '../check.ts'

/** Whether the address at a distance (0: the one that the connection comes from) is a proxy whose headers are believed. */
export type Trust = (address: string | undefined, hop: number) => boolean

/** Addresses as numbers of 128 bits, an IPv4 one mapped into IPv6 as RFC 4291, section 2.5.5.2, has it. */
interface Subnet {
  readonly address: bigint
  readonly bits: number
}

const RANGES = new Map([
  ['linklocal', ['169.254.0.0/16', 'fe80::/10']],
  ['loopback', ['127.0.0.1/8', '::1/128']],
  ['uniquelocal', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
])
const MAPPED_BITS = 96
const MAPPED_PREFIX = 0xffffn

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
  check(Array.isArray(list), 'unsupported trust argument')
  const subnets = list.flatMap((each) => RANGES.get(each) ?? [each]).map(toSubnet)
  return (text) => {
    const address = subnets.length && text ? parseAddress(text) : undefined
    return address !== undefined && subnets.some((subnet) => contains(subnet, address))
  }
}

function toSubnet(note: string): Subnet {
  const slash = note.lastIndexOf('/')
  const text = slash < 0 ? note : note.slice(0, slash)
  // A number alone is an address to Express as well: the hops that somebody meant by an environment variable's `'1'` trust nobody.
  const address = /^(?:0|[1-9]\d{0,9})$/.test(text) ? parseNumber(text) : parseAddress(text)
  check(address !== undefined, `invalid IP address: ${text}`)
  const offset = text.includes(':') ? 0 : MAPPED_BITS
  const bits = slash < 0 ? 128 - offset : prefixLength(note.slice(slash + 1), offset > 0)
  check(bits > 0 && bits + offset <= 128, `invalid range on address: ${note}`)
  return { address, bits: bits + offset }
}

function parseNumber(text: string): bigint | undefined {
  const number = BigInt(text)
  return number >> 32n === 0n ? (MAPPED_PREFIX << 32n) | number : undefined
}

/** `24`, or for IPv4 also `255.255.255.0`; NaN for what is neither. */
function prefixLength(text: string, isIPv4: boolean): number {
  if (/^\d+$/.test(text)) return Number(text)
  const mask = isIPv4 ? parseIPv4(text) : undefined
  const ones = mask && /^(1*)0*$/.exec(BigInt(`0x1${mask}`).toString(2))?.[1]
  return ones ? ones.length - 1 : Number.NaN
}

function contains({ address, bits }: Subnet, other: bigint): boolean {
  // A prefix so short would take in the whole of IPv4's mapped block, or, being of a mapped address, what is not in it.
  if (bits < MAPPED_BITS && (isMapped(other) || isMapped(address))) return false
  return (address ^ other) >> BigInt(128 - bits) === 0n
}

const isMapped = (address: bigint): boolean => address >> 32n === MAPPED_PREFIX

/** The number that an address in one of the usual notations is; undefined for anything else. */
function parseAddress(text: string): bigint | undefined {
  if (!text.includes(':')) {
    const digits = parseIPv4(text)
    return digits === undefined ? undefined : BigInt(`0xffff${digits}`)
  }
  const [before, after, ...more] = text.split('%', 1)[0]!.split('::')
  const head = parseGroups(before!, after === undefined)
  const tail = parseGroups(after ?? '', true)
  if (head === undefined || tail === undefined || more.length > 0) return undefined
  const missing = 32 - head.length - tail.length
  // `::` stands for one group at least.
  if (after === undefined ? missing !== 0 : missing < 4) return undefined
  return BigInt(`0x${head}${'0'.repeat(missing)}${tail}`)
}

/** The hexadecimal digits of groups, of which the last may be an IPv4 address. */
function parseGroups(text: string, isEnd: boolean): string | undefined {
  if (!text) return ''
  const groups = text.split(':')
  const digits = groups.map((group, index) => {
    if (/^[\da-f]{1,4}$/i.test(group)) return group.padStart(4, '0')
    return isEnd && index === groups.length - 1 ? parseIPv4(group) : undefined
  })
  return digits.includes(undefined) ? undefined : digits.join('')
}

/** Eight digits. Decimal octets only: other notations (`0x7f.1`, `010.0.0.1`) mean different hosts to different programs. */
function parseIPv4(text: string): string | undefined {
  const octets = text.split('.')
  const isOctet = (octet: string) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256
  if (octets.length !== 4 || !octets.every(isOctet)) return undefined
  return octets.map((octet) => Number(octet).toString(16).padStart(2, '0')).join('')
}
