import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HttpRequest, HttpResponse } from '../src/message/message.ts'
import type { Source } from '../src/message/source.ts'
import { alb } from '../src/sources/alb.ts'
import { detectSource } from '../src/sources/detect.ts'
import { httpApi } from '../src/sources/http-api.ts'
import { restApi } from '../src/sources/rest-api.ts'
import { vpcLattice } from '../src/sources/vpc-lattice.ts'
import { deepFreeze } from './event-fixtures.ts'

/** A request as a client sent it, and what each gateway makes of it, written from AWS's pages alone. */
interface Sent {
  readonly path: string
  readonly query: [name: string, value: string][]
  readonly headers: [name: string, value: string][]
  readonly body: Uint8Array
}

const odd = fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty')
const lowerOdd = fc.constantFrom('__proto__', 'constructor')
const token = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/) },
  { weight: 1, arbitrary: lowerOdd },
)
const fieldName = token.filter((name) => !/^(content-length|transfer-encoding|cookie|host)$/i.test(name))
const fieldValue = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/)
const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const pathText = fc.array(
  text.map((part) => encodeURIComponent(part)),
  { maxLength: 4 },
)

const sent: fc.Arbitrary<Sent> = fc.record({
  path: pathText.map((parts) => `/${parts.join('/')}`),
  query: fc.array(fc.tuple(fc.oneof(text, odd), text), { maxLength: 6 }),
  headers: fc.array(fc.tuple(fieldName, fieldValue), { maxLength: 8 }),
  body: fc.uint8Array({ maxLength: 60 }),
})

const grouped = (pairs: [string, string][]): Record<string, string[]> => {
  const groups: Record<string, string[]> = Object.create(null)
  for (const [name, value] of pairs) (groups[name] ??= []).push(value)
  return groups
}
const mapped = <T>(groups: Record<string, string[]>, to: (values: string[]) => T): Record<string, T> => {
  const record: Record<string, T> = Object.create(null)
  for (const name of Object.keys(groups)) record[name] = to(groups[name]!)
  return record
}
const last = (values: string[]): string => values.at(-1)!
const upper = (name: string): string => name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())
const encode = (pairs: [string, string][]): [string, string][] =>
  pairs.map(([name, value]) => [encodeURIComponent(name), encodeURIComponent(value)])

// Through JSON, as Lambda receives it: `__proto__` is an own member then.
const received = (event: object): unknown => deepFreeze(JSON.parse(JSON.stringify(event)))
const content = (body: Uint8Array): object => ({ body: Buffer.from(body).toString('base64'), isBase64Encoded: true })

const restEvent = ({ path, query, headers, body }: Sent, name = upper): unknown => {
  const fields = grouped(headers.map(([key, value]) => [name(key), value]))
  return received({
    resource: '/{proxy+}',
    httpMethod: 'POST',
    path,
    headers: mapped(fields, last),
    multiValueHeaders: fields,
    queryStringParameters: mapped(grouped(query), last),
    multiValueQueryStringParameters: grouped(query),
    requestContext: { stage: 'prod', path: `/prod${path}` },
    ...content(body),
  })
}

const albEvent = ({ path, query, headers, body }: Sent, multi: boolean): unknown => {
  const members = grouped(encode(query))
  const maps = multi
    ? { multiValueHeaders: grouped(headers), multiValueQueryStringParameters: members }
    : { headers: mapped(grouped(headers), last), queryStringParameters: mapped(members, last) }
  return received({ requestContext: { elb: {} }, httpMethod: 'POST', path, ...maps, ...content(body) })
}

const v2Event = ({ path, query, headers, body }: Sent, domainName: string, decode: (path: string) => string): unknown =>
  received({
    version: '2.0',
    routeKey: '$default',
    rawPath: decode(path),
    rawQueryString: encode(query)
      .map((pair) => pair.join('='))
      .join('&'),
    headers: mapped(grouped(headers), (values) => values.join(',')),
    requestContext: { stage: '$default', domainName, http: { method: 'POST', path: decode(path) } },
    ...content(body),
  })

const latticeEvent = ({ path, query, headers, body }: Sent): unknown =>
  received({
    version: '2.0',
    method: 'POST',
    path,
    headers: grouped(headers),
    queryStringParameters: grouped(query),
    requestContext: { serviceArn: 'arn' },
    ...content(body),
  })

const read = (event: unknown, name: string): HttpRequest => {
  const source = detectSource(event)
  expect(source?.name).toBe(name)
  expectFields(source!.decode(event), source!.decode(event).headers)
  return source!.decode(event)
}

/** Of a request whose headers nobody has read yet: each field is what the headers have. */
const expectFields = (request: HttpRequest, headers: HttpRequest['headers']): void => {
  for (const name of ['if-none-match', 'cookie', 'constructor', '__proto__', 'toString', ...Object.keys(headers)])
    expect(request.field!(name)).toEqual(headers[name])
}

const fieldsOf = ({ headers }: HttpRequest): Record<string, unknown> => {
  const { 'content-length': _length, ...rest } = headers
  return rest
}
const plain = (record: Record<string, unknown>): [string, unknown][] => Object.entries(record).toSorted()
const one = (values: string[]): unknown => (values.length === 1 ? values[0] : values)

/** The pairs of a query string by name, in the order of each name's values. */
const pairsOf = (query: string): [string, unknown][] =>
  plain(
    grouped(
      query === ''
        ? []
        : query.split('&').map((pair) => {
            const [name = '', value = ''] = pair.split('=')
            return [decodeURIComponent(name), decodeURIComponent(value)]
          }),
    ),
  )

const expectContent = (request: HttpRequest, { body }: Sent): void => {
  expect(request.method).toBe('POST')
  expect(request.body).toEqual(body.length === 0 ? undefined : Buffer.from(body))
  expect(request.headers['content-length']).toBe(String(body.length))
}

const check = (property: (request: Sent) => void): void => fc.assert(fc.property(sent, property), { numRuns: 150 })

describe('whatever a client sends comes out of the event again', () => {
  test('REST API', () =>
    check((request) => {
      const got = read(restEvent(request), 'rest-api')
      expectContent(got, request)
      expect(got.path).toBe(request.path)
      expect(pairsOf(got.query)).toEqual(plain(grouped(request.query)))
      expect(plain(fieldsOf(got))).toEqual(plain(mapped(grouped(request.headers), one)))
    }))

  test('REST API, from the single-value maps alone', () =>
    check((request) => {
      const {
        multiValueHeaders: _headers,
        multiValueQueryStringParameters: _query,
        ...event
      } = restEvent(request) as object & Record<string, unknown>
      const got = read(deepFreeze(event), 'rest-api')
      expect(pairsOf(got.query)).toEqual(plain(mapped(grouped(request.query), (values) => [last(values)])))
      expect(plain(fieldsOf(got))).toEqual(plain(mapped(grouped(request.headers), last)))
    }))

  test('ALB, multi-value', () =>
    check((request) => {
      const got = read(albEvent(request, true), 'alb')
      expectContent(got, request)
      expect(got.path).toBe(request.path)
      expect(pairsOf(got.query)).toEqual(plain(grouped(request.query)))
      expect(plain(fieldsOf(got))).toEqual(plain(mapped(grouped(request.headers), one)))
    }))

  test('ALB, one value each', () =>
    check((request) => {
      const got = read(albEvent(request, false), 'alb')
      expectContent(got, request)
      expect(pairsOf(got.query)).toEqual(plain(mapped(grouped(request.query), (values) => [last(values)])))
      expect(plain(fieldsOf(got))).toEqual(plain(mapped(grouped(request.headers), last)))
    }))

  test('function URL', () =>
    check((request) => {
      const got = read(v2Event(request, 'id.lambda-url.eu-west-1.on.aws', String), 'function-url')
      expectContent(got, request)
      expect(got.path).toBe(request.path)
      expect(got.query).toBe(
        encode(request.query)
          .map((pair) => pair.join('='))
          .join('&'),
      )
      expect(plain(fieldsOf(got))).toEqual(plain(mapped(grouped(request.headers), (values) => values.join(','))))
    }))

  test('HTTP API 2.0: the path too, but for an encoded slash and question mark', () =>
    check((request) => {
      const path = request.path.replaceAll(/%2F|%3F/g, '-')
      const event = v2Event({ ...request, path }, 'id.execute-api.eu-west-1.amazonaws.com', decodeURIComponent)
      const got = read(event, 'http-api')
      expectContent(got, request)
      expect(decodeURIComponent(got.path)).toBe(decodeURIComponent(path))
      expect(got.path).toMatch(/^(?:[\w\-.~!$&'()*+,;=:@/]|%[\dA-F]{2})*$/)
      expect(got.path.split('/')).toHaveLength(path.split('/').length)
    }))

  test('VPC Lattice', () =>
    check((request) => {
      const got = read(latticeEvent(request), 'vpc-lattice')
      expectContent(got, request)
      expect(got.path).toBe(request.path)
      expect(pairsOf(got.query)).toEqual(plain(grouped(request.query)))
      expect(plain(fieldsOf(got))).toEqual(plain(mapped(grouped(request.headers), one)))
    }))
})

interface Result {
  headers?: Record<string, string | string[]>
  multiValueHeaders?: Record<string, string[]>
  cookies?: string[]
  body: string
  isBase64Encoded: boolean
}

const cookies = fc.array(fieldValue, { maxLength: 5 })
const mediaType = fc.constantFrom(undefined, 'text/html', 'application/json', 'image/png', 'application/octet-stream')
const answers: fc.Arbitrary<HttpResponse & { body: string | Uint8Array }> = fc
  .record({
    headers: fc.array(
      fc.tuple(
        fieldName.filter((name) => !/^(connection|upgrade|te|trailer|content-.*|set-cookie)$/.test(name)),
        fieldValue,
      ),
    ),
    cookies,
    type: mediaType,
    encoding: fc.constantFrom(undefined, 'gzip', 'identity'),
    body: fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array()),
  })
  .map(({ headers, cookies, type, encoding, body }) => {
    const fields = mapped(grouped(headers), (values) => (values.length === 1 ? values[0]! : values))
    if (cookies.length > 0) fields['set-cookie'] = cookies
    if (type !== undefined) fields['content-type'] = type
    if (encoding !== undefined) fields['content-encoding'] = encoding
    return { status: 200, headers: fields, body }
  })

/** What the client gets by AWS's merge rule: the multi-value map first, then what the other adds. */
function delivered({ headers = {}, multiValueHeaders = {}, cookies = [] }: Result): [string, string][] {
  const lines: [string, string][] = []
  for (const fields of [multiValueHeaders, headers]) {
    for (const [name, value] of Object.entries(fields))
      for (const item of [value].flat()) lines.push([name.toLowerCase(), item])
  }
  for (const cookie of cookies) lines.push(['set-cookie', cookie])
  return lines
}

describe('whatever an application answers reaches the client', () => {
  const ways: [string, Source, unknown, joins: boolean][] = [
    ['REST API', restApi, {}, false],
    ['HTTP API 2.0', httpApi, {}, true],
    ['ALB, multi-value', alb, { multiValueHeaders: {} }, false],
    ['ALB, one value each', alb, { headers: {} }, true],
    ['VPC Lattice', vpcLattice, {}, true],
  ]
  test.each(ways)('%s', (_name, source, event, joins) => {
    fc.assert(
      fc.property(answers, (answer) => {
        const result = JSON.parse(JSON.stringify(source.encode(answer, event))) as Result
        const bytes = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8')
        expect(bytes).toEqual(Buffer.from(answer.body as string))
        const expected = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] => {
          const values = [value].flat()
          return joins && name !== 'set-cookie' ? [[name, values.join(', ')]] : values.map((item) => [name, item])
        })
        expect(delivered(result).toSorted()).toEqual(expected.toSorted())
      }),
      { numRuns: 150 },
    )
  })
})
