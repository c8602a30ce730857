import { describe, expect, it } from 'vitest'
import express from '../../src/index.ts'
import type { Request } from '../../src/request.ts'
import { exchange } from '../node-surface/exchange.ts'

/** A request to an application with a setting, from a client whose address the gateway vouches for. */
function request(trust: unknown, headers: Record<string, string>, message: object = {}): Request {
  const app = express()
  app.set('trust proxy', trust)
  const { req } = exchange({ remoteAddress: '203.0.113.7', ...message, headers })
  return Object.setPrototypeOf(req, (app as unknown as { request: object }).request)
}

// A load balancer appends the address that it saw; what stands to the left is the client's own word.
const forwarded = {
  'x-forwarded-for': '6.6.6.6, 203.0.113.7',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'other.example',
}

describe('the client of a request', () => {
  it.each([
    ['no proxy is trusted', false, '203.0.113.7', []],
    ['the gateway is', 1, '203.0.113.7', ['203.0.113.7']],
    ['one more is', 2, '6.6.6.6', ['6.6.6.6', '203.0.113.7']],
    ['all are', true, '6.6.6.6', ['6.6.6.6', '203.0.113.7']],
    ['private networks are', 'loopback, linklocal, uniquelocal', '203.0.113.7', []],
    ['its own network is', '203.0.113.0/24', '6.6.6.6', ['6.6.6.6', '203.0.113.7']],
    ['a function says so', (address: string) => address === '203.0.113.7', '6.6.6.6', ['6.6.6.6', '203.0.113.7']],
  ])('where %s', (_when, trust, ip, ips) => {
    const req = request(trust, forwarded)
    expect([req.ip, req.ips]).toEqual([ip, ips])
  })

  it('is behind a second proxy', () => {
    const headers = { 'x-forwarded-for': '6.6.6.6, 198.51.100.1, 203.0.113.7' }
    expect(request(1, headers).ip).toBe('203.0.113.7')
    expect(request(2, headers).ip).toBe('198.51.100.1')
    expect(request(2, headers).ips).toEqual(['198.51.100.1', '203.0.113.7'])
  })

  it('is who the gateway says where nothing is forwarded', () => {
    expect(request(true, {}).ip).toBe('203.0.113.7')
    expect(request(true, {}).ips).toEqual([])
    expect(request(false, {}, { remoteAddress: undefined }).ip).toBeUndefined()
  })

  it('is no own property, so that the setting has effect', () => {
    expect(Object.keys(request(false, {}))).not.toContain('ip')
  })

  it('is who a replaced socket says', () => {
    const req = request(false, {})
    req.socket = { remoteAddress: '192.0.2.1', encrypted: false } as never
    expect([req.ip, req.protocol]).toEqual(['192.0.2.1', 'http'])
  })
})

describe('protocol and host', () => {
  it('are those of the gateway where no proxy is trusted', () => {
    const req = request(
      false,
      { ...forwarded, 'x-forwarded-proto': 'https', host: 'a.b.example.com:81' },
      { protocol: 'http' },
    )
    expect([req.protocol, req.secure, req.host, req.hostname, req.subdomains]).toEqual([
      'http',
      false,
      'a.b.example.com:81',
      'a.b.example.com',
      ['b', 'a'],
    ])
    expect(request(false, {}).protocol).toBe('https')
  })

  it('are those that a trusted proxy names', () => {
    const req = request(true, forwarded, { protocol: 'http' })
    expect([req.protocol, req.secure, req.host]).toEqual(['https', true, 'other.example'])
  })
})

describe('what Lambda knows', () => {
  it('is on the request', () => {
    const event = { version: '2.0' }
    const context = { awsRequestId: 'id' }
    const identity = { subject: 'alice' }
    const { req } = exchange({ identity }, { event, context })
    expect(req.lambda).toEqual({ event, context })
    expect(req.lambda?.event).toBe(event)
    expect(req.identity).toBe(identity)
    expect(exchange().req.identity).toBeUndefined()
  })

  it('is not changed by a request', () => {
    const { req } = exchange({ headers: { a: 'b' } })
    req.headers.a = 'changed'
    req.url = '/other'
    expect(req.rawHeaders).toEqual(['host', 'example.com', 'a', 'b'])
    req.rawHeaders.length = 0
    expect(exchange().req.rawHeaders).toHaveLength(2)
  })

  it('has the members of an HTTP/1.1 message', () => {
    const { req } = exchange({ headers: { 'X-A': 'b' } as never, rawHeaders: ['X-A', 'b', 'x-a', 'c'] })
    expect(req).toMatchObject({ httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1, upgrade: false })
    expect(req).toMatchObject({ trailers: {}, rawTrailers: [], trailersDistinct: {}, aborted: false })
    expect((req as unknown as { headersDistinct: object }).headersDistinct).toEqual({
      'x-a': ['b', 'c'],
      host: ['example.com'],
    })
  })

  it('aborts its signal only for a client that is gone', async () => {
    const { req, res, answer } = exchange()
    const { signal } = req
    expect(req.signal).toBe(signal)
    res.end()
    await answer()
    expect(signal.aborted).toBe(false)
    const lost = exchange()
    lost.res.destroy()
    await lost.answer()
    expect(lost.req.signal.aborted).toBe(true)
  })
})
