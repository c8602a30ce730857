import fc from 'fast-check'
import proxyaddr from 'proxy-addr'
import { describe, expect, test } from 'vitest'
import { compileTrust } from '../../src/http/trust-proxy.ts'

const octet = fc.integer({ min: 0, max: 255 })
const ipv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'))
const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16))
const groups = (count: number) => fc.array(group, { minLength: count, maxLength: count })
const ipv6 = fc.oneof(
  groups(8).map((parts) => parts.join(':')),
  fc
    .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 2 }))
    .chain(([head, tail]) =>
      fc.tuple(groups(head), groups(tail)).map(([left, right]) => `${left.join(':')}::${right.join(':')}`),
    ),
  ipv4.map((address) => `::ffff:${address}`),
  fc.constantFrom('::1', 'fe80::1', 'fc00::7', '::ffff:7f00:1', '::'),
)
const near = fc.constantFrom(
  '127.0.0.1',
  '127.255.0.3',
  '10.0.0.1',
  '172.16.9.9',
  '192.168.1.1',
  '169.254.0.1',
  '8.8.8.8',
)
const address = fc.oneof(ipv4, ipv6, near)
const subnet = fc.oneof(
  address,
  fc.tuple(fc.oneof(ipv4, near), fc.integer({ min: 1, max: 32 })).map(([ip, bits]) => `${ip}/${bits}`),
  fc.tuple(ipv6, fc.integer({ min: 1, max: 128 })).map(([ip, bits]) => `${ip}/${bits}`),
  fc.tuple(near, fc.constantFrom('255.0.0.0', '255.255.0.0', '255.255.255.128')).map(([ip, mask]) => `${ip}/${mask}`),
  fc.constantFrom('loopback', 'linklocal', 'uniquelocal'),
)

describe('compileTrust', () => {
  test('true trusts everybody, a number so many hops, a function says it itself', () => {
    expect(compileTrust(true)('8.8.8.8', 9)).toBe(true)
    expect([0, 1, 2].map((hop) => compileTrust(2)('8.8.8.8', hop))).toEqual([true, true, false])
    const own = () => true
    expect(compileTrust(own)).toBe(own)
  })

  test.each([[false], [undefined], [null], [[]], ['']])('%j trusts nobody', (value) => {
    if (value === '') expect(() => compileTrust(value)).toThrow('invalid IP address: ')
    else expect(compileTrust(value)('127.0.0.1', 0)).toBe(false)
  })

  test.each(['1', '0', '2130706433', '4294967295', '1/8', '4294967296', '1.5', '-1', '1e3'])(
    'a number alone, %s, is to it what it is to proxy-addr',
    (note) => {
      const outcome = (compile: () => (address: string, hop: number) => boolean) => {
        try {
          const trust = compile()
          return ['127.0.0.1', '0.0.0.1', '0.0.0.0', '255.255.255.255', '8.8.8.8'].map((each) => trust(each, 0))
        } catch (error) {
          return String(error)
        }
      }
      expect(outcome(() => compileTrust(note))).toEqual(outcome(() => proxyaddr.compile([note])))
    },
  )

  test('names, addresses and subnets, joined with commas', () => {
    const trust = compileTrust('loopback, 10.0.0.0/8 ,2001:db8::/32')
    const trusted = ['127.0.0.1', '::1', '10.1.2.3', '::ffff:10.1.2.3', '2001:db8:1::']
    for (const each of trusted) expect([each, trust(each, 0)]).toEqual([each, true])
    for (const each of ['8.8.8.8', 'fe80::1', 'nonsense', '', undefined]) expect(trust(each, 0)).toBe(false)
  })

  test.each([
    'constructor',
    '__proto__',
    ['hasOwnProperty'],
    ['loopback,linklocal'],
    ['10.0.0.1,10.0.0.2'],
    'a, b',
    '10.0.0.0/33',
    '10.0.0.0/a',
    'example.com',
    '1.2.3.4:80',
    { 0: 'loopback' },
  ])('%j is refused with the words of proxy-addr', (value) => {
    const list = typeof value === 'string' ? value.split(',').map((each) => each.trim()) : value
    const refusal = (compile: () => unknown) => {
      try {
        return compile()
      } catch (error) {
        return [(error as Error).name, (error as Error).message]
      }
    }
    expect(refusal(() => compileTrust(value))).toEqual(refusal(() => proxyaddr.compile(list as string[])))
  })

  test('any list answers as Express does', () => {
    fc.assert(
      fc.property(
        fc.array(subnet, { minLength: 1, maxLength: 4 }),
        fc.array(address, { minLength: 1, maxLength: 6 }),
        (list, asked) => {
          let theirs: (address: string, hop: number) => boolean
          try {
            theirs = proxyaddr.compile(list)
          } catch (error) {
            expect(() => compileTrust(list)).toThrow((error as Error).message)
            return
          }
          const ours = compileTrust(list)
          for (const [hop, each] of asked.entries())
            expect([list, each, ours(each, hop)]).toEqual([list, each, theirs(each, hop)])
        },
      ),
      { numRuns: 1000 },
    )
  })

  test.each([
    'nonsense',
    '1.2.3',
    '1.2.3.4.5',
    '1:2',
    '10.0.0.1/33',
    '10.0.0.1/0',
    '::1/129',
    '10.0.0.1/x',
    '10.0.0.1/255.0.255.0',
    '1.2.3.256',
  ])('%j is refused as Express refuses it', (note) => {
    const message = (compile: () => unknown) => {
      try {
        return `accepted ${compile()}`
      } catch (error) {
        return `${(error as Error).name}: ${(error as Error).message}`
      }
    }
    const express = message(() => proxyaddr.compile([note]) && 'it')
    expect(message(() => compileTrust(note) && 'it')).toBe(express)
  })

  test('notations that programs read in different ways are no addresses', () => {
    for (const odd of ['0x7f.0.0.1', '0177.0.0.1', '2130706433', '127.1'])
      expect(compileTrust('loopback')(odd, 0)).toBe(false)
  })
})
