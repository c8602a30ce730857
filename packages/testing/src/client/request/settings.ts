import { EventEmitter } from 'node:events'
import type { HeaderValue } from '../http/header-fields.ts'
import { toMediaType } from '../http/media-type.ts'
import type { Parser, RequestSpec } from '../spec.ts'
import type { Response } from '../response/response.ts'

/** What `.auth()` takes beside a user and a password. */
export interface AuthOptions {
  type: 'basic' | 'bearer' | 'auto'
}

/** PEM or PKCS #12 data, or a list of it. */
export type TlsFile = string | Buffer | readonly (string | Buffer)[]

/** What may be said for one request, or on an agent for all of its requests. Each method returns the object itself. */
export class RequestDefaults extends EventEmitter {
  /** @internal */
  readonly spec: RequestSpec

  constructor(spec: RequestSpec) {
    super()
    this.spec = spec
  }

  /** Sets a header field, or several from an object. The last value of a name counts. */
  set(field: Readonly<Record<string, HeaderValue>>): this
  set(field: string, value: HeaderValue): this
  set(field: string | Readonly<Record<string, HeaderValue>>, value?: HeaderValue): this {
    if (typeof field === 'object') {
      for (const [name, one] of Object.entries(field)) this.set(name, one)
      return this
    }
    const name = field.toLowerCase()
    this.spec.headers.delete(name)
    this.spec.headers.set(name, { name: field, value: value as HeaderValue })
    this.spec.unset.delete(name)
    return this
  }

  /** Takes a header field away, also one that is sent by default such as `Accept-Encoding`. */
  unset(field: string): this {
    this.spec.headers.delete(field.toLowerCase())
    this.spec.unset.add(field.toLowerCase())
    return this
  }

  /** Adds query parameters: text as it is, an object encoded. Texts come before objects, in the order given. */
  query(value: object | string): this {
    if (typeof value === 'string') this.spec.queryTexts.push(value)
    else Object.assign(this.spec.queryParams, value)
    return this
  }

  /** Sorts the query parameters, by name or by a function. */
  sortQuery(sort: boolean | ((a: string, b: string) => number) = true): this {
    this.spec.sortQuery = sort
    return this
  }

  /** Sets `Content-Type`: `json`, `form`, `png`, or a whole media type. */
  type(type: string): this {
    return this.set('Content-Type', toMediaType(type))
  }

  /** Sets `Accept`: `json`, `html`, or a whole media type. */
  accept(type: string): this {
    return this.set('Accept', toMediaType(type))
  }

  /** Sets `Authorization`: a user and password, `user:password`, or a token with `{ type: 'bearer' }`. */
  auth(user: string, options?: AuthOptions): this
  auth(user: string, password: string, options?: AuthOptions): this
  auth(user: string, second?: string | AuthOptions, third?: AuthOptions): this {
    const password = typeof second === 'object' ? '' : String(second ?? '')
    const { type } = (typeof second === 'object' ? second : third) ?? { type: 'basic' }
    if (type === 'bearer') return this.set('Authorization', `Bearer ${user}`)
    if (type === 'auto') this.spec.credentials = { user, password }
    // A type that nobody knows sets nothing.
    if (type === 'basic') this.set('Authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`)
    return this
  }

  /** Sets `Authorization: Bearer …`. */
  bearer(token: string): this {
    return this.set('Authorization', `Bearer ${token}`)
  }

  /** Turns the data of `.send()` into text or bytes in your own way. */
  // biome-ignore lint/suspicious/noExplicitAny: what was sent is the caller's own type
  serialize(serializer: (data: any) => unknown): this {
    this.spec.serializer = serializer
    return this
  }

  /** Reads the response in your own way: superagent's `(res, callback)` over the message's events. */
  parse(parser: Parser): this {
    this.spec.parser = parser
    return this
  }

  /** Any value reads the response as a Buffer. */
  responseType(type: string): this {
    this.spec.responseType = type
    return this
  }

  /** `false` leaves a body unread that is no JSON: take it from the response's `data` events or `.pipe()`. */
  buffer(value = true): this {
    this.spec.buffer = value !== false
    return this
  }

  /** The most bytes, after decompression, that a response may have. 200 MB unless told. */
  maxResponseSize(bytes: number): this {
    if (typeof bytes !== 'number') throw new TypeError('Invalid argument')
    this.spec.maxResponseSize = bytes || 200_000_000
    return this
  }

  /** How many redirects to follow; none unless told, any number for -1. */
  redirects(count: number): this {
    this.spec.maxRedirects = count
    return this
  }

  /** Limits in milliseconds: for the first byte (`response`) and for the whole (`deadline`, or a number). 0 is none. */
  timeout(limits?: number | false | { deadline?: number; response?: number; upload?: number }): this {
    if (typeof limits === 'object') Object.assign(this.spec.timeouts, knownLimits(limits))
    else this.spec.timeouts = { deadline: limits ?? false, response: false }
    return this
  }

  /** Tries again after a network error, a time-out or a status that asks for it (408, 413, 429, 500, 502, 503, 504). */
  retry(count: number | true = 1, callback?: RequestSpec['retryCallback']): this {
    this.spec.retries = count === true ? 1 : Math.max(count, 0)
    this.spec.retryCallback = callback
    return this
  }

  /** Decides which responses count as good; matters to `retry` and to the `error` event. */
  ok(callback: (response: Response) => boolean): this {
    if (typeof callback !== 'function') throw new Error('Callback required')
    this.spec.ok = callback
    return this
  }

  /** The certificate authorities to trust over HTTPS. */
  ca(certificates: TlsFile): this {
    return this.#tls({ ca: certificates })
  }

  /** The client's private key over HTTPS. */
  key(key: TlsFile): this {
    return this.#tls({ key })
  }

  /** The client's certificate over HTTPS. */
  cert(certificate: TlsFile): this {
    return this.#tls({ cert: certificate })
  }

  /** The client's key and certificate over HTTPS in one file, with its passphrase if it has one. */
  pfx(file: TlsFile | { pfx: TlsFile; passphrase: string }): this {
    return this.#tls(typeof file === 'object' && 'pfx' in file ? file : { pfx: file })
  }

  /** Takes any certificate of the server over HTTPS. */
  disableTLSCerts(): this {
    return this.#tls({ rejectUnauthorized: false })
  }

  /** Applies a plugin: a function that is called with this request. */
  use(plugin: (request: this) => void): this {
    plugin(this)
    return this
  }

  /** Aborts with the signal. */
  signal(signal: AbortSignal): this {
    this.spec.signal = signal
    return this
  }

  /** Exists for the sake of code shared with browsers; has no effect in Node. */
  withCredentials(_on?: boolean): this {
    return this
  }

  #tls(options: Record<string, unknown>): this {
    Object.assign(this.spec.tls, options)
    return this
  }
}

function knownLimits(limits: Record<string, unknown>): Record<string, unknown> {
  for (const name of Object.keys(limits)) {
    if (!['deadline', 'response', 'upload'].includes(name)) console.warn('Unknown timeout option', name)
  }
  return limits
}
