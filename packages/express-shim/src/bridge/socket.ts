import { EventEmitter } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { getDefaultHighWaterMark } from 'node:stream'
import type { HttpRequest, Invocation } from '@expressway/core/handle'
import { type PeerCertificate, toPeerCertificate } from './peer-certificate.ts'

// OutgoingMessage.end() writes `socket._writableState.corked`; nothing reads it, so all sockets share one.
const writableState = { corked: 0 }

/** Whose connection it is. */
export interface SocketOwner {
  readonly request: HttpRequest
  readonly invocation: Invocation
  /** The connection was destroyed; comes before `close` is emitted. */
  onClosed(error: Error | undefined): void
}

/** Node's classes keep the socket that they are given, and ask only for members that a BridgeSocket has. */
export function asSocket(socket: BridgeSocket): Socket {
  return socket as unknown as Socket
}

/**
 * The connection that a listener sees: it has an address and a life, and carries nothing. Bytes never pass through it,
 * as request and response are handed over whole; `destroy` is what ends the exchange.
 */
export class BridgeSocket extends EventEmitter {
  /** The server whose listeners run, if the application passed one. */
  readonly server: Server | undefined
  destroyed = false
  closed = false
  errored: Error | null = null
  readable = true
  writable = true
  /** Bytes of a streamed answer that its reader has not taken yet. */
  writableLength = 0
  /** Set for as long as the answer is not complete. */
  _httpMessage: ServerResponse | null = null
  incoming: IncomingMessage | undefined = undefined
  readonly owner: SocketOwner
  timeout: number | undefined = undefined
  #timer: NodeJS.Timeout | undefined = undefined

  constructor(owner: SocketOwner, server: Server | undefined) {
    super()
    this.owner = owner
    this.server = server
  }

  get encrypted(): boolean {
    return this.owner.request.protocol === 'https'
  }

  // Behind a proxy that ends TLS, applications are known to set it.
  set encrypted(value: boolean) {
    Object.defineProperty(this, 'encrypted', { value, writable: true, enumerable: true, configurable: true })
  }

  get remoteAddress(): string | undefined {
    return this.owner.request.remoteAddress
  }

  get remoteFamily(): 'IPv4' | 'IPv6' | undefined {
    if (this.remoteAddress === undefined) return undefined
    return this.remoteAddress.includes(':') ? 'IPv6' : 'IPv4'
  }

  // Event sources report neither the client's port nor their own address.
  get remotePort(): undefined {
    return undefined
  }

  get localAddress(): undefined {
    return undefined
  }

  get localPort(): number {
    return this.encrypted ? 443 : 80
  }

  get connecting(): boolean {
    return false
  }

  get pending(): boolean {
    return false
  }

  get readyState(): 'open' | 'closed' {
    return this.destroyed ? 'closed' : 'open'
  }

  /** Whether the gateway verified a certificate of the client's: mutual TLS. */
  get authorized(): boolean {
    return this.owner.request.identity?.clientCertificate !== undefined
  }

  // Any number above zero keeps OutgoingMessage.write() from scheduling an uncork for each chunk.
  get writableCorked(): number {
    return 1
  }

  get writableHighWaterMark(): number {
    return getDefaultHighWaterMark(false)
  }

  get readableHighWaterMark(): number {
    return getDefaultHighWaterMark(false)
  }

  get _writableState(): { corked: number } {
    return writableState
  }

  address(): { address?: string; family?: string; port?: number } {
    return {}
  }

  /** The client's certificate as the gateway describes it; an empty object without one, as in `node:tls`. */
  getPeerCertificate(): PeerCertificate {
    return toPeerCertificate(this.owner.request.identity?.clientCertificate)
  }

  cork(): void {}

  uncork(): void {}

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  pause(): this {
    return this
  }

  resume(): this {
    return this
  }

  setEncoding(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  /** Raw bytes have nowhere to go: what is written here never becomes part of the answer. */
  write(_data: unknown, encoding?: unknown, callback?: unknown): boolean {
    const done = typeof encoding === 'function' ? encoding : callback
    if (typeof done === 'function') process.nextTick(done as () => void)
    return !this.destroyed
  }

  end(): this {
    return this.destroy()
  }

  destroySoon(): void {
    this.destroy()
  }

  /** Breaks the connection off: the invocation ends at once, with what was answered completely, or with an error. */
  destroy(error?: Error): this {
    if (this.destroyed) return this
    this.destroyed = true
    this.readable = false
    this.writable = false
    this.errored = error ?? null
    this.stopTimer()
    // As of a real connection: the error in the next tick, the end once its handle is closed.
    if (error) process.nextTick(emitError, this, error)
    setImmediate(emitClose, this, error)
    return this
  }

  /** Calls back, and emits `timeout`, once nothing was written for so many milliseconds; 0 stops waiting. */
  setTimeout(milliseconds: number, callback?: () => void): this {
    this.stopTimer()
    this.timeout = milliseconds
    if (callback && milliseconds > 0) this.once('timeout', callback)
    if (callback && milliseconds === 0) this.off('timeout', callback)
    if (milliseconds > 0 && !this.destroyed) this.#timer = setTimeout(onIdle, milliseconds, this).unref()
    return this
  }

  refreshTimer(): void {
    this.#timer?.refresh()
  }

  stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

// An error without a listener is not thrown: http.Server listens for the errors of its connections.
function emitError(socket: BridgeSocket, error: Error): void {
  if (socket.listenerCount('error') > 0) socket.emit('error', error)
}

function emitClose(socket: BridgeSocket, error: Error | undefined): void {
  socket.closed = true
  socket.owner.onClosed(error)
  socket.emit('close', error !== undefined)
}

// As in http.Server: a listener takes over; without one the connection is closed.
function onIdle(socket: BridgeSocket): void {
  const { incoming, _httpMessage: outgoing } = socket
  const byRequest = incoming !== undefined && !incoming.complete && incoming.emit('timeout', socket)
  const byResponse = outgoing?.emit('timeout', socket) ?? false
  const byServer = socket.server?.emit('timeout', socket) ?? false
  if (!byRequest && !byResponse && !byServer) socket.destroy()
  socket.emit('timeout')
}
