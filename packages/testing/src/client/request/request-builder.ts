import type { Agent } from 'node:http'
import { addAttachment, addField, type PartOptions } from './form.ts'
import { GatewayDefaults } from './gateway-defaults.ts'
import type { HeaderValue } from '../http/header-fields.ts'
import { addData } from './body.ts'
import type { RequestSpec } from '../spec.ts'

/** What belongs to one request: its method, URL and body. */
export class RequestBuilder extends GatewayDefaults {
  /** What comes before the path: `https://…` of the gateway, or the address of the server. */
  origin = ''

  get method(): string {
    return this.spec.method
  }

  set method(method: string) {
    this.spec.method = method
  }

  get url(): string {
    return this.origin + this.spec.path
  }

  set url(url: string) {
    if (this.origin && url.startsWith(this.origin)) this.spec.path = url.slice(this.origin.length)
    else this.spec.path = url
  }

  /** The fields set so far, in the case given. */
  get header(): Record<string, HeaderValue> {
    return Object.fromEntries([...this.spec.headers.values()].map((field) => [field.name, field.value]))
  }

  /** Cookies to send beside those of a `Cookie` field. */
  get cookies(): string {
    return this.spec.cookies
  }

  set cookies(cookies: string) {
    this.spec.cookies = cookies
  }

  /** The value of a request header field. */
  get(field: string): string {
    return this.spec.headers.get(field.toLowerCase())?.value as string
  }

  /** The value of a request header field. */
  getHeader(field: string): string {
    return this.get(field)
  }

  /**
   * Sets the body. Objects merge and are sent as JSON; strings join with `&` and are sent as a form, unless a type is set.
   * @throws Error for a BigInt, for what cannot merge, and after `.field()` or `.attach()`.
   */
  send(data?: string | object | number | boolean | null): this {
    addData(this.spec, data)
    return this
  }

  /** Adds a field to a multipart body. */
  field(fields: Readonly<Record<string, unknown>>): this
  field(name: string, value: unknown, options?: PartOptions): this
  field(name: string | Readonly<Record<string, unknown>>, value?: unknown, options?: PartOptions): this {
    addField(this.spec, name, value, options)
    return this
  }

  /** Adds a file to a multipart body: a path to read, bytes, a stream or a Blob. */
  attach(name: string, file: unknown, options?: PartOptions): this {
    addAttachment(this.spec, name, file, options)
    return this
  }

  /** Adds raw bytes to the body; a readable stream may be piped into the request. */
  write(data: string | Uint8Array, encoding?: BufferEncoding): boolean {
    this.spec.written.push(typeof data === 'string' ? Buffer.from(data, encoding) : data)
    return true
  }

  /** Connects to another address than the URL's host: one for all, or by host name. */
  connect(override?: string | RequestSpec['connectOverride']): this {
    this.spec.connectOverride = typeof override === 'string' ? { '*': override } : override
    return this
  }

  /** The function that looks host names up. */
  lookup(): unknown
  lookup(lookup: unknown): this
  lookup(...given: [lookup?: unknown]): unknown {
    if (given.length === 0) return this.spec.tls.lookup
    this.spec.tls.lookup = given[0]
    return this
  }

  /**
   * The `http.Agent` that pools connections; none unless told.
   * @throws TypeError for an object that is none.
   */
  agent(): Agent | false
  agent(agent: Agent | false): this
  agent(...given: [agent?: Agent | false]): this | Agent | false {
    const [agent] = given
    if (given.length === 0) return (this.spec.tls.agent as Agent | undefined) ?? false
    if (agent && typeof (agent as { addRequest?: unknown }).addRequest !== 'function') {
      throw new TypeError(
        '.agent() expects an http(s).Agent-compatible object. Did you mean to use .cert() and .key()?',
      )
    }
    this.spec.tls.agent = agent
    return this
  }

  /** Speaks HTTP/2, which the server has to as well; `false` goes back to HTTP/1.1. */
  http2(on = true): this {
    this.spec.http2 = on
    return this
  }

  /** Takes any certificate of a server on this machine. */
  trustLocalhost(trust = true): this {
    return trust && /^https:\/\/(localhost|127\.0\.0\.\d+|\[::1\])[:/]?/.test(this.url) ? this.disableTLSCerts() : this
  }

  /** The request as a plain object. */
  toJSON(): { method: string; url: string; data: unknown; headers: Record<string, HeaderValue> } {
    const headers = Object.fromEntries([...this.spec.headers].map(([name, field]) => [name, field.value]))
    return { method: this.method, url: this.url, data: this.spec.data, headers }
  }
}
