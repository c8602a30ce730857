import type { HttpRequest } from '@expressway/core/handle'
import { toPeerCertificate } from '../bridge/peer-certificate.ts'
import { getBuiltinModule } from '../builtin.ts'
import { MESSAGE } from './message-state.ts'

type EventEmitter = import('node:events').EventEmitter

type Listener = (...args: never[]) => void

/** The members that Node's prototypes add to the class of the same name. */
export interface Socket extends EventEmitter {}

/** A response as its request and their connection see it. */
export interface Reply extends EventEmitter {
  statusCode: number
  readonly finished: boolean
  readonly destroyed: boolean
  readonly writableFinished: boolean
  destroy(error?: Error): unknown
}

/** A request as its connection sees it. */
export interface ConnectedRequest extends EventEmitter {
  readonly [MESSAGE]: HttpRequest
  readonly complete: boolean
  readonly res: Reply | undefined
}

/**
 * What middleware may ask a connection for, of a request that came in an event. Nothing can be read from it or written to it
 * past the response; destroying it ends the exchange.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: for the reason above.
export class Socket {
  readonly encrypted: boolean
  readonly remoteAddress: string | undefined
  readonly remoteFamily: 'IPv4' | 'IPv6' | undefined
  readonly remotePort: number | undefined
  readonly localAddress = '127.0.0.1'
  readonly localPort: number
  readonly authorized: boolean
  readonly connecting = false
  readonly pending = false
  readonly bytesRead = 0
  readonly bytesWritten = 0
  readonly writableLength = 0
  readonly readableHighWaterMark = 65_536
  readonly writableHighWaterMark = 65_536
  readonly server = undefined
  readonly parser = null
  readable = true
  writable = true
  destroyed = false
  closed = false
  errored: Error | null = null
  timeout = 0
  readonly #request: ConnectedRequest
  #timer: NodeJS.Timeout | undefined

  constructor(request: ConnectedRequest) {
    const message = request[MESSAGE]
    this.#request = request
    this.encrypted = message.protocol === 'https'
    this.remoteAddress = message.remoteAddress
    this.remoteFamily =
      this.remoteAddress === undefined ? undefined : this.remoteAddress.includes(':') ? 'IPv6' : 'IPv4'
    this.remotePort = undefined
    this.localPort = Number(message.headers['x-forwarded-port']) || (this.encrypted ? 443 : 80)
    this.authorized = message.identity?.clientCertificate !== undefined
  }

  get _httpMessage(): unknown {
    const { res } = this.#request
    return res && !res.finished ? res : null
  }

  get readyState(): 'open' | 'closed' {
    return this.destroyed ? 'closed' : 'open'
  }

  /** Ends the exchange: a response that is not complete is lost, as with a connection. */
  destroy(error?: Error): this {
    if (this.destroyed) return this
    this.destroyed = true
    this.readable = this.writable = false
    this.errored = error ?? null
    clearTimeout(this.#timer)
    this.#request.res?.destroy(error)
    process.nextTick(() => {
      this.closed = true
      if (error && this.listenerCount('error') > 0) this.emit('error', error)
      this.emit('close', error !== undefined)
    })
    return this
  }

  destroySoon(): void {
    if (this.#request.res?.finished !== true) this.destroy()
  }

  resetAndDestroy(): this {
    return this.destroy()
  }

  setTimeout(milliseconds: number, listener?: Listener): this {
    clearTimeout(this.#timer)
    this.timeout = milliseconds
    if (listener && milliseconds > 0) this.once('timeout', listener as () => void)
    else if (listener) this.removeListener('timeout', listener as () => void)
    if (milliseconds > 0) this.#timer = setTimeout(() => this.#timedOut(), milliseconds).unref()
    return this
  }

  // As in Node's server: listeners decide; without one the connection is closed.
  #timedOut(): void {
    const { res } = this.#request
    if (this.destroyed || res?.finished) return
    const heard = [
      this.emit('timeout'),
      !this.#request.complete && this.#request.emit('timeout', this),
      res?.emit('timeout', this),
    ]
    if (!heard.includes(true)) this.destroy()
  }

  write(_data: unknown, encoding?: unknown, callback?: unknown): boolean {
    const done = typeof encoding === 'function' ? encoding : callback
    if (typeof done === 'function') process.nextTick(done)
    return true
  }

  end(...args: unknown[]): this {
    const done = args.find((arg) => typeof arg === 'function')
    if (done) process.nextTick(done as () => void)
    this.destroySoon()
    return this
  }

  address(): { address: string; family: string; port: number } {
    return { address: this.localAddress, family: 'IPv4', port: this.localPort }
  }

  /** The client's certificate of mutual TLS, in the form of Node's TLSSocket; `{}` without one. */
  getPeerCertificate(): object {
    return toPeerCertificate(this.#request[MESSAGE].identity?.clientCertificate)
  }

  setKeepAlive(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  setEncoding(): this {
    return this
  }

  pause(): this {
    return this
  }

  resume(): this {
    return this
  }

  unpipe(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  cork(): void {}

  uncork(): void {}
}

Object.setPrototypeOf(Socket.prototype, getBuiltinModule('node:events').EventEmitter.prototype)
