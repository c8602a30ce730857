import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { detectSource } from '../../core/src/sources/detect.ts'
import { httpApiEvent, httpApiV1Event, restApiEvent, toWireRequest } from '../src/events.ts'
import { type GatewayName, gateway } from '../src/gateway.ts'
import { answer, lines, text, value } from './gateways-support.ts'

// biome-ignore lint/suspicious/noExplicitAny: a recording is JSON of any shape
const recording = (name: string): any =>
  JSON.parse(
    readFileSync(new URL(`../fixtures/recordings/api-gateway-2025/${name}.json`, import.meta.url), 'utf8').replace(
      /^\uFEFF/,
      '',
    ),
  )

const hello = '{"message":"Hello, World!"}'
const combined = {
  statusCode: 200,
  headers: {
    'Content-Type': 'application/json',
    'X-Custom-Header': 'single-value',
    'Combined-Header': 'single-value',
  },
  multiValueHeaders: {
    'X-Multi-Header': ['multi-value1', 'multi-value2'],
    'Combined-Header': ['multi-value1', 'multi-value2'],
  },
  body: '{"message":"With Combined Headers"}',
}
const typed = { 'Content-Type': 'application/json' }

describe('what a client receives, as recorded', () => {
  const cases: [file: string, name: GatewayName, result: unknown][] = [
    ['V1_DefaultsToCorrectContentTYpeHttpV1', 'http-api-v1', { statusCode: 200, body: 'Hello, World!' }],
    ['V1_DefaultsToCorrectContentTYpeRest', 'rest-api', { statusCode: 200, body: 'Hello, World!' }],
    ['V2_DefaultsToTextPlainContentType', 'http-api', { statusCode: 200, body: 'Hello, World!' }],
    ['V1_SetsCorrectStatusCodeHttpV1', 'http-api-v1', { statusCode: 201, body: '{"message":"Created"}' }],
    ['V1_SetsCorrectStatusCodeRest', 'rest-api', { statusCode: 201, body: '{"message":"Created"}' }],
    ['V2_SetsCorrectStatusCode', 'http-api', { statusCode: 201, body: '{"message":"Created"}' }],
    ['V1_SimpleJsonResponseHttpV1', 'http-api-v1', { statusCode: 200, headers: typed, body: hello }],
    ['V1_SimpleJsonResponseRest', 'rest-api', { statusCode: 200, headers: typed, body: hello }],
    ['V2_SimpleJsonResponse', 'http-api', { statusCode: 200, headers: typed, body: hello }],
    ['V1_HandlesZeroStatusCodeHttpV1', 'http-api-v1', { statusCode: 0, body: hello }],
    ['V2_HandlesZeroStatusCode', 'http-api', { statusCode: 0, body: hello }],
    ['V1_CombinesSingleAndMultiValueHeadersHttpV1', 'http-api-v1', combined],
    ['V1_CombinesSingleAndMultiValueHeadersRest', 'rest-api', combined],
    ['ToApiGatewayProxyResponse_ValidResponse_MatchesDirectConversionJSON_Array', 'http-api', [1, 2, 3, 4, 5]],
  ]

  test.each(cases)('%s', (file, name, result) => {
    const recorded = recording(file)
    const response = answer(name, result, { method: 'POST' })
    expect(response.status).toBe(recorded.StatusCode)
    expect(value(response, 'content-type')).toBe(recorded.Headers['Content-Type'][0])
    if (!Array.isArray(result)) expect(text(response)).toBe(recorded.Content)
    for (const header of ['Combined-Header', 'X-Multi-Header', 'X-Custom-Header']) {
      expect(lines(response, header).map(([, each]) => each)).toEqual(recorded.Headers[header] ?? [])
    }
  })
})

describe('builder, core and recording agree', () => {
  const target = '/test6/api/products/%E2%98%95%20Coffee/reviews/%F0%9F%98%8A%20Happy'
  const description = (path: string, resource: string) => ({
    method: 'POST',
    path,
    resource,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  })
  // biome-ignore lint/suspicious/noExplicitAny: an event of any source
  const read = (event: any) => detectSource(event)!.decode(event)

  it('HTTP API, payload 1.0: the path is encoded, the context and the parameters are decoded', () => {
    const recorded = recording('V1_UnicodeCharactersInPathHttpV1')
    const built = httpApiV1Event(description(target, recorded.Resource))
    expect(built.path).toBe(recorded.Path)
    expect(built.requestContext.path).toBe(recorded.RequestContext.Path)
    expect({ ...built.pathParameters }).toEqual(recorded.PathParameters)
    expect(Object.keys(built.headers).toSorted()).toEqual(Object.keys(recorded.Headers).toSorted())
    expect(Object.keys(built.multiValueHeaders).toSorted()).toEqual(Object.keys(recorded.MultiValueHeaders).toSorted())
    expect(read(built).path).toBe(target)
    const asRecorded = { ...built, path: recorded.Path, headers: recorded.Headers, multiValueHeaders: null }
    expect(read(asRecorded).path).toBe(target)
  })

  it('REST API: everything stays encoded', () => {
    const recorded = recording('V1_UnicodeCharactersInPathRest')
    const built = restApiEvent({ ...description(target, recorded.Resource), stage: 'test' })
    expect(built.path).toBe(recorded.Path)
    expect(built.requestContext.path).toBe(recorded.RequestContext.Path)
    expect({ ...built.pathParameters }).toEqual(recorded.PathParameters)
    expect(read(built)).toMatchObject({ path: target, basePath: '/test' })
  })

  it('HTTP API, payload 2.0: everything is decoded', () => {
    const recorded = recording('V2_UnicodeCharactersInPath')
    const path = target.replace('test6', 'test14')
    const built = httpApiEvent({ ...description(path, ''), resource: undefined, routeKey: recorded.RouteKey })
    expect(built.rawPath).toBe(recorded.RawPath)
    expect(built.requestContext.http.path).toBe(recorded.RequestContext.Http.Path)
    expect({ ...built.pathParameters }).toEqual(recorded.PathParameters)
    expect(read(built).path).toBe(path)
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
