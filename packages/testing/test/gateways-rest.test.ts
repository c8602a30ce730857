import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answer, chunksOf, failure, lines, settle, text, timeout, value } from './gateways-support.ts'

const rest = (result: unknown, request = {}, options = {}) => answer('rest-api', result, request, options)
const refused = { status: 502, body: Buffer.from('{"message": "Internal server error"}') }

interface Recording {
  content: unknown
  headers?: Record<string, string>
}
const recordings: Record<string, Recording> = JSON.parse(
  readFileSync(
    new URL(
      '../fixtures/events/rest-v1/responses/recorded-outcomes-of-odd-return-values-localstack.json',
      import.meta.url,
    ),
    'utf8',
  ),
)

describe('REST API: what AWS was recorded to make of odd results', () => {
  const cases: [key: string, result: unknown, status: number][] = [
    ['invoke-api-no-body', { statusCode: 200 }, 200],
    ['invoke-api-with-headers', { statusCode: 200, headers: { 'test-header': 'value', 'header-bool': true } }, 200],
    ['invoke-api-with-headers-null', { statusCode: 200, headers: null }, 200],
    ['invoke-api-wrong-format', { statusCode: 200, wrongValue: 'value' }, 502],
    // The recorded function had failed on the request's missing body.
    ['invoke-api-empty-response', null, 502],
    ['invoke-api-b64-encoded-true', { statusCode: 200, body: 'dGVzdC1kYXRh', isBase64Encoded: true }, 200],
    ['invoke-api-b64-encoded-false', { statusCode: 200, body: 'dGVzdC1kYXRh' }, 200],
    [
      'invoke-api-multi-headers-valid',
      { statusCode: 200, multiValueHeaders: { 'test-multi': ['value1', 'value2'] } },
      200,
    ],
    [
      'invoke-api-multi-headers-overwrite',
      {
        statusCode: 200,
        multiValueHeaders: { 'test-multi': ['value-multi'] },
        headers: { 'test-multi': 'value-solo' },
      },
      200,
    ],
    [
      'invoke-api-multi-headers-overwrite-casing',
      {
        statusCode: 200,
        multiValueHeaders: { 'tesT-Multi': ['value-multi'] },
        headers: { 'test-multi': 'value-solo' },
      },
      200,
    ],
    [
      'invoke-api-multi-headers-invalid',
      { statusCode: 200, multiValueHeaders: { 'test-multi-invalid': 'value1' } },
      502,
    ],
    ['invoke-api-invalid-status-code', { statusCode: 'test' }, 502],
    ['invoke-api-status-code-str', { statusCode: '201' }, 201],
    ['invoke-api-just-string', 'justAString', 502],
    ['invoke-api-only-headers', { headers: { 'test-header': 'value' } }, 200],
  ]
  // What the connection, CloudFront and the date add.
  const ofTheConnection = /^(connection|date|via|x-amz-cf-.*|x-amzn-trace-id|x-cache|x-amz-apigw-id|x-amzn-requestid)$/i

  it.each(cases)('%s', (key, result, status) => {
    const { content, headers } = recordings[key]!
    const response = rest(result)
    expect(response.status).toBe(status)
    // The recordings have JSON as values, so they do not show its spaces.
    expect(typeof content === 'string' ? text(response) : JSON.parse(text(response))).toEqual(content)
    if (headers !== undefined) {
      const joined: Record<string, string> = {}
      for (const [name, each] of response.headers) joined[name] = name in joined ? `${joined[name]}, ${each}` : each
      const spelled = Object.fromEntries(Object.entries(joined).map(([name, each]) => [canonical(name), each]))
      expect(spelled).toEqual(
        Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheConnection.test(name))),
      )
    }
  })

  const canonical = (name: string): string => (name === 'content-length' ? 'Content-Length' : name)

  it('uses every recording', () => {
    expect(cases.map(([key]) => key).sort()).toEqual(Object.keys(recordings).sort())
  })
})

describe('REST API: results', () => {
  it('takes a missing status for 200, and says so', () => {
    expect(rest({})).toMatchObject({ status: 200, warnings: [expect.stringContaining('no statusCode')] })
  })

  it('refuses cookies, and says where they belong', () => {
    const response = rest({ statusCode: 200, cookies: ['a=1'] })
    expect(response).toMatchObject(refused)
    expect(response.warnings).toEqual([expect.stringContaining('multiValueHeaders["set-cookie"]')])
  })

  it.each([
    ['a statusDescription', { statusCode: 200, statusDescription: '200 OK' }],
    ['an array', []],
    ['a number', 5],
    ['a body that is an object', { statusCode: 200, body: { a: 1 } }],
    ['a number among the header values', { statusCode: 200, headers: { a: 1 } }],
    ['a list among the header values', { statusCode: 200, headers: { a: ['1'] } }],
    ['headers that are a list', { statusCode: 200, headers: ['a'] }],
    ['a status out of range', { statusCode: 99 }],
    ['a broken status', { statusCode: 200.5 }],
  ])('refuses %s with a sentence', (_what, result) => {
    const response = rest(result)
    expect(response).toMatchObject(refused)
    expect(response.warnings).toHaveLength(1)
  })

  it('shows one exact pair of both maps once', () => {
    const response = rest({ statusCode: 200, headers: { a: '1' }, multiValueHeaders: { A: ['1', '2'] } })
    expect(lines(response, 'a')).toEqual([
      ['A', '1'],
      ['A', '2'],
    ])
  })

  it('sends each cookie in a line of its own', () => {
    const response = rest({ statusCode: 200, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] } })
    expect(lines(response, 'set-cookie').map(([, cookie]) => cookie)).toEqual(['a=1', 'b=2'])
  })

  it.each(['Connection', 'Date', 'Server', 'WWW-Authenticate', 'x-amzn-RequestId', 'Content-Length'])(
    'keeps %s under another name',
    (name) => {
      const response = rest({ statusCode: 200, headers: { [name]: '0' } })
      expect(value(response, `x-amzn-Remapped-${name}`)).toBe('0')
      expect(lines(response, name)).toEqual(name === 'Content-Length' ? [['content-length', '0']] : [])
    },
  )

  it('drops Transfer-Encoding', () => {
    expect(lines(rest({ statusCode: 200, headers: { 'Transfer-Encoding': 'chunked' } }), 'transfer-encoding')).toEqual(
      [],
    )
  })

  it('refuses header values of more than 10,240 bytes together', () => {
    expect(rest({ statusCode: 200, headers: { a: 'x'.repeat(10_240) } }).status).toBe(200)
    expect(rest({ statusCode: 200, headers: { a: 'x'.repeat(10_241) } })).toMatchObject(refused)
  })

  it('counts bytes for the length, and sends no body to HEAD, 204 and 304', () => {
    expect(value(rest({ statusCode: 200, body: 'é' }), 'content-length')).toBe('2')
    const head = rest({ statusCode: 200, body: 'abc' }, { method: 'HEAD' })
    expect([head.body.length, value(head, 'content-length')]).toEqual([0, '3'])
    const empty = rest({ statusCode: 204, body: 'abc' })
    expect([empty.body.length, value(empty, 'content-length')]).toEqual([0, undefined])
    expect(rest({ statusCode: 304, body: 'abc' }).body).toHaveLength(0)
  })

  it('warns of a length that is wrong', () => {
    expect(rest({ statusCode: 200, headers: { 'content-length': '1' }, body: 'x' }).warnings).toEqual([])
    const { warnings } = answer('http-api', { statusCode: 200, headers: { 'content-length': '9' }, body: 'x' })
    expect(warnings).toEqual([expect.stringContaining('content-length 9 is ignored')])
  })
})

describe('REST API: base64', () => {
  const binary = { statusCode: 200, headers: { 'content-type': 'image/png' }, body: 'AP/+', isBase64Encoded: true }
  const bytes = Buffer.from([0, 255, 254])

  it.each([
    ['image/png', ['image/png'], true],
    ['image/webp,image/png', ['image/webp'], true],
    ['image/webp,image/png', ['image/png'], false],
    ['image/*', ['image/png'], false],
    ['image/png', ['image/*'], true],
    ['image/png', ['*/png'], false],
    ['application/pdf', ['application/*'], true],
    ['*/*', ['image/png'], false],
    ['*/*', ['*/*'], true],
    ['image/png;q=0.8', ['image/png'], true],
    [undefined, ['image/png'], false],
    ['image/png', [], false],
  ])('Accept %s with binary media types %j decodes: %s', (accept, binaryMediaTypes, decoded) => {
    const response = rest(binary, { headers: { accept } }, { binaryMediaTypes })
    expect(Buffer.from(response.body)).toEqual(decoded ? bytes : Buffer.from('AP/+'))
    expect(response.warnings).toHaveLength(decoded ? 0 : 1)
  })

  it('answers wrong base64 with 500', () => {
    const response = rest({ ...binary, body: '%%%' }, { headers: { accept: 'a/b' } }, { binaryMediaTypes: ['*/*'] })
    expect([response.status, text(response)]).toEqual([500, '{"message":"Internal server error"}'])
  })

  it('lets base64Encoded win', () => {
    const result = { statusCode: 200, body: 'AP/+', isBase64Encoded: false, base64Encoded: true }
    expect(rest(result, { headers: { accept: 'a/b' } }, { binaryMediaTypes: ['*/*'] }).body).toEqual(bytes)
  })
})

describe('REST API: no result', () => {
  it('answers 502 for a failed function and for one that Lambda stopped, 504 where it stopped waiting itself', () => {
    expect(settle('rest-api', failure)).toMatchObject({ ...refused, warnings: [expect.stringContaining('broken')] })
    expect(settle('rest-api', timeout('function'))).toMatchObject(refused)
    const late = settle('rest-api', timeout('gateway'))
    expect([late.status, text(late)]).toEqual([504, '{"message":"Endpoint request timed out"}'])
  })
})

describe('REST API: streaming', () => {
  const stream = (prelude: string | undefined) =>
    settle(
      'rest-api',
      {
        kind: 'stream',
        contentType: 'application/vnd.awslambda.http-integration-response',
        prelude,
        chunks: chunksOf('x'),
      },
      { responseTransferMode: 'STREAM' },
    )

  it('takes status, both kinds of headers and cookies from the metadata, and renames as always', () => {
    const response = stream(
      JSON.stringify({
        statusCode: 201,
        headers: { a: 'b', Date: 'd' },
        multiValueHeaders: { m: ['1', '2'] },
        cookies: ['c=1'],
      }),
    )
    expect(response).toMatchObject({ status: 201, body: new Uint8Array() })
    expect(response.headers).toEqual([
      ['a', 'b'],
      ['x-amzn-Remapped-Date', 'd'],
      ['m', '1'],
      ['m', '2'],
      ['set-cookie', 'c=1'],
      ['Content-Type', 'application/json'],
    ])
    expect(response.stream).toBeDefined()
  })

  it('takes a missing status for 200', () => {
    expect(stream('{}').status).toBe(200)
  })

  it.each([
    ['no metadata', undefined],
    ['metadata that is not JSON', '{'],
    ['metadata that is no object', '[]'],
    ['a status that is none', '{"statusCode":"x"}'],
    ['cookies that are no list', '{"cookies":"a=1"}'],
    ['a header that is an object', '{"headers":{"a":{}}}'],
  ])('answers 502 for %s', (_what, prelude) => {
    const response = stream(prelude)
    expect(response).toMatchObject(refused)
    expect(response.stream).toBeUndefined()
    expect(response.warnings).toHaveLength(1)
  })

  it('warns of metadata that is not read', () => {
    expect(stream('{"isBase64Encoded":true}').warnings).toEqual([
      expect.stringContaining('"isBase64Encoded" is ignored'),
    ])
  })

  it('answers 502 for a function that returns a result, and for one that fails', () => {
    const streaming = { responseTransferMode: 'STREAM' as const }
    expect(settle('rest-api', { kind: 'result', result: { statusCode: 200 } }, streaming)).toMatchObject(refused)
    expect(settle('rest-api', failure, streaming)).toMatchObject(refused)
  })
})
