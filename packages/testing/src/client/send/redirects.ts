import type { Exchange } from '../exchange.ts'
import { headerOf, toResponseHeaders } from '../http/header-fields.ts'
import type { RequestSpec } from '../spec.ts'

const REDIRECTS = new Set([301, 302, 303, 305, 307, 308])

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status)
}

/**
 * Where the answer leads.
 * @throws Error if `Location` is missing, no URL, or of another scheme than HTTP: a server must not steer a client
 * to a file or a Unix socket.
 */
export function locationOf({ response }: Exchange, current: string): URL {
  const location = headerOf(response.headers, 'location')
  if (!location) throw Object.assign(new Error('No location header for redirect'), { status: response.status })
  if (!URL.canParse(location, current))
    throw redirectError(response.status, 'EINVALIDREDIRECT', 'Invalid redirect location', location)
  const target = new URL(location, current)
  if (/^https?:$/.test(target.protocol) || isSameSocket(target, new URL(current))) return target
  throw redirectError(response.status, 'EUNSUPPORTEDREDIRECT', 'Unsupported protocol in redirect location', target.href)
}

function isSameSocket({ protocol, hostname }: URL, current: URL): boolean {
  return protocol.endsWith('+unix:') && protocol === current.protocol && hostname === current.hostname
}

function redirectError(status: number, code: string, reason: string, location: string): Error {
  return Object.assign(new Error(`${reason}: ${location}`), { status, code, location })
}

/**
 * Turns the request into the one that follows: 301, 302 and 303 become a GET without body (a HEAD stays one, except
 * after 303), 307 and 308 keep method and body; credentials go no further than the origin they were given for.
 */
export function followRedirect(spec: RequestSpec, { request, response }: Exchange, sameOrigin: boolean): void {
  const sent = toResponseHeaders(request.headers)
  spec.headers = new Map(
    request.headers.map(([name]) => [name.toLowerCase(), { name, value: sent[name.toLowerCase()]! }]),
  )
  spec.headers.delete('host')
  if (response.status === 307 || response.status === 308) keepBody(spec, request.body)
  else dropBody(spec, response.status)
  if (sameOrigin) return
  spec.headers.delete('authorization')
  spec.headers.delete('cookie')
  spec.credentials = undefined
  spec.cookies = ''
}

function keepBody(spec: RequestSpec, body: Uint8Array | undefined): void {
  spec.form = []
  spec.data = undefined
  spec.written = body ? [body] : []
}

function dropBody(spec: RequestSpec, status: number): void {
  keepBody(spec, undefined)
  for (const name of ['content-type', 'content-length', 'transfer-encoding']) spec.headers.delete(name)
  spec.method = spec.method === 'HEAD' && status !== 303 ? 'HEAD' : 'GET'
}
