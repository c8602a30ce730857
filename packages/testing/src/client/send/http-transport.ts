import type { ClientRequest, IncomingMessage, RequestListener, Server } from 'node:http'
import type { Readable } from 'node:stream'
import type { WireRequest } from '../../wire.ts'
import type { Exchange } from '../exchange.ts'
import type { RequestSpec } from '../spec.ts'
import { isAborted } from './failures.ts'
import { type HeldServer, holdOf } from './held-server.ts'
import { exchangeOverHttp2, type Http2Address, type Received } from './http2-exchange.ts'
import { traceConnection, withLayerTrace } from './layer-trace.ts'
import type { SendOptions, Transport } from './transport.ts'

/** Sends requests over a socket: to a URL, a server, or a listener that gets a server of its own for as long as needed. */
export class HttpTransport implements Transport {
  readonly kind = 'http'
  readonly base: string
  readonly #server: HeldServer | undefined
  readonly #url: string

  constructor(target: string | Server | RequestListener, http2 = false) {
    const [url, base] = typeof target === 'string' ? splitUrl(target) : ['', '']
    this.#url = url
    this.base = base
    this.#server = typeof target === 'string' ? undefined : holdOf(target, http2)
  }

  origin(_spec: RequestSpec): string {
    return this.#server ? this.#server.origin() : this.#url
  }

  async open(_spec: RequestSpec): Promise<string> {
    return this.#server ? this.#server.hold() : this.#url
  }

  async close(): Promise<void> {
    await this.#server?.release()
  }

  async send(request: WireRequest, origin: string, options: SendOptions): Promise<Exchange> {
    const { body, ...received } = await withLayerTrace(options.trace, () => exchange(request, origin, options))
    const head = { ...received, warnings: [] }
    options.answered()
    const keepOpen = options.spec.stream !== undefined || !options.spec.buffer
    if (keepOpen) return { request, response: { ...head, body: new Uint8Array(), stream: body } }
    const read = await readBody(body, options.signal)
    return { request, response: { ...head, body: read.body }, partial: read.partial }
  }
}

const ORIGIN = /^[^:/?#]+:\/\/[^/?#]*/

/** A URL as its origin and what stands before each request's path. */
function splitUrl(given: string): [origin: string, base: string] {
  const url = given.startsWith('http') ? given : `http://${given}`
  const origin = ORIGIN.exec(url)?.[0] ?? url
  return [origin, url.slice(origin.length)]
}

function exchange(request: WireRequest, origin: string, options: SendOptions): Promise<Received> {
  const place = placeOf(new URL(origin), options.spec)
  return options.spec.http2
    ? exchangeOverHttp2(request, toHttp2Address(place, options.spec), options)
    : exchangeOverSocket(createRequest(request, place, options), request, options)
}

function exchangeOverSocket(
  outgoing: ClientRequest,
  { body }: WireRequest,
  { signal, trace }: SendOptions,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    outgoing.once('socket', (socket) => traceConnection(socket, trace))
    signal.addEventListener('abort', () => outgoing.destroy(), { once: true })
    outgoing.once('response', (message) => resolve(toReceived(message))).once('error', reject)
    outgoing.setNoDelay(true)
    outgoing.end(body)
  })
}

/** Where a request goes, and whom it is for. */
interface Place {
  secure: boolean
  host: string
  port: number | string
  socketPath?: string
  /** The `Host` if the request names none; a Unix socket has none. */
  authority: string
  credentials?: string
  /** The name that a certificate has to be for, if it is not the host that is connected to. */
  servername?: string
}

function placeOf(url: URL, spec: RequestSpec): Place {
  const base = { secure: url.protocol.startsWith('https'), credentials: credentialsOf(url) }
  if (url.protocol.endsWith('+unix:')) {
    return { ...base, host: 'localhost', port: '', authority: '', socketPath: url.hostname.replaceAll('%2F', '/') }
  }
  const { host, port } = connectTo(url, spec)
  const overridden = host !== bareHost(url)
  const name = spec.headers.get('host')?.value ?? (overridden ? url.host : undefined)
  const servername = name === undefined ? undefined : String(name).replace(/:\d+$/, '')
  return { ...base, host, port, authority: url.host, servername }
}

// As superagent sends them: in the escapes of the URL.
function credentialsOf({ username, password }: URL): string | undefined {
  if (!username && !password) return undefined
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function createRequest(request: WireRequest, place: Place, { spec, signal }: SendOptions): ClientRequest {
  const { host, port, socketPath, servername } = place
  const path = request.path + (request.query ? `?${request.query}` : '')
  const module = process.getBuiltinModule(place.secure ? 'node:https' : 'node:http')
  const outgoing = module.request({
    agent: false,
    ...(servername === undefined ? {} : { servername }),
    ...spec.tls,
    method: request.method,
    path,
    host,
    port,
    socketPath,
    signal: signal.aborted ? signal : undefined,
  })
  for (const [name, value] of groupLines(request.headers)) outgoing.setHeader(name, value)
  if (place.authority && !request.headers.some(([name]) => name.toLowerCase() === 'host')) {
    outgoing.setHeader('Host', place.authority)
  }
  if (place.credentials) outgoing.setHeader('Authorization', place.credentials)
  return outgoing
}

function toHttp2Address({ secure, host, port, authority, servername }: Place, spec: RequestSpec): Http2Address {
  const url = `${secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}${port ? `:${port}` : ''}`
  return { url, authority, options: { ...(servername === undefined ? {} : { servername }), ...spec.tls } }
}

function connectTo(url: URL, spec: RequestSpec): { host: string; port: number | string } {
  const bare = bareHost(url)
  const overrides = spec.connectOverride ?? {}
  const match = Object.hasOwn(overrides, bare) ? overrides[bare] : overrides['*']
  if (!match) return { host: bare, port: url.port }
  return typeof match === 'string'
    ? { host: match, port: url.port }
    : { host: match.host, port: match.port ?? url.port }
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

function groupLines(lines: [string, string][]): Map<string, string | string[]> {
  const grouped = new Map<string, string | string[]>()
  for (const [name, value] of lines) {
    const present = grouped.get(name)
    grouped.set(name, present === undefined ? value : [present, value].flat())
  }
  return grouped
}

function toReceived(message: IncomingMessage): Received {
  const headers: [string, string][] = []
  for (let at = 0; at < message.rawHeaders.length; at += 2) {
    headers.push([message.rawHeaders[at]!, message.rawHeaders[at + 1]!])
  }
  return { status: message.statusCode!, statusText: message.statusMessage ?? '', headers, body: message }
}

async function readBody(body: Readable, signal: AbortSignal): Promise<{ body: Buffer; partial: boolean }> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of body) chunks.push(chunk as Buffer)
  } catch (error) {
    if (!isAborted(signal.reason)) throw error
  }
  return { body: Buffer.concat(chunks), partial: signal.aborted }
}
