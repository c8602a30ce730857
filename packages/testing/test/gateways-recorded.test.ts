// Replays every recording of API Gateway of 2025: answers by the gateways, events by the builders and by core.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { detectSource } from '../../core/src/sources/detect.ts'
import { type EventDescription, httpApiEvent, restApiEvent, toWireRequest } from '../src/events.ts'
import { type GatewayName, gateway } from '../src/gateway.ts'
import { answer, lines, text } from './gateways-support.ts'

// biome-ignore lint/suspicious/noExplicitAny: a recording is JSON of any shape
type Recording = any

const folder = new URL('../fixtures/recordings/api-gateway-2025/', import.meta.url)
const names = readdirSync(folder).map((file) => file.replace('.json', ''))
const recording = (name: string): Recording =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8').replace(/^\uFEFF/, ''))
const isAnswer = (name: string): boolean => 'StatusCode' in recording(name)

const typed = { 'Content-Type': 'application/json' }
const hello = '{"message":"Hello, World!"}'
const helloV2 = '{"message":"Hello, API Gateway v2!"}'
const several = {
  statusCode: 200,
  headers: { ...typed, myheader: 'test,other', anotherheader: 'secondvalue' },
  multiValueHeaders: { headername: ['headervalue', 'headervalue2'] },
  body: '{"message":"With Multiple Headers"}',
}
const combined = {
  statusCode: 200,
  headers: { ...typed, 'X-Custom-Header': 'single-value', 'Combined-Header': 'single-value' },
  multiValueHeaders: {
    'X-Multi-Header': ['multi-value1', 'multi-value2'],
    'Combined-Header': ['multi-value1', 'multi-value2'],
  },
  body: '{"message":"With Combined Headers"}',
}

/** What the function returned in both kinds of API that take payload 1.0. */
const payloadV1: Record<string, unknown> = {
  V1_APIHeaders: { statusCode: 200, body: 'Test body' },
  V1_CombinesSingleAndMultiValueHeaders: combined,
  V1_DefaultsToCorrectContentTYpe: { statusCode: 200, body: 'Hello, World!' },
  V1_HandlesHeadersCorrectly: several,
  V1_HandlesZeroStatusCode: { statusCode: 0, body: hello },
  V1_SetsBodyNonBase64: { statusCode: 200, body: hello, isBase64Encoded: false },
  V1_SetsContentLength: { statusCode: 200, body: hello, isBase64Encoded: false },
  V1_SetsCorrectStatusCode: { statusCode: 201, body: '{"message":"Created"}' },
  V1_SetsHeaders: {
    statusCode: 200,
    headers: { ...typed, 'X-Custom-Header': 'CustomValue' },
    body: '{"message":"With Headers"}',
  },
  V1_SetsMultiValueHeaders: {
    statusCode: 200,
    multiValueHeaders: { 'X-Multi-Header': ['Value1', 'Value2'] },
    body: '{"message":"With MultiValueHeaders"}',
  },
  V1_SimpleJsonResponse: { statusCode: 200, headers: typed, body: hello },
  V1_UsesProvidedContentType: { statusCode: 200, headers: typed, body: 'Hello, World!' },
  // An emulator turned a result that is no JSON into this one, and AWS was given it: so its answer shows no refusal of AWS.
  ToApiGatewayProxyResponse_ValidResponse_MatchesDirectConversion: { statusCode: 200, headers: typed, body: hello },
}

/** What the function returned to an HTTP API with payload 2.0. */
const payloadV2: Record<string, unknown> = {
  V2_DefaultsToTextPlainContentType: { statusCode: 200, body: 'Hello, World!' },
  V2_DoesNotOverrideExplicitValues: {
    statusCode: 201,
    headers: { 'Content-Type': 'application/xml' },
    body: '{"key":"value"}',
  },
  V2_HandlesZeroStatusCode: { statusCode: 0, body: hello },
  V2_HttpAPIHeaders: { statusCode: 200, body: 'Test body' },
  V2_SetsBodyBase64: { statusCode: 200, body: Buffer.from(helloV2).toString('base64'), isBase64Encoded: true },
  V2_SetsBodyNonBase64: { statusCode: 200, body: helloV2, isBase64Encoded: false },
  V2_SetsCorrectStatusCode: { statusCode: 201, body: '{"message":"Created"}' },
  V2_SetsHeaders: {
    statusCode: 200,
    headers: { ...typed, 'X-Custom-Header': 'CustomValue' },
    body: '{"message":"With Headers"}',
  },
  V2_SimpleJsonResponse: { statusCode: 200, headers: typed, body: hello },
  ToApiGatewayHttpApiV2ProxyResponse_ValidResponse_MatchesDirectConversion: {
    statusCode: 200,
    headers: typed,
    body: hello,
  },
}

/**
 * Recordings of what an emulator had made of a result that is no proxy result, with a status, a type and a text: the authors sent
 * that to AWS, so that the answer is that of an ordinary result. (It is without the space and the x-amzn-ErrorType of
 * V1_HandlesZeroStatusCodeRest, and the array keeps its spaces.)
 */
const converted =
  /^ToApiGatewayProxyResponse_ValidResponse_MatchesDirectConversion(?!HttpV1$|Rest$)|_InvalidJson_|_StatusCodeAsFloat_/

function resultOf(name: string): unknown {
  if (!converted.test(name)) return payloadV1[name.replace(/(HttpV1|Rest)$/, '')] ?? payloadV2[name]
  const { StatusCode: statusCode, Content: body } = recording(name)
  return { statusCode, headers: typed, body }
}

function gatewayOf(name: string): GatewayName {
  if (name.endsWith('HttpV1')) return 'http-api-v1'
  return name.endsWith('Rest') ? 'rest-api' : 'http-api'
}

/** Names the moment, the connection and the request: each answer has its own. */
const passing = /^(date|connection|apigw-requestid|x-amzn-requestid|x-amz-apigw-id|x-amzn-trace-id)$/i

/** Lines in the order of their names. An HTTP API's client sees `Myheader` over HTTP/1.1 and `myheader` over HTTP/2. */
function comparable(pairs: [string, string][], name: string): [string, string][] {
  return pairs
    .filter(([field]) => !passing.test(field))
    .map(([field, value]): [string, string] => [name.endsWith('Rest') ? field : field.toLowerCase(), value])
    .map(([field, value]): [string, string] => [/^content-/i.test(field) ? field.toLowerCase() : field, value])
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

describe('what a client receives, as recorded', () => {
  test.each(names.filter(isAnswer))('%s', (name) => {
    const result = resultOf(name)
    expect(result).toBeDefined()
    const recorded = recording(name)
    const response = answer(gatewayOf(name), result, { method: 'POST' })
    expect([response.status, text(response)]).toEqual([recorded.StatusCode, recorded.Content])
    const sent = Object.entries(recorded.Headers as Record<string, string[]>)
    const expected = sent.flatMap(([field, values]) => values.map((value): [string, string] => [field, value]))
    expect(comparable(response.headers, name)).toEqual(comparable(expected, name))
  })
})

/** The requests of the recorded events. */
const plainText = { 'content-type': 'text/plain; charset=utf-8' }
const simple = {
  query: 'status=pending&tag=important&tag=urgent',
  headers: {
    ...plainText,
    'user-agent': 'TestAgent',
    'x-custom-header': 'value1',
    cookie: 'session=abc123; theme=dark',
  },
}
const search = { query: 'q=Hello%20World&tag=C%23%20Programming&tag=.NET%20Core', headers: plainText }
const binary = { headers: { 'content-type': 'application/octet-stream' }, body: Uint8Array.of(1, 2, 3, 4, 5) }
const special = { path: '/test5/api/users/****%20Doe/orders/Summer%20Sale%202023', headers: plainText }
const unicode = (test: string) => ({
  path: `/${test}/api/products/%E2%98%95%20Coffee/reviews/%F0%9F%98%8A%20Happy`,
  headers: plainText,
})
const requests: Record<string, EventDescription> = {
  BinaryContentRest: { path: '/test4/api/users/123/avatar', ...binary, binaryMediaTypes: ['application/octet-stream'] },
  V1_SimpleGetRequestHttpV1: { path: '/test1/api/users/123/orders', ...simple },
  V1_SimpleGetRequestRest: { path: '/test1/api/users/123/orders', ...simple },
  V1_SpecialCharactersInPathHttpV1: special,
  V1_SpecialCharactersInPathRest: special,
  V1_UnicodeCharactersInPathHttpV1: unicode('test6'),
  V1_UnicodeCharactersInPathRest: unicode('test6'),
  V1_UrlEncodedQueryStringRest: { path: '/test4/api/search', ...search },
  V2_BinaryContent: { path: '/test11/api/users/123/avatar', ...binary },
  V2_SimpleGetRequest: {
    path: '/test9/api/users/123/orders',
    ...simple,
    headers: { ...simple.headers, accept: 'text/html, application/json' },
  },
  V2_UnicodeCharactersInPath: unicode('test14'),
  V2_UrlEncodedQueryString: { path: '/test12/api/search', ...search },
}

const start = (name: string): string => name[0]!.toLowerCase() + name.slice(1)

/** A recording as the event that it was: .NET capitalised the members, but not those of maps. */
function toEvent(recorded: Recording): Recording {
  const rename = (members: object, deep: RegExp): Recording =>
    Object.fromEntries(
      Object.entries(members).map(([name, value]) => [
        start(name),
        deep.test(name) && value !== null ? rename(value, deep) : value,
      ]),
    )
  return rename(recorded, /^(RequestContext|Identity|Http)$/)
}

/** What the gateway adds by itself, and the address, which the recordings hide. */
const added = /^(host|x-amzn-trace-id|x-forwarded-for)$/i

function comparableFields(map: Record<string, unknown> | null | undefined, keepCase: boolean): unknown {
  const entries = Object.entries(map ?? {}).filter(([name]) => !added.test(name))
  return Object.fromEntries(entries.map(([name, value]) => [keepCase ? name : name.toLowerCase(), value]))
}

/** The members of an event that belong to the request and the route, and not to the account or the moment. */
function essence(event: Recording, keepCase: boolean): unknown {
  const { requestContext: context } = event
  const maps = ['queryStringParameters', 'multiValueQueryStringParameters', 'pathParameters', 'cookies', 'body']
  const members = ['resource', 'path', 'httpMethod', 'routeKey', 'rawPath', 'rawQueryString', 'isBase64Encoded']
  const pick = (from: Recording, keys: string[]) => keys.map((key) => [key, from?.[key] ?? null])
  return JSON.parse(
    JSON.stringify([
      pick(event, [...maps, ...members]),
      comparableFields(event.headers, keepCase),
      comparableFields(event.multiValueHeaders, keepCase),
      pick(context, ['path', 'resourcePath', 'httpMethod', 'stage', 'routeKey']),
      pick(context.http, ['method', 'path', 'protocol', 'userAgent']),
      context.identity?.userAgent ?? null,
      // A REST API's is a random id.
      context.resourceId?.includes(' ') ? context.resourceId : null,
    ]),
  )
}

describe('builder, core and recording agree', () => {
  test.each(names.filter((name) => !isAnswer(name)))('%s', (name) => {
    const request = requests[name]!
    const recorded = toEvent(recording(name))
    const source = gatewayOf(name)
    const route = recorded.routeKey ?? `POST ${recorded.resource}`
    const routed = source === 'rest-api' ? { resource: recorded.resource, stage: 'test' } : { routeKey: route }
    const sent = toWireRequest({ ...request, method: 'POST' })
    const built = gateway(source).toEvent(sent, { ...request, ...routed })
    const keepCase = source === 'http-api-v1'
    expect(essence(built, keepCase)).toEqual(essence(recorded, keepCase))
    for (const event of [built, recorded]) {
      const decoded = detectSource(event)!.decode(event)
      expect(decoded).toMatchObject({ method: 'POST', path: sent.path, basePath: source === 'rest-api' ? '/test' : '' })
      expect(Buffer.from(decoded.body ?? '')).toEqual(Buffer.from(sent.body ?? ''))
      expect([...new URLSearchParams(decoded.query)].toSorted()).toEqual(
        [...new URLSearchParams(sent.query)].toSorted(),
      )
      for (const [field, value] of sent.headers) expect(decoded.headers[field]).toBe(value)
    }
  })
})

it('a route key alone fills the parameters', () => {
  expect(httpApiEvent({ path: '/hecho/a/b', routeKey: 'ANY /hecho/{proxy+}' }).pathParameters).toEqual({ proxy: 'a/b' })
})

it('a REST API splits a query at semicolons, and refuses what has to be encoded (AWS)', () => {
  expect({ ...restApiEvent({ path: '/?a=1;b=2' }).queryStringParameters }).toEqual({ a: '1', b: '2' })
  for (const query of ['a=|', 'a={', 'a=}']) {
    expect(gateway('rest-api').answer(toWireRequest({ query }))?.status).toBe(400)
    expect(gateway('http-api').answer(toWireRequest({ query }))).toBeUndefined()
  }
})

it("a function URL's CORS adds to the function's headers, with a warning", () => {
  const result = { statusCode: 200, headers: { 'Access-Control-Allow-Origin': 'https://app' } }
  const response = answer('function-url', result, { headers: { origin: 'https://app' } }, { cors: true })
  expect(lines(response, 'access-control-allow-origin').map(([, each]) => each)).toEqual(['https://app', '*'])
  expect(response.warnings).toEqual([expect.stringContaining('browsers refuse')])
})
