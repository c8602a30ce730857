import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GatewayName, gateway, gatewayNames } from '../src/gateway.ts'
import type { WireRequest } from '../src/wire.ts'

// biome-ignore lint/suspicious/noExplicitAny: events of every source are read here
type Event = any

const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,12}$/)
const fieldValue = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/)
const pathText = fc.stringMatching(/^(\/([A-Za-z0-9._~!$&'()*+,;=:@-]|%[2-7][0-9A-F]){0,8}){1,4}$/)
const queryText = fc.stringMatching(/^([A-Za-z0-9._~!$'()*+,:@/?-]|%[2-7][0-9A-F]|[&=]){0,30}$/)
const reserved =
  /^(host|cookie|content-.*|connection|keep-alive|te|upgrade|expect|transfer-encoding|proxy-.*|x-forwarded-.*|x-amzn-.*|x-http-method-override|authorization|user-agent)$/i

const wireRequest: fc.Arbitrary<WireRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'QUERY'),
  path: pathText,
  query: queryText,
  headers: fc.array(
    fc.tuple(
      token.filter((name) => !reserved.test(name)),
      fieldValue,
    ),
    { maxLength: 5 },
  ),
  body: fc.option(fc.uint8Array({ maxLength: 30 }), { nil: undefined }),
})

const settings = { numRuns: 150 }

/** The values that a field had, by its name in lower case. */
const valuesOf = (request: WireRequest, name: string): string[] =>
  request.headers.filter(([field]) => field.toLowerCase() === name).map(([, value]) => value)

const lower = (record: Record<string, unknown>): Record<string, unknown> => {
  const copy = Object.create(null)
  for (const [name, value] of Object.entries(record)) copy[name.toLowerCase()] = value
  return copy
}

const bytes = (event: Event): Buffer => {
  const body = event.body ?? ''
  return Buffer.from(body, (event.isBase64Encoded ?? event.is_base64_encoded) ? 'base64' : 'utf8')
}

describe.each(gatewayNames)('%s: any request', (name) => {
  const toEvent = (request: WireRequest, options = {}): Event => gateway(name).toEvent(request, options)

  it('comes to an event that JSON keeps, and is not changed', () => {
    fc.assert(
      fc.property(wireRequest, (request) => {
        const before = structuredClone(request)
        const event = toEvent(request)
        expect(JSON.parse(JSON.stringify(event))).toEqual(JSON.parse(JSON.stringify(toEvent(request))))
        expect(request).toEqual(before)
        expect(Object.values(event)).not.toContain(undefined)
      }),
      settings,
    )
  })

  it('keeps every header value that the source keeps', () => {
    fc.assert(
      fc.property(wireRequest, (request) => {
        const event = toEvent(request)
        const single = event.headers && lower(event.headers)
        const multi = event.multiValueHeaders && lower(event.multiValueHeaders)
        for (const [field] of request.headers) {
          const key = field.toLowerCase()
          const values = valuesOf(request, key)
          if (multi) expect(multi[key]).toEqual(values)
          if (single) expect(single[key]).toEqual(singleValue(name, values))
        }
      }),
      settings,
    )
  })

  it('keeps the bytes of a body that goes as base64, or the text of one that is text', () => {
    const typed = fc.tuple(wireRequest, fc.constantFrom('application/octet-stream', 'text/plain'), fc.string())
    fc.assert(
      fc.property(typed, ([request, type, text]) => {
        const body = type === 'text/plain' ? Buffer.from(text.toWellFormed()) : request.body
        const headers: [string, string][] = [...request.headers, ['Content-Type', type]]
        const event = toEvent({ ...request, headers, body }, { binaryMediaTypes: ['application/octet-stream'] })
        expect(bytes(event)).toEqual(Buffer.from(body ?? []))
      }),
      settings,
    )
  })

  it('keeps the query, raw or in its parameters', () => {
    fc.assert(
      fc.property(wireRequest, (request) => {
        const event = toEvent(request)
        if (event.rawQueryString !== undefined) {
          expect(event.rawQueryString).toBe(request.query)
          return
        }
        const raw = name.startsWith('alb')
        const expected = new Map<string, string[]>()
        for (const part of request.query.split('&').filter((each) => each !== '')) {
          const [, key = '', value = ''] = /^([^=]*)=?(.*)$/.exec(part)!
          const decode = (text: string) => (raw ? text : decodeURIComponent(text.replaceAll('+', ' ')))
          expected.set(decode(key), [...(expected.get(decode(key)) ?? []), decode(value)])
        }
        const lists =
          event.multiValueQueryStringParameters ?? (name === 'vpc-lattice' ? event.queryStringParameters : undefined)
        const last = event.query_string_parameters ?? (lists ? undefined : event.queryStringParameters)
        expect(Object.entries(lists ?? last ?? {})).toHaveLength(expected.size)
        for (const [key, values] of expected) {
          if (lists) expect(lists[key]).toEqual(values)
          else expect(last[key]).toBe(values.at(-1))
        }
      }),
      settings,
    )
  })

  it('keeps the path, decoded only where the source decodes', () => {
    fc.assert(
      fc.property(wireRequest, (request) => {
        const event = toEvent(request)
        const path = event.rawPath ?? event.raw_path ?? event.path
        const decoded = decodeURIComponent(request.path).split('?', 1)[0]
        if (name === 'http-api') expect(path).toBe(decoded)
        else if (name === 'rest-api') expect(path).toBe(request.path.replace(/^\/{2,}/, '/'))
        else expect(path).toBe(request.path)
      }),
      settings,
    )
  })
})

function singleValue(name: GatewayName, values: string[]): unknown {
  if (name === 'http-api' || name === 'function-url' || name === 'vpc-lattice-v1') return values.join(',')
  return name === 'vpc-lattice' ? values : values.at(-1)
}

const keys = fc.constantFrom(
  'statusCode',
  'headers',
  'multiValueHeaders',
  'cookies',
  'body',
  'isBase64Encoded',
  'statusDescription',
)
const status = fc.oneof(fc.integer({ min: 200, max: 599 }), fc.jsonValue())
const strings = fc.dictionary(token, fc.oneof(fc.string(), fc.jsonValue()))
const member = fc.oneof(strings, status, fc.boolean(), fc.array(fc.string()), fc.jsonValue())
const oddResult = fc.oneof(fc.jsonValue(), fc.dictionary(keys, member))

describe.each(gatewayNames)('%s: any result', (name) => {
  it('comes to a whole response, and a refusal says why', () => {
    fc.assert(
      fc.property(oddResult, wireRequest, (result, request) => {
        const given = JSON.parse(JSON.stringify(result))
        const response = gateway(name).toResponse({ kind: 'result', result: given }, request)
        expect(response.status).toBeGreaterThanOrEqual(200)
        expect(response.status).toBeLessThanOrEqual(599)
        expect(response.body).toBeInstanceOf(Uint8Array)
        for (const line of response.headers) expect(line.map((part) => typeof part)).toEqual(['string', 'string'])
        const refused = response.status >= 500 && response.status !== Number(given?.statusCode)
        if (refused) expect(response.warnings.length).toBeGreaterThan(0)
        expect(given).toEqual(JSON.parse(JSON.stringify(result)))
      }),
      { numRuns: 400 },
    )
  })

  it('brings a sound answer to the client as it was', () => {
    const sound = fc.record({
      statusCode: fc.integer({ min: 200, max: 599 }).filter((code) => code !== 204 && code !== 304),
      fields: fc.uniqueArray(
        fc.tuple(
          token.filter((field) => !hidden.test(field)),
          fieldValue,
        ),
        {
          selector: ([field]) => field.toLowerCase(),
          maxLength: 5,
        },
      ),
      cookies: fc.array(fc.stringMatching(/^[a-z]{1,5}=[a-z]{0,5}(; Path=\/)?$/), { maxLength: 3 }),
      content: fc.uint8Array({ maxLength: 40 }),
    })
    fc.assert(
      fc.property(sound, ({ statusCode, fields, cookies, content }) => {
        const request: WireRequest = { method: 'GET', path: '/', query: '', headers: [['accept', 'a/b']] }
        const sent = name === 'alb' ? cookies.slice(0, 1) : cookies
        const result = {
          statusCode,
          ...placed(name, fields, sent),
          body: Buffer.from(content).toString('base64'),
          isBase64Encoded: true,
        }
        const options = { binaryMediaTypes: ['*/*'] }
        const response = gateway(name).toResponse({ kind: 'result', result }, request, options)
        expect(response).toMatchObject({ status: statusCode, warnings: [] })
        expect(Buffer.from(response.body)).toEqual(Buffer.from(content))
        const received = response.headers.map(([field, each]) => [field.toLowerCase(), each])
        for (const [field, each] of fields) expect(received).toContainEqual([field.toLowerCase(), each])
        expect(received.filter(([field]) => field === 'set-cookie').map(([, each]) => each)).toEqual(sent)
      }),
      settings,
    )
  })
})

const hidden =
  /^(connection|keep-alive|te|trailer|upgrade|transfer-encoding|proxy-connection|content-.*|date|server|www-authenticate|set-cookie|x-amzn-.*|__proto__)$/i

/** Headers and cookies where the source wants them. */
function placed(name: GatewayName, fields: [string, string][], cookies: string[]): object {
  const headers = Object.fromEntries(fields)
  if (name === 'http-api' || name === 'function-url') return { headers, cookies }
  if (name.startsWith('vpc')) return { headers: cookies.length ? { ...headers, 'set-cookie': cookies } : headers }
  if (name === 'alb') return { headers: cookies.length ? { ...headers, 'set-cookie': cookies[0] } : headers }
  const lists = Object.fromEntries(fields.map(([field, each]) => [field, [each]]))
  return { multiValueHeaders: { ...lists, 'set-cookie': cookies } }
}
