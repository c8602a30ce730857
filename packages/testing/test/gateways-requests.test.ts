import { describe, expect, it } from 'vitest'
import { type EventDescription, toWireRequest } from '../src/events.ts'
import { type GatewayName, type GatewayOptions, gateway, gatewayNames } from '../src/gateway.ts'
import { text, value } from './gateways-support.ts'

const own = (name: GatewayName, request: EventDescription, options: GatewayOptions = {}) =>
  gateway(name).answer(toWireRequest(request), options)

const megabytes = (count: number) => new Uint8Array(count * 1024 * 1024).fill(97)
const json = { 'content-type': 'application/json' }

describe('gateway', () => {
  it('knows eight names, and says which where it does not know one', () => {
    expect(gatewayNames.map((name) => gateway(name).name)).toEqual([
      'rest-api',
      'http-api',
      'http-api-v1',
      'function-url',
      'alb',
      'alb-multi-value',
      'vpc-lattice',
      'vpc-lattice-v1',
    ])
    const unknown = () => gateway('toString' as GatewayName)
    expect(unknown).toThrow(TypeError)
    expect(unknown).toThrow(`Unknown gateway "toString": use one of ${gatewayNames.join(', ')}`)
  })

  it('says what stands before the application’s paths', () => {
    expect(gateway('rest-api').basePath()).toBe('/prod')
    expect(gateway('rest-api').basePath({ basePath: 'v1/' })).toBe('/v1')
    expect(gateway('http-api').basePath()).toBe('')
    expect(gateway('http-api').basePath({ stage: 'dev' })).toBe('/dev')
    expect(gateway('http-api-v1').basePath({ stage: 'dev', basePath: '/' })).toBe('')
    for (const name of ['function-url', 'alb', 'vpc-lattice'] as const) {
      expect(gateway(name).basePath({ stage: 'dev', basePath: '/v1' })).toBe('')
    }
  })

  it('sets the multi-value attribute by its name', () => {
    const request = toWireRequest({})
    expect(gateway('alb').toEvent(request)).toHaveProperty('headers')
    expect(gateway('alb-multi-value').toEvent(request)).toHaveProperty('multiValueHeaders')
  })
})

describe('an ordinary request', () => {
  it.each(gatewayNames)('%s leaves it to the function', (name) => {
    expect(own(name, { method: 'POST', path: '/a', query: 'b=1', headers: json, body: '{}' })).toBeUndefined()
    expect(own(name, { method: 'OPTIONS' })).toBeUndefined()
  })
})

describe('bodies that are too large', () => {
  const cases: [name: GatewayName, size: number, body: string | undefined][] = [
    ['rest-api', 10.1, '{"message":"Request Too Long"}'],
    ['http-api', 10.1, '{"message":"Request Entity Too Large"}'],
    ['http-api-v1', 10.1, '{"message":"Request Entity Too Large"}'],
    ['function-url', 6.1, undefined],
    ['alb', 1.1, undefined],
    ['alb-multi-value', 1.1, undefined],
    ['vpc-lattice', 6.1, undefined],
    ['vpc-lattice-v1', 6.1, undefined],
  ]

  it.each(cases)('%s answers 413 for %d MB', (name, size, body) => {
    const response = own(name, { method: 'POST', headers: json, body: megabytes(size) })
    expect(response?.status).toBe(413)
    if (body !== undefined) expect(text(response!)).toBe(body)
  })

  it.each(['rest-api', 'http-api', 'function-url', 'vpc-lattice'] as const)(
    '%s answers 413 where base64 or the event makes it more than Lambda takes',
    (name) => {
      const binary = { headers: { 'content-type': 'image/png' }, body: megabytes(5) }
      const options = { binaryMediaTypes: ['*/*'] }
      expect(own(name, { method: 'POST', ...binary }, options)?.status).toBe(413)
      expect(own(name, { method: 'POST', headers: json, body: megabytes(5) })).toBeUndefined()
    },
  )
})

describe('targets and headers that are too long', () => {
  it('REST API: 414 for a URL over 10,240 bytes, or 8192 at an edge; all header values 10,240', () => {
    const path = `/${'a'.repeat(8192)}`
    expect(own('rest-api', { path })).toBeUndefined()
    expect(own('rest-api', { path }, { endpointType: 'EDGE' })?.status).toBe(414)
    expect(own('rest-api', { path: `/${'a'.repeat(10_240)}` })?.status).toBe(414)
    expect(own('rest-api', { query: `a=${'b'.repeat(10_240)}` })?.status).toBe(414)
    const headers = { a: 'x'.repeat(10_241) }
    expect(own('rest-api', { headers })?.status).toBe(431)
    expect(own('rest-api', { headers }, { endpointType: 'EDGE' })?.status).toBe(494)
  })

  it('HTTP API: request line and headers 10,240 bytes together', () => {
    expect(own('http-api', { path: `/${'a'.repeat(6000)}`, headers: { a: 'x'.repeat(5000) } })?.status).toBe(431)
    expect(own('http-api', { path: `/${'a'.repeat(6000)}`, headers: { a: 'x'.repeat(4000) } })).toBeUndefined()
  })

  it('ALB: 16 KB of request line, 64 KB of headers', () => {
    expect(own('alb', { path: `/${'a'.repeat(16_384)}` })?.status).toBe(414)
    expect(own('alb', { headers: { a: 'x'.repeat(65_536) } })?.status).toBe(400)
  })
})

describe('routes', () => {
  it('an unknown one is a 403 of a REST API and a 404 of an HTTP API', () => {
    const options = { resource: '/users/{id}' }
    const rest = own('rest-api', { path: '/other' }, options)!
    expect([rest.status, text(rest)]).toEqual([403, '{"message":"Missing Authentication Token"}'])
    const http = own('http-api', { path: '/other' }, options)!
    expect([http.status, text(http)]).toEqual([404, '{"message":"Not Found"}'])
    expect(own('rest-api', { path: '/users/7' }, options)).toBeUndefined()
    expect(own('http-api', { path: '/users/7' }, options)).toBeUndefined()
    expect(own('rest-api', { path: '/other' }, { ...options, pathParameters: { id: '7' } })).toBeUndefined()
  })
})

describe.each(['http-api', 'http-api-v1', 'function-url'] as const)('%s with CORS', (name) => {
  const preflight = {
    method: 'OPTIONS',
    headers: { origin: 'https://app', 'access-control-request-method': 'PUT' },
  }

  it('answers OPTIONS itself, by its configuration', () => {
    const cors = {
      allowOrigins: ['https://app'],
      allowMethods: ['GET', 'PUT'],
      allowHeaders: ['authorization'],
      exposeHeaders: ['x-id'],
      allowCredentials: true,
      maxAge: 60,
    }
    expect(own(name, preflight, { cors })).toEqual({
      status: 204,
      statusText: 'No Content',
      headers: [
        ['access-control-allow-origin', 'https://app'],
        ['access-control-allow-credentials', 'true'],
        ['access-control-expose-headers', 'x-id'],
        ['access-control-allow-methods', 'GET,PUT'],
        ['access-control-allow-headers', 'authorization'],
        ['access-control-max-age', '60'],
      ],
      body: new Uint8Array(),
      warnings: [],
    })
  })

  it('allows any origin, one by its scheme, and none that is not listed', () => {
    const origin = (cors: GatewayOptions['cors']) =>
      value(own(name, preflight, { cors })!, 'access-control-allow-origin')
    expect(origin(true)).toBe('*')
    expect(origin({ allowOrigins: ['https://*'] })).toBe('https://app')
    expect(origin({ allowOrigins: ['http://*'] })).toBeUndefined()
    expect(origin({ allowOrigins: ['*'], allowCredentials: true })).toBe('https://app')
    expect(own(name, preflight, { cors: { allowOrigins: ['https://other'] } })).toMatchObject({
      status: 204,
      headers: [],
    })
  })

  it('leaves other methods to the function, and OPTIONS too without a configuration', () => {
    expect(own(name, { method: 'GET' }, { cors: true })).toBeUndefined()
    expect(own(name, preflight, { cors: false })).toBeUndefined()
  })
})
