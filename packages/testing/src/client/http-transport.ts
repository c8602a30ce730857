import type { ClientRequest, IncomingMessage, RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WireRequest, WireResponse } from '../exchange.ts'
import type { Exchange, SendOptions, Transport } from './exchange.ts'
import { isAborted } from './failures.ts'
import type { RequestSpec } from './request-spec.ts'

/** Sends requests over a socket: to a URL, a server, or a listener that gets a server of its own for as long as needed. */
export class HttpTransport implements Transport {
  readonly kind = 'http'
  readonly #server: HeldServer | undefined
  readonly #url: string

  constructor(target: string | Server | RequestListener) {
    this.#url = typeof target === 'string' ? withProtocol(target) : ''
    this.#server = typeof target === 'string' ? undefined : holdOf(target)
  }

  origin(_spec: RequestSpec): string {
    return this.#server ? (this.#server.address() ?? 'http://127.0.0.1') : this.#url
  }

  async open(_spec: RequestSpec): Promise<string> {
    return this.#server ? this.#server.hold() : this.#url
  }

  async close(): Promise<void> {
    await this.#server?.release()
  }

  async send(request: WireRequest, origin: string, options: SendOptions): Promise<Exchange> {
    const message = await exchangeOverSocket(request, origin, options)
    options.answered()
    const keepOpen = options.spec.stream !== undefined || !options.spec.buffer
    if (keepOpen) return { request, response: toStreaming(message) }
    const { body, partial } = await readBody(message, options.signal)
    return { request, response: { ...toHead(message), body }, partial }
  }
}

function withProtocol(url: string): string {
  return url.startsWith('http') ? url : `http://${url}`
}

// One server for all requests of the same listener or server, closed after the last; a server that the caller had
// started is left alone.
const held = new WeakMap<object, HeldServer>()

function holdOf(target: Server | RequestListener): HeldServer {
  const known = held.get(target)
  if (known) return known
  const server = typeof target === 'function' ? process.getBuiltinModule('node:http').createServer(target) : target
  const hold = new HeldServer(server)
  held.set(target, hold)
  return hold
}

class HeldServer {
  readonly #server: Server
  #holds = 0
  #ours: Promise<void> | undefined
  #closing: Promise<void> | undefined

  constructor(server: Server) {
    this.#server = server
  }

  address(): string | undefined {
    const address = this.#server.address() as AddressInfo | null
    if (!address) return undefined
    const host = address.address === '::' || address.address === '0.0.0.0' ? '127.0.0.1' : address.address
    const tls = this.#server instanceof process.getBuiltinModule('node:tls').Server
    return `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${address.port}`
  }

  async hold(): Promise<string> {
    await this.#closing
    if (this.#holds++ === 0 && !this.#server.address()) this.#ours = listen(this.#server)
    try {
      await this.#ours
    } catch (error) {
      this.#holds--
      this.#ours = undefined
      throw error
    }
    return this.address()!
  }

  async release(): Promise<void> {
    if (--this.#holds > 0 || !this.#ours) return
    this.#ours = undefined
    this.#closing = new Promise((resolve) => this.#server.close(() => resolve()))
    await this.#closing
    this.#closing = undefined
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

function exchangeOverSocket(request: WireRequest, origin: string, options: SendOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = createRequest(request, origin, options)
    options.signal.addEventListener('abort', () => outgoing.destroy(), { once: true })
    outgoing.once('response', resolve).once('error', reject)
    outgoing.setNoDelay(true)
    outgoing.end(request.body)
  })
}

function createRequest(request: WireRequest, origin: string, { spec, signal }: SendOptions): ClientRequest {
  const url = new URL(origin)
  const { host, port } = connectTo(url, spec)
  const path = request.path + (request.query ? `?${request.query}` : '')
  const module = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http')
  const outgoing = module.request({
    agent: false,
    ...spec.tls,
    method: request.method,
    path,
    host,
    port,
    signal: signal.aborted ? signal : undefined,
  })
  for (const [name, value] of groupLines(request.headers)) outgoing.setHeader(name, value)
  if (!request.headers.some(([name]) => name.toLowerCase() === 'host')) outgoing.setHeader('Host', url.host)
  return outgoing
}

function connectTo(url: URL, spec: RequestSpec): { host: string; port: number | string } {
  const bare = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const overrides = spec.connectOverride ?? {}
  const match = Object.hasOwn(overrides, bare) ? overrides[bare] : overrides['*']
  if (!match) return { host: bare, port: url.port }
  return typeof match === 'string'
    ? { host: match, port: url.port }
    : { host: match.host, port: match.port ?? url.port }
}

function groupLines(lines: [string, string][]): Map<string, string | string[]> {
  const grouped = new Map<string, string | string[]>()
  for (const [name, value] of lines) {
    const present = grouped.get(name)
    grouped.set(name, present === undefined ? value : [present, value].flat())
  }
  return grouped
}

function toHead(message: IncomingMessage): Omit<WireResponse, 'body' | 'stream'> {
  const headers: [string, string][] = []
  for (let at = 0; at < message.rawHeaders.length; at += 2) {
    headers.push([message.rawHeaders[at]!, message.rawHeaders[at + 1]!])
  }
  return { status: message.statusCode!, statusText: message.statusMessage ?? '', headers, warnings: [] }
}

function toStreaming(message: IncomingMessage): WireResponse {
  return { ...toHead(message), body: new Uint8Array(), stream: message as AsyncIterable<Uint8Array> }
}

async function readBody(message: IncomingMessage, signal: AbortSignal): Promise<{ body: Buffer; partial: boolean }> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of message) chunks.push(chunk as Buffer)
  } catch (error) {
    if (!isAborted(signal.reason)) throw error
  }
  return { body: Buffer.concat(chunks), partial: signal.aborted }
}
