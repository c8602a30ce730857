import { strict as assert } from 'node:assert'
import { createApp } from '@expressway/core'
import type { HttpRequest } from '@expressway/core/handle'
import fc from 'fast-check'
import { type GatewayName, gateway, gatewayNames } from '../src/gateway.ts'
import type { WireRequest } from '../src/wire.ts'
import { type Property, property } from './property.ts'
import { deepFreeze } from './recorded-events.ts'

/** What a request or an answer is made of, as JSON: bytes are numbers. */
interface Sent {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: [name: string, value: string][]
  readonly body: number[]
}

const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,12}$/)
const fieldValue = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/)
const pathText = fc.stringMatching(/^(\/([A-Za-z0-9._~!$&'()*+,;=:@-]|%[2-7][0-9A-F]){0,8}){1,4}$/)
const queryText = fc.stringMatching(/^([A-Za-z0-9._~!$'()*,:@/?-]|%[2-7][0-9A-F]|[&=]){0,30}$/)
// What a gateway takes for itself, renames or adds.
const gatewaysOwn =
  /^(host|cookie|content-.*|connection|keep-alive|te|trailer|upgrade|expect|transfer-encoding|proxy-.*|x-forwarded-.*|x-amzn-.*|authorization|user-agent|via|date|server|www-authenticate|set-cookie|vary|__proto__)$/i
const field = fc.tuple(
  token.filter((name) => !gatewaysOwn.test(name)),
  fieldValue,
)
const bytes = fc.array(fc.nat(255), { maxLength: 60 })

const requests: fc.Arbitrary<Sent> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
  path: pathText,
  query: queryText,
  headers: fc.array(field, { maxLength: 6 }),
  body: bytes,
})

const options = { binaryMediaTypes: ['*/*'] }

let seen: HttpRequest | undefined
const spy = createApp().all('/*path', () => '')

/** The event's request, decoded by the source that an application finds for it. */
async function decode(name: GatewayName, sent: WireRequest): Promise<HttpRequest> {
  const { toLambdaHandler } = await import('@expressway/core/lambda')
  const event = deepFreeze(JSON.parse(JSON.stringify(gateway(name).toEvent(sent, options))))
  seen = undefined
  await toLambdaHandler((request, invocation) => {
    seen = request
    return spy.handle(request, invocation)
  })(event, {})
  assert(seen, 'the event has a source')
  return seen
}

async function requestSurvives(name: GatewayName, { body, ...rest }: Sent): Promise<string> {
  const content = Buffer.from(body)
  const typed: [string, string][] = [...rest.headers, ['Content-Type', 'application/octet-stream']]
  const sent: WireRequest = { ...rest, headers: typed, ...(body.length > 0 && { body: content }) }
  if (gateway(name).answer(sent, options)) return 'refused by the gateway'
  const request = await decode(name, sent)
  assert.equal(request.method, sent.method)
  assert.equal(...paths(name, request.path, sent.path))
  assert.deepEqual(queryPairs(name, request.query), queryPairs(name, lossyQuery(name, sent.query)))
  assert.deepEqual(Buffer.from(request.body ?? ''), content)
  assert.equal(Number(request.headers['content-length'] ?? 0), body.length)
  for (const [field] of rest.headers) {
    const key = field.toLowerCase()
    const values = rest.headers.filter(([each]) => each.toLowerCase() === key).map(([, value]) => value)
    assert.deepEqual(request.headers[key], lossyField(name, values), field)
  }
  return 'came through'
}

/**
 * An HTTP API with payload 2.0 decodes the path: an escaped slash and question mark are lost.
 * A REST API folds slashes at the start.
 */
function paths(name: GatewayName, got: string, sent: string): [string, string] {
  if (name !== 'http-api') return [got, name === 'rest-api' ? sent.replace(/^\/{2,}/, '/') : sent]
  return [decodeURIComponent(got), decodeURIComponent(sent).split('?', 1)[0]!]
}

const single = (name: GatewayName): boolean => name === 'alb' || name === 'vpc-lattice-v1'
const raw = (name: GatewayName): boolean => name === 'http-api' || name === 'function-url'

/** Where only one map of single values goes, the last of a name is left. */
function lossyQuery(name: GatewayName, query: string): string {
  if (!single(name)) return query
  const last = new Map<string, string>()
  const keyOf = (pair: string): string => {
    const key = pair.split('=', 1)[0]!
    return name === 'alb' ? key : decodeURIComponent(key)
  }
  for (const pair of query.split('&')) if (pair !== '') last.set(keyOf(pair), pair)
  return [...last.values()].join('&')
}

/** Names to values; the order between names is lost in a map. Lattice's map is ambiguous: an escape may be one or text. */
function queryPairs(name: GatewayName, query: string): unknown {
  if (raw(name)) return query
  const read = name.startsWith('vpc') ? decodedWhole : decodeURIComponent
  const pairs = new Map<string, string[]>()
  for (const pair of query.split('&').filter((each) => each !== '')) {
    const [, key = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair)!
    pairs.set(read(key), [...(pairs.get(read(key)) ?? []), read(value)])
  }
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1))
}

function decodedWhole(text: string): string {
  let decoded = text
  while (/%[\da-f]{2}/i.test(decoded))
    decoded = decoded.replace(/%([\da-f]{2})/gi, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return decoded
}

function lossyField(name: GatewayName, values: string[]): string | string[] | undefined {
  if (raw(name) || name === 'vpc-lattice-v1') return values.join(',')
  if (name === 'alb') return values.at(-1)
  return values.length === 1 ? values[0] : values
}

interface Answer {
  readonly status: number
  readonly headers: [name: string, value: string][]
  readonly cookies: string[]
  readonly body: number[]
}

// An Expires date has a comma: joined cookies would fall apart there.
const cookie = fc.stringMatching(/^[a-z]{1,5}=[a-z]{0,5}(; Path=\/)?(; Expires=Wed, 21 Oct 2026 07:28:00 GMT)?$/)
const answers: fc.Arbitrary<Answer> = fc.record({
  status: fc.integer({ min: 200, max: 599 }).filter((status) => ![204, 205, 304].includes(status)),
  headers: fc.uniqueArray(field, { selector: ([name]) => name.toLowerCase(), maxLength: 6 }),
  cookies: fc.array(cookie, { maxLength: 4 }),
  body: bytes,
})

async function answerSurvives(name: GatewayName, { status, headers, cookies, body }: Answer): Promise<string> {
  const app = createApp().all('/', (_req, res) => {
    for (const [field, value] of headers) res.set(field, value)
    res.append('set-cookie', cookies)
    res.status(status).type('application/octet-stream').send(Buffer.from(body))
  })
  const request: WireRequest = { method: 'GET', path: '/', query: '', headers: [['accept', '*/*']] }
  const event = JSON.parse(JSON.stringify(gateway(name).toEvent(request, options)))
  const result = JSON.parse(JSON.stringify(await app.handler(event, {})))
  const response = gateway(name).toResponse({ kind: 'result', result }, request, options)
  assert.equal(response.status, status, response.warnings.join())
  assert.deepEqual(Buffer.from(response.body), Buffer.from(body))
  const lines = response.headers.map(([field, value]) => `${field.toLowerCase()}: ${value}`)
  for (const [field, value] of headers)
    assert(lines.includes(`${field.toLowerCase()}: ${value}`), `${field} in ${lines}`)
  const received = response.headers.filter(([field]) => field.toLowerCase() === 'set-cookie').map(([, value]) => value)
  assert.deepEqual(received, cookies)
  return 'came through'
}

export const gatewayProperties: readonly Property[] = gatewayNames.flatMap((name) => [
  property(`a request comes through: ${name}`, requests, (sent) => requestSurvives(name, sent)),
  property(`an answer comes through: ${name}`, answers, (answer) => answerSurvives(name, answer)),
])
