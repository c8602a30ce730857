import { toFieldBytes, type WireRequest, type WireResponse } from '../wire.ts'
import type { StreamOutcome } from './contract.ts'

/** A result that the gateway refuses; the message says what is wrong and how to fix it. */
export class Malformed extends Error {}

/** What a gateway read out of a result, before its own rules for the wire. */
export interface Draft {
  status: number
  statusText?: string
  lines: [name: string, value: string][]
  body: Uint8Array
}

const noBytes = new Uint8Array()

/** The reason phrase of a status, or `''`. Responses read it by a getter: the table loads `node:http`, 4 ms of CPU. */
export const statusTextOf = (status: number): string => process.getBuiltinModule('node:http').STATUS_CODES[status] ?? ''

/** An answer of the gateway's own. */
export function ownResponse(status: number, body: string, type: string, warnings: string[] = []): WireResponse {
  const bytes = Buffer.from(body)
  const headers: [string, string][] = [
    ['content-type', type],
    ['content-length', String(bytes.length)],
  ]
  return {
    status,
    get statusText() {
      return statusTextOf(status)
    },
    headers: body === '' ? headers.slice(1) : headers,
    body: bytes,
    warnings,
  }
}

/** An answer of the gateway's own, in API Gateway's form. */
export const messageResponse = (status: number, message: string, warnings: string[] = []): WireResponse =>
  ownResponse(status, JSON.stringify({ message }), 'application/json', warnings)

/** The function's answer on the wire: the length is the gateway's to say, and some answers have no body. */
export function toWire(draft: Draft, request: WireRequest, warnings: string[]): WireResponse {
  const bodiless = draft.status === 204 || draft.status === 304
  const sent = bodiless || request.method === 'HEAD' ? noBytes : draft.body
  checkLength(draft, sent, request, warnings)
  const headers = onWire(draft.lines).filter(([name]) => name.toLowerCase() !== 'content-length')
  if (!bodiless) headers.push(['content-length', String(draft.body.length)])
  return {
    status: draft.status,
    get statusText() {
      return draft.statusText ? toFieldBytes(draft.statusText) : statusTextOf(draft.status)
    },
    headers,
    body: sent,
    warnings,
  }
}

/** AWS does not say which bytes a header's text becomes; UTF-8 is what a client sends and events are read as. */
const onWire = (lines: Draft['lines']): Draft['lines'] => lines.map(([name, value]) => [name, toFieldBytes(value)])

function checkLength(draft: Draft, sent: Uint8Array, request: WireRequest, warnings: string[]): void {
  const claimed = draft.lines.find(([name]) => name.toLowerCase() === 'content-length')?.[1]
  if (claimed === undefined || request.method === 'HEAD' || draft.status === 304) return
  if (Number(claimed) === sent.length) return
  warnings.push(
    `The answer's content-length ${claimed} is ignored: the body has ${sent.length} bytes. Leave the header out.`,
  )
}

/** The function's answer, its body still to come. */
export function toStream(draft: Omit<Draft, 'body'>, outcome: StreamOutcome, warnings: string[]): WireResponse {
  const { status, lines } = draft
  return {
    status,
    get statusText() {
      return draft.statusText ?? statusTextOf(status)
    },
    headers: onWire(lines),
    body: noBytes,
    stream: outcome.chunks,
    warnings,
  }
}

/** The status of a result, or `undefined` where it has none. A string of digits counts: `"201"` was recorded as 201. */
export function readStatus(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  const status = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599) return status
  throw new Malformed(`statusCode ${JSON.stringify(value)} is not a status: return a whole number from 200 to 599.`)
}

/** A record of headers, or nothing. */
export function readRecord(value: unknown, key: string): [string, unknown][] {
  if (value === undefined || value === null) return []
  if (typeof value === 'object' && !Array.isArray(value)) return Object.entries(value)
  throw new Malformed(`${key} is ${describe(value)}: return an object of names and values.`)
}

export function readBody(result: { body?: unknown }): string {
  const { body } = result
  if (body === undefined || body === null) return ''
  if (typeof body === 'string') return body
  throw new Malformed(`body is ${describe(body)}, and the gateway takes only a string: use JSON.stringify(body).`)
}

/** Standard base64, padded or not; anything else is refused. */
export function decodeBase64(text: string): Uint8Array {
  const stripped = text.replace(/=+$/, '')
  if (/[^A-Za-z0-9+/]/.test(stripped) || stripped.length % 4 === 1) {
    throw new Malformed('isBase64Encoded is true but body is not base64: encode the bytes, or set it to false.')
  }
  return Buffer.from(text, 'base64')
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'proxy-connection',
])

/** Without the fields that are between two hops: a gateway speaks to its client for itself. */
export const endToEnd = (lines: [string, string][]): [string, string][] =>
  lines.filter(([name]) => !hopByHop.has(name.toLowerCase()))

/** Several cookies in one line are one cookie to a browser. A date's comma is followed by no `name=`. */
export function checkCookies(lines: [string, string][], fix: string, warnings: string[]): void {
  for (const [name, value] of lines) {
    if (name.toLowerCase() === 'set-cookie' && /,\s*[^\s;,=]+=/.test(value)) {
      warnings.push(
        `Several cookies are joined in one set-cookie (${value}), and a browser reads only the first: ${fix}`,
      )
    }
  }
}

/** Header values all together may have 10,240 bytes at API Gateway. */
export function checkHeaderSize(lines: [string, string][]): void {
  const size = lines.reduce((sum, [, value]) => sum + Buffer.byteLength(value), 0)
  if (size > 10_240) throw new Malformed(`The answer's header values have ${size} bytes of 10240 allowed: send fewer.`)
}
