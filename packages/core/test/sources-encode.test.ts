import { afterEach, describe, expect, test, vi } from 'vitest'
import type { BufferedResponse, Source } from '../src/message/source.ts'
import { alb } from '../src/sources/alb.ts'
import { functionUrl } from '../src/sources/function-url.ts'
import { httpApi, httpApiV1 } from '../src/sources/http-api.ts'
import { restApi } from '../src/sources/rest-api.ts'
import { vpcLattice, vpcLatticeV1 } from '../src/sources/vpc-lattice.ts'
import { deepFreeze } from './event-fixtures.ts'

const single = deepFreeze({ headers: {} })
const multi = deepFreeze({ multiValueHeaders: {} })

const ways: [name: string, source: Source, event: unknown][] = [
  ['REST API', restApi, single],
  ['HTTP API 1.0', httpApiV1, single],
  ['HTTP API 2.0', httpApi, single],
  ['function URL', functionUrl, single],
  ['ALB', alb, single],
  ['ALB, multi-value', alb, multi],
  ['VPC Lattice', vpcLattice, single],
  ['VPC Lattice 1', vpcLatticeV1, single],
]

const response = (headers: Record<string, unknown> = {}, body?: string | Uint8Array, status = 200): BufferedResponse =>
  deepFreezeShallow({ status, headers: Object.assign(Object.create(null), headers), body })

function deepFreezeShallow(value: BufferedResponse): BufferedResponse {
  Object.freeze(value.headers)
  return Object.freeze(value)
}

// biome-ignore lint/suspicious/noExplicitAny: seven shapes of result, looked at member by member
const encode = (source: Source, answer: BufferedResponse, event: unknown = single): any => {
  const result = source.encode(answer, event)
  expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  return result
}

afterEach(() => vi.restoreAllMocks())

describe.each(ways)('%s', (_name, source, event) => {
  const values = (answer: BufferedResponse): Record<string, unknown> => {
    const result = encode(source, answer, event)
    return { ...result.headers, ...result.multiValueHeaders }
  }

  test('has a status, a text body and a flag, always', () => {
    expect(encode(source, response({}, undefined, 204), event)).toMatchObject({
      statusCode: 204,
      body: '',
      isBase64Encoded: false,
    })
    expect(encode(source, response({}, 'é'), event)).toMatchObject({
      statusCode: 200,
      body: 'é',
      isBase64Encoded: false,
    })
  })

  test('never names a member that its gateway does not know', () => {
    const known = {
      'rest-api': ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'],
      'http-api': ['statusCode', 'headers', 'multiValueHeaders', 'cookies', 'body', 'isBase64Encoded'],
      'function-url': ['statusCode', 'headers', 'cookies', 'body', 'isBase64Encoded'],
      alb: ['statusCode', 'statusDescription', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'],
      'vpc-lattice': ['statusCode', 'statusDescription', 'headers', 'body', 'isBase64Encoded'],
    }[source.name]
    const result = encode(source, response({ a: ['1', '2'], 'set-cookie': ['a=1', 'b=2'] }, 'x'), event)
    for (const member of Object.keys(result)) expect(known).toContain(member)
  })

  test('drops what belongs to a connection, and the length (users of every adapter: serverless-express#10)', () => {
    const dropped = 'connection keep-alive proxy-connection transfer-encoding upgrade te trailer content-length'
    const answer = response({ ...Object.fromEntries(dropped.split(' ').map((name) => [name, 'x'])), kept: '1' })
    expect(Object.keys(values(answer))).toEqual(['kept'])
  })

  test.each(['a\r\nset-cookie: b=1', 'a\nb', 'a\rb', 'a\0b'])('refuses the value %j', (value) => {
    for (const field of [value, ['ok', value]]) {
      expect(() => encode(source, response({ 'x-name': field }), event)).toThrow(
        new TypeError('The value of the response header "x-name" has a line break or a NUL'),
      )
    }
    expect(() => encode(source, response({ 'set-cookie': value }), event)).toThrow(TypeError)
  })

  test('passes characters beyond Latin-1: the result is JSON (hono#4437)', () => {
    expect([values(response({ 'x-name': 'café 日本' }))['x-name']].flat()).toEqual(['café 日本'])
  })

  test('writes a value that is no string as one', () => {
    const got = values(response({ n: 5, b: true }))
    expect([got.n, got.b].flat()).toEqual(['5', 'true'])
  })

  test('keeps names of Object, and no field of an empty list', () => {
    const headers = JSON.parse('{"__proto__":"p","constructor":"c","none":[]}') as Record<string, unknown>
    const answer: BufferedResponse = { status: 200, headers: Object.assign(Object.create(null), headers) }
    const result = encode(source, answer, event)
    const fields = result.multiValueHeaders ?? result.headers
    expect(Object.entries(fields).map(([name, value]) => [name, String(value)])).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ])
  })

  describe('decides between text and base64', () => {
    const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list)
    const carry = (headers: Record<string, string>, body: string | Uint8Array): [string, boolean] => {
      const result = encode(source, response(headers, body), event)
      return [result.body, result.isBase64Encoded]
    }
    const type = (value: string): Record<string, string> => ({ 'content-type': value })

    test('text is text whatever its type', () => {
      expect(carry(type('image/png'), 'é')).toEqual(['é', false])
    })

    test.each([
      'text/html',
      'text/css; charset=utf-8',
      'application/json',
      'Application/JSON; charset=utf-8',
      'application/problem+json',
      'application/xml',
      'application/atom+xml',
      'application/javascript',
      'application/x-www-form-urlencoded',
      'application/graphql',
      'image/svg+xml',
    ])('bytes of %s are text where they are UTF-8, so REST needs no binary media types', (mediaType) => {
      expect(carry(type(mediaType), Buffer.from('{"é":1}'))).toEqual(['{"é":1}', false])
      expect(carry(type(mediaType), bytes(0xff, 0xfe, 0x41))).toEqual(['//5B', true])
    })

    test('bytes without a type likewise', () => {
      expect(carry({}, Buffer.from('é'))).toEqual(['é', false])
      expect(carry({}, bytes(0xe9))).toEqual(['6Q==', true])
    })

    test.each([
      'image/png',
      'application/octet-stream',
      'application/pdf',
      'application/zip',
      'font/woff2',
      'textual/x',
    ])('bytes of %s are base64, also where they happen to be UTF-8', (mediaType) =>
      expect(carry(type(mediaType), Buffer.from('abc'))).toEqual(['YWJj', true]),
    )

    test('a byte-order mark stays', () => {
      const body = bytes(0xef, 0xbb, 0xbf, 0x41)
      const [text, base64] = carry(type('text/csv'), body)
      expect([Buffer.from(text), base64]).toEqual([Buffer.from(body), false])
    })

    test('whatever is encoded is base64 (hono#4670, #5003)', () => {
      for (const encoding of ['gzip', 'br', 'zstd', 'GZIP', 'identity, gzip']) {
        expect(carry({ 'content-encoding': encoding, ...type('text/html') }, 'é')).toEqual(['w6k=', true])
        expect(carry({ 'content-encoding': encoding }, Buffer.from('abc'))).toEqual(['YWJj', true])
      }
      expect(carry({ 'content-encoding': 'identity' }, 'é')).toEqual(['é', false])
      expect(carry({ 'content-encoding': '' }, 'é')).toEqual(['é', false])
    })

    test('nothing is not base64', () => {
      expect(carry(type('image/png'), bytes())).toEqual(['', false])
      expect(carry({ 'content-encoding': 'gzip' }, '')).toEqual(['', false])
    })

    test('a part of a larger buffer is that part', () => {
      const whole = Buffer.from('xxabcxx')
      expect(carry(type('image/png'), new Uint8Array(whole.buffer, whole.byteOffset + 2, 3))).toEqual(['YWJj', true])
    })
  })
})

describe.each([
  ['REST API', restApi],
  ['HTTP API 1.0', httpApiV1],
] as const)('%s', (_name, source) => {
  test('a name stands in one map only: API Gateway would merge them (LocalStack recording)', () => {
    const answer = response({ one: 'a', single: ['b'], several: ['c', 'd'], 'set-cookie': ['x=1', 'y=2'] })
    expect(encode(source, answer)).toEqual({
      statusCode: 200,
      headers: { one: 'a', single: 'b' },
      multiValueHeaders: { several: ['c', 'd'], 'set-cookie': ['x=1', 'y=2'] },
      body: '',
      isBase64Encoded: false,
    })
  })

  test('multiValueHeaders is left out where it would be empty', () => {
    expect(encode(source, response({ a: '1' }))).not.toHaveProperty('multiValueHeaders')
  })
})

describe.each([
  ['HTTP API 2.0', httpApi],
  ['function URL', functionUrl],
] as const)('%s', (_name, source) => {
  test('cookies have a list, other repeated fields are joined', () => {
    const answer = response({ vary: ['a', 'b'], 'set-cookie': ['x=1; Expires=Thu, 01 Jan 1970', 'y=2'] })
    expect(encode(source, answer)).toEqual({
      statusCode: 200,
      headers: { vary: 'a, b' },
      cookies: ['x=1; Expires=Thu, 01 Jan 1970', 'y=2'],
      body: '',
      isBase64Encoded: false,
    })
    expect(encode(source, response({ 'set-cookie': 'x=1' })).cookies).toEqual(['x=1'])
  })

  test('the list is left out where there is none', () => {
    expect(encode(source, response({ a: '1' }))).not.toHaveProperty('cookies')
    expect(encode(source, response({ 'set-cookie': [] }))).not.toHaveProperty('cookies')
  })
})

describe('ALB', () => {
  test('answers in the mode of the request (serverless-express#554)', () => {
    const answer = response({ a: '1', b: ['2', '3'] })
    const inOne = encode(alb, answer, single)
    expect(inOne.headers).toEqual({ a: '1', b: '2, 3' })
    expect(inOne).not.toHaveProperty('multiValueHeaders')
    const inMany = encode(alb, answer, multi)
    expect(inMany.multiValueHeaders).toEqual({ a: ['1'], b: ['2', '3'] })
    expect(inMany).not.toHaveProperty('headers')
  })

  test('carries several cookies in one-value mode by spelling the name differently', () => {
    const cookies = Array.from({ length: 512 }, (_, i) => `c${i}=1`)
    const { headers } = encode(alb, response({ 'set-cookie': cookies }))
    expect(Object.values(headers)).toEqual(cookies)
    expect(new Set(Object.keys(headers).map((name) => name.toLowerCase()))).toEqual(new Set(['set-cookie']))
    expect(encode(alb, response({ 'set-cookie': ['a=1'] })).headers).toEqual({ 'set-cookie': 'a=1' })
    expect(encode(alb, response({ 'set-cookie': ['a=1', 'b=2', 'c=3'] })).headers).toEqual({
      'set-cookie': 'a=1',
      'Set-cookie': 'b=2',
      'sEt-cookie': 'c=3',
    })
  })

  test('warns once of cookies beyond the spellings', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const cookies = Array.from({ length: 513 }, (_, i) => `c${i}=1`)
    for (const _time of [1, 2])
      expect(Object.keys(encode(alb, response({ 'set-cookie': cookies })).headers)).toHaveLength(512)
    expect(warn.mock.calls).toEqual([
      ['expressway: An ALB without multi-value headers takes 512 cookies; some were dropped'],
    ])
  })

  test.each([
    [200, undefined, '200 OK'],
    [404, undefined, '404 Not Found'],
    [413, undefined, '413 Content Too Large'],
    [422, undefined, '422 Unprocessable Content'],
    [418, undefined, undefined],
    [422, 'Nope', '422 Nope'],
    [299, undefined, undefined],
    [20, undefined, undefined],
  ])('statusDescription of %d %s is %s', (status, statusText, statusDescription) => {
    for (const source of [alb, vpcLattice]) {
      const result = encode(source, { status, statusText, headers: {} })
      expect(result.statusDescription).toBe(statusDescription)
      expect('statusDescription' in result).toBe(statusDescription !== undefined)
    }
  })

  test('a phrase cannot forge a header', () => {
    expect(() => alb.encode({ status: 200, statusText: 'OK\r\nx: y', headers: {} }, multi as never)).toThrow(TypeError)
  })
})

describe('VPC Lattice', () => {
  test('several cookies are a list, other repeated fields are joined (hono 7ae7cbae)', () => {
    expect(encode(vpcLattice, response({ 'set-cookie': ['a=1', 'b=2'], vary: ['a', 'b'] })).headers).toEqual({
      'set-cookie': ['a=1', 'b=2'],
      vary: 'a, b',
    })
    expect(encode(vpcLatticeV1, response({ 'set-cookie': ['a=1'] })).headers).toEqual({ 'set-cookie': 'a=1' })
  })
})

describe('WWW-Authenticate is renamed on the way (serverless-offline#236), which is said once', () => {
  test.each([
    ['API Gateway', restApi],
    ['A function URL', functionUrl],
  ] as const)('%s', (name, source) => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    for (const _time of [1, 2]) {
      expect(encode(source, response({ 'www-authenticate': 'Basic' })).headers['www-authenticate']).toBe('Basic')
    }
    expect(warn).toHaveBeenCalledOnce()
    expect(warn.mock.calls[0]![0]).toMatch(new RegExp(`^expressway: ${name} renames www-authenticate`))
  })
})
