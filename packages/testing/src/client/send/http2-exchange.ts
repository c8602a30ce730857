import type { ClientHttp2Session, IncomingHttpHeaders, SecureClientSessionOptions } from 'node:http2'
import type { Readable } from 'node:stream'
import type { WireRequest } from '../../wire.ts'
import { traceConnection } from './layer-trace.ts'
import type { SendOptions } from './transport.ts'

/** The status and headers of an answer whose body is still to be read. */
export interface Received {
  status: number
  statusText: string
  headers: [string, string][]
  body: Readable
}

/** Where to connect, and for whom. */
export interface Http2Address {
  /** The origin to connect to. */
  url: string
  /** The authority of the request if it names no host. */
  authority: string
  options: SecureClientSessionOptions
}

/** Sends one request over a connection of its own, which ends with the answer's body. */
export function exchangeOverHttp2(
  request: WireRequest,
  address: Http2Address,
  { signal, trace }: SendOptions,
): Promise<Received> {
  const session = process.getBuiltinModule('node:http2').connect(address.url, address.options)
  const stop = () => session.destroy()
  signal.addEventListener('abort', stop, { once: true })
  return new Promise((resolve, reject) => {
    session.once('connect', (_session, socket) => traceConnection(socket, trace))
    session.once('error', reject)
    session.once('close', () => reject(new Error('The HTTP/2 session was closed before it answered.')))
    const stream = session.request(toHeaders(request, address.authority))
    stream.once('error', reject).once('close', () => endSession(session, signal, stop))
    stream.once('response', (headers) => resolve({ ...toHead(headers), body: stream }))
    stream.end(request.body)
  })
}

function endSession(session: ClientHttp2Session, signal: AbortSignal, stop: () => void): void {
  signal.removeEventListener('abort', stop)
  session.close()
}

// RFC 9113, 8.2.2: fields of the connection must not be sent.
const OF_CONNECTION = /^(connection|host|keep-alive|proxy-connection|transfer-encoding|upgrade)$/

function toHeaders({ method, path, query, headers: lines }: WireRequest, authority: string) {
  const headers: Record<string, string | string[]> = {
    ':method': method,
    ':path': query ? `${path}?${query}` : path,
    ':authority': authority,
  }
  for (const [name, value] of lines) {
    const key = name.toLowerCase()
    if (key === 'host') headers[':authority'] = value
    else if (!OF_CONNECTION.test(key)) headers[key] = key in headers ? [headers[key]!, value].flat() : value
  }
  return headers
}

function toHead(headers: IncomingHttpHeaders & { ':status'?: number }): Omit<Received, 'body'> {
  const lines = Object.entries(headers).filter(([name]) => !name.startsWith(':'))
  return {
    status: headers[':status']!,
    statusText: '', // HTTP/2 has none (RFC 9113, 8.3.2).
    headers: lines.flatMap(([name, value]) => [value!].flat().map((one): [string, string] => [name, String(one)])),
  }
}
