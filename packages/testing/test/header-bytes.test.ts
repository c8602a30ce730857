// Header values beyond ASCII: on the wire one character per byte, in events and results text.
import { describe, expect, it, test } from 'vitest'
import { detectSource } from '../../core/src/sources/detect.ts'
import { httpApiEvent, toWireRequest } from '../src/events.ts'
import { type GatewayName, gateway, gatewayNames } from '../src/gateway.ts'
import type { WireResponse } from '../src/wire.ts'
import { chunksOf, value } from './gateways-support.ts'

const asBytes = (text: string): string => Buffer.from(text).toString('latin1')
const city = 'Sīgulda, Zoë ☃'

function resultWith(name: GatewayName, text: string): unknown {
  const lists = name === 'alb-multi-value'
  return { statusCode: 200, ...(lists ? { multiValueHeaders: { 'x-city': [text] } } : { headers: { 'x-city': text } }) }
}

describe.each(gatewayNames)('%s', (name) => {
  const gate = gateway(name)
  const receive = (headers: [string, string][]): string | string[] | undefined => {
    const event = gate.toEvent({ method: 'GET', path: '/', query: '', headers })
    return detectSource(event)!.decode(event).headers['x-city']
  }

  it('sends the text of a header as its UTF-8 bytes', () => {
    const result = resultWith(name, city)
    const response = gate.toResponse({ kind: 'result', result }, toWireRequest({}), {})
    expect(value(response, 'x-city')).toBe(asBytes(city))
  })

  it('reads the bytes of a header as UTF-8, and a damaged byte as U+FFFD (seen: cf-ipcity behind a load balancer)', () => {
    expect(receive([['x-city', asBytes('Sīgulda')]])).toBe('Sīgulda')
    expect(receive([['x-city', 'caf\xe9']])).toBe('caf\ufffd')
    expect(receive([['x-city', 'plain']])).toBe('plain')
  })

  it('gives a description in words as the text it is', () => {
    const event = gate.toEvent(toWireRequest({ headers: { 'x-city': city }, cookies: { name: 'Zoë' } }))
    const { headers } = detectSource(event)!.decode(event)
    expect(headers['x-city']).toBe(city)
    expect(headers.cookie).toBe('name=Zoë')
  })
})

test.each([
  ['function-url', { invokeMode: 'RESPONSE_STREAM' }],
  ['rest-api', { responseTransferMode: 'STREAM' }],
] as const)('a stream behind %s too', (name, options) => {
  const prelude = JSON.stringify({ statusCode: 200, headers: { 'x-city': city }, cookies: ['name=Zoë'] })
  const response: WireResponse = gateway(name).toResponse(
    {
      kind: 'stream',
      contentType: 'application/vnd.awslambda.http-integration-response',
      prelude,
      chunks: chunksOf('body'),
    },
    toWireRequest({}),
    options,
  )
  expect(value(response, 'x-city')).toBe(asBytes(city))
  expect(value(response, 'set-cookie')).toBe(asBytes('name=Zoë'))
})

it("a user agent's text is the same in the context", () => {
  const event = httpApiEvent({ headers: { 'user-agent': 'Zoë/1.0' } })
  expect(event.requestContext.http.userAgent).toBe('Zoë/1.0')
})

it('a status description goes out by the same rule', () => {
  const result = { statusCode: 200, statusDescription: '200 Zoë', headers: {} }
  expect(gateway('alb').toResponse({ kind: 'result', result }, toWireRequest({})).statusText).toBe(asBytes('Zoë'))
})
