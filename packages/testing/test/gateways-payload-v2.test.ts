import { describe, expect, it } from 'vitest'
import type { GatewayName } from '../src/gateway.ts'
import { answer, chunksOf, failure, lines, settle, text, timeout, value } from './gateways-support.ts'

const both = ['http-api', 'function-url'] as const

describe.each(both)('%s: payload 2.0', (name) => {
  const read = (result: unknown, request = {}, options = {}) => answer(name, result, request, options)
  const failed = name === 'http-api' ? 500 : 502

  it.each([
    ['hello', 'hello'],
    [5, '5'],
    [[1], '[1]'],
    [{ a: 1 }, '{"a":1}'],
    [null, 'null'],
    [true, 'true'],
  ])('infers a JSON answer from %j', (result, body) => {
    const response = read(result)
    expect([response.status, text(response), value(response, 'content-type')]).toEqual([200, body, 'application/json'])
    expect(response.warnings).toEqual([])
  })

  it('sends the whole of an answer without statusCode, and says so', () => {
    const response = read({ headers: { a: 'b' }, body: 'x' })
    expect([response.status, text(response)]).toEqual([200, '{"headers":{"a":"b"},"body":"x"}'])
    expect(response.warnings).toEqual([expect.stringContaining('no statusCode')])
  })

  it('takes a string of digits for a status', () => {
    expect(read({ statusCode: '418' }).status).toBe(418)
  })

  it('adds a content type, and keeps one', () => {
    const type = name === 'http-api' ? 'text/plain; charset=utf-8' : 'application/json'
    expect(value(read({ statusCode: 200, body: 'x' }), 'content-type')).toBe(type)
    expect(value(read({ statusCode: 200, headers: { 'Content-Type': 'a/b' } }), 'content-type')).toBe('a/b')
  })

  it('makes a line of each cookie, those of the array first', () => {
    const response = read({ statusCode: 200, headers: { 'Set-Cookie': 'c=3' }, cookies: ['a=1; Path=/', 'b=2'] })
    expect(lines(response, 'set-cookie').map(([, cookie]) => cookie)).toEqual(['a=1; Path=/', 'b=2', 'c=3'])
  })

  it('warns of cookies in one header, but not of the comma in a date', () => {
    const cookie = (header: string) => read({ statusCode: 200, headers: { 'set-cookie': header } }).warnings
    expect(cookie('a=1, b=2')).toEqual([expect.stringContaining('cookies array')])
    expect(cookie('a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT')).toEqual([])
  })

  it('ignores multiValueHeaders, and warns of what only they have', () => {
    const response = read({ statusCode: 200, headers: { a: '1, 2' }, multiValueHeaders: { A: ['1', '2'] } })
    expect(response.warnings).toEqual([])
    const lost = read({ statusCode: 200, multiValueHeaders: { b: ['1'] } })
    expect(lines(lost, 'b')).toEqual([])
    expect(lost.warnings).toEqual([expect.stringContaining('multiValueHeaders is ignored (b)')])
  })

  it('ignores unknown keys', () => {
    expect(read({ statusCode: 200, statusDescription: 'x', other: 1 })).toMatchObject({ status: 200, warnings: [] })
  })

  it('decodes base64 whatever the request accepts', () => {
    expect(read({ statusCode: 200, body: 'AP/+', isBase64Encoded: true }).body).toEqual(Buffer.from([0, 255, 254]))
  })

  it('writes numbers and booleans among the header values as text', () => {
    expect(value(read({ statusCode: 200, headers: { a: 5, b: true } }), 'a')).toBe('5')
  })

  it.each([
    ['a body that is an object', { statusCode: 200, body: {} }],
    ['a status that is none', { statusCode: 'x' }],
    ['a list among the header values', { statusCode: 200, headers: { a: ['1'] } }],
    ['cookies that are text', { statusCode: 200, cookies: 'a=1' }],
    ['wrong base64', { statusCode: 200, body: '%', isBase64Encoded: true }],
    ['too many header bytes', { statusCode: 200, headers: { a: 'x'.repeat(10_241) } }],
  ])('refuses %s with a sentence', (_what, result) => {
    const response = read(result)
    expect(response.status).toBe(failed)
    expect(response.warnings).toHaveLength(1)
  })

  it('drops what is between two hops', () => {
    const headers = { Connection: 'close', 'Keep-Alive': '1', 'Transfer-Encoding': 'chunked', Upgrade: 'h2c' }
    expect(read({ statusCode: 200, headers }).headers.map(([field]) => field)).toEqual([
      'content-type',
      'content-length',
    ])
  })

  it('has CORS of its own: an HTTP API replaces the function’s headers, a function URL adds to them', () => {
    const result = { statusCode: 200, headers: { 'Access-Control-Allow-Origin': 'https://other', a: 'b' } }
    const request = { headers: { origin: 'https://app' } }
    const response = read(result, request, { cors: { allowOrigins: ['https://app'], allowCredentials: true } })
    expect(lines(response, 'access-control-allow-origin').map(([, each]) => each)).toEqual(
      name === 'http-api' ? ['https://app'] : ['https://other', 'https://app'],
    )
    expect(value(response, 'access-control-allow-credentials')).toBe('true')
    expect(response.warnings).toEqual([expect.stringContaining('CORS')])
    expect(value(read(result, request), 'access-control-allow-origin')).toBe('https://other')
  })
})

describe('HTTP API', () => {
  it('writes header names in lower case', () => {
    expect(lines(answer('http-api', { statusCode: 200, headers: { 'X-A': '1' } }), 'x-a')).toEqual([['x-a', '1']])
  })

  it.each<GatewayName>(['http-api', 'http-api-v1'])(
    '%s answers 500 for a failure and 503 where it stops waiting',
    (name) => {
      const response = settle(name, failure)
      expect([response.status, text(response)]).toEqual([500, '{"message":"Internal Server Error"}'])
      expect(settle(name, timeout('function')).status).toBe(500)
      const late = settle(name, timeout('gateway'))
      expect([late.status, text(late)]).toEqual([503, '{"message":"Service Unavailable"}'])
    },
  )

  it('waits 30 seconds at most', async () => {
    const { gateway } = await import('../src/gateway.ts')
    expect(gateway('http-api').timeoutMs({ timeoutMs: 60_000 })).toBe(30_000)
    expect(gateway('http-api').timeoutMs({ timeoutMs: 100 })).toBe(100)
    expect(gateway('rest-api').timeoutMs()).toBe(29_000)
  })

  it('does not stream, and says so', () => {
    const response = settle('http-api', { kind: 'payload', payload: Buffer.from('{}\0\0\0\0\0\0\0\0x') })
    expect(response).toMatchObject({ status: 500, warnings: [expect.stringContaining('turn streaming on')] })
  })
})

describe('HTTP API, payload 1.0', () => {
  const read = (result: unknown, options = {}) => answer('http-api-v1', result, {}, options)

  it('reads both maps, and ignores other keys', () => {
    const result = {
      statusCode: 200,
      headers: { A: '1' },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
      other: 1,
    }
    const response = read(result)
    expect(response.headers).toEqual([
      ['a', '1'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['content-type', 'text/plain; charset=utf-8'],
      ['content-length', '0'],
    ])
  })

  it('infers nothing', () => {
    expect(read({ a: 1 })).toMatchObject({ status: 500, warnings: [expect.stringContaining('no statusCode')] })
    expect(read('hello').status).toBe(500)
    expect(read({ statusCode: 200, headers: { a: {} } }).status).toBe(500)
  })

  it('warns of cookies, which are of payload 2.0', () => {
    expect(read({ statusCode: 200, cookies: ['a=1'] }).warnings).toEqual([
      expect.stringContaining('cookies is ignored'),
    ])
  })

  it('decodes base64 always', () => {
    expect(read({ statusCode: 200, body: 'AP/+', isBase64Encoded: true }).body).toEqual(Buffer.from([0, 255, 254]))
  })
})

describe('function URL', () => {
  const streaming = { invokeMode: 'RESPONSE_STREAM' as const }
  const integration = 'application/vnd.awslambda.http-integration-response'
  const stream = (prelude: string | undefined, contentType = integration) =>
    settle('function-url', { kind: 'stream', contentType, prelude, chunks: chunksOf('x') }, streaming)

  it('answers 502 with text for a failure and a function that was stopped', () => {
    const response = settle('function-url', failure)
    expect([response.status, text(response)]).toEqual([502, 'Internal Server Error'])
    expect(settle('function-url', timeout('function')).status).toBe(502)
    expect(settle('function-url', timeout('gateway')).status).toBe(504)
  })

  it('keeps WWW-Authenticate and Date under another name', () => {
    const headers = { 'WWW-Authenticate': 'Basic', date: 'd', 'X-A': '1' }
    expect(answer('function-url', { statusCode: 401, headers }).headers.slice(0, 3)).toEqual([
      ['x-amzn-Remapped-WWW-Authenticate', 'Basic'],
      ['x-amzn-Remapped-date', 'd'],
      ['X-A', '1'],
    ])
  })

  it('streams what comes after the metadata', () => {
    const response = stream('{"statusCode":201,"headers":{"a":"b","content-length":"1"},"cookies":["c=1"]}')
    expect(response).toMatchObject({ status: 201, statusText: 'Created', warnings: [] })
    expect(response.headers).toEqual([
      ['a', 'b'],
      ['x-amzn-Remapped-content-length', '1'],
      ['set-cookie', 'c=1'],
      ['content-type', 'application/octet-stream'],
    ])
    expect(response.stream).toBeDefined()
  })

  it('streams without metadata as a 200 of the stream’s type', () => {
    const response = stream(undefined, 'text/plain')
    expect([response.status, value(response, 'content-type')]).toEqual([200, 'text/plain'])
  })

  it('answers 502 where the metadata never came', () => {
    expect(stream(undefined)).toMatchObject({ status: 502, warnings: [expect.stringContaining('write("")')] })
  })

  it('warns of metadata that only a REST API reads', () => {
    const response = stream('{"multiValueHeaders":{"a":["1"]}}')
    expect(lines(response, 'a')).toEqual([])
    expect(response.warnings).toEqual([expect.stringContaining('"multiValueHeaders" is ignored')])
  })

  it('sends a result’s JSON to the client in streaming mode, as recorded', () => {
    const response = settle('function-url', { kind: 'result', result: { statusCode: 201, body: 'x' } }, streaming)
    expect([response.status, text(response)]).toEqual([200, '{"statusCode":201,"body":"x"}'])
    expect(response.warnings).toEqual([expect.stringContaining('streamifyResponse')])
  })

  it('answers 502 for a function that fails before it streams', () => {
    expect(settle('function-url', failure, streaming).status).toBe(502)
  })

  it('sends a compressed stream as the function wrote it, with a warning: AWS is reported to decode it', () => {
    const respond = (encoding: string) =>
      settle(
        'function-url',
        {
          kind: 'stream',
          contentType: integration,
          prelude: JSON.stringify({ headers: { 'Content-Encoding': encoding } }),
          chunks: chunksOf('bytes'),
        },
        streaming,
      )
    const response = respond('gzip')
    expect(lines(response, 'content-encoding')).toEqual([['Content-Encoding', 'gzip']])
    expect(response.warnings).toEqual([expect.stringContaining('let CloudFront compress')])
    expect(respond('identity').warnings).toEqual([])
  })

  it('has its own CORS on streams too', () => {
    const response = settle(
      'function-url',
      {
        kind: 'stream',
        contentType: integration,
        prelude: '{"headers":{"access-control-allow-origin":"x"}}',
        chunks: chunksOf(),
      },
      { ...streaming, cors: true },
    )
    expect(lines(response, 'access-control-allow-origin')).toEqual([['access-control-allow-origin', 'x']])
  })
})
