import type { Agent } from 'node:http'
import type { GatewayName } from '../../gateway.ts'
import type { CookieJar } from '../cookie-jar.ts'
import { type CookieOptions, expectCookie } from '../expect/cookie.ts'
import type { Expectation } from '../expect/expectation.ts'
import { expectJsonPath } from '../expect/json-path.ts'
import { expectBase64, expectChunk, expectNoWarnings, expectPrelude, expectResult } from '../expect/lambda.ts'
import { toExpectations } from '../expect/overloads.ts'
import { expectHandledBy } from '../expect/trace.ts'
import type { HeaderValue } from '../http/header-fields.ts'
import type { Response } from '../response/response.ts'
import type { Underway } from '../send/execution.ts'
import { aborted, isAborted } from '../send/failures.ts'
import { DEFAULT_LIMIT } from '../send/time-limit.ts'
import type { Transport } from '../send/transport.ts'
import { copySpec, createSpec, type PartOptions, type RequestSpec } from '../spec.ts'
import { asTransport, type Target } from '../target.ts'
import { addData } from './body.ts'
import { type Caller, type CallSite, callSite, withCallSite } from './call-site.ts'
import { toCurl } from './curl.ts'
import { addAttachment, addField } from './form.ts'
import { type Check, run } from './run.ts'
import { copyListeners, Settings } from './settings.ts'

/** Called when a request is done: with what went wrong or `null`, and the response if there is one. */
// biome-ignore lint/suspicious/noExplicitAny: as @types/superagent has it: errors carry status, response, code and more
export type CallbackHandler = (error: any, response: Response) => void

/** What an agent, or a request to all gateways, has settled already. */
export interface TestSettings {
  spec?: RequestSpec
  /** Milliseconds; 0 for no limit. */
  defaultLimit?: number
  jar?: CookieJar
  /** The function that the test called to begin the request. */
  calledAs?: Caller
}

/** The response beside a failure: supertest gives callbacks both. */
const failedResponse = new WeakMap<Error, Response>()

/** One request with its expectations. It is sent when it is awaited, or by `.end()`. */
export class Test extends Settings implements PromiseLike<Response> {
  /** The origin of the gateway (`https://…`) or of the server, which comes before the path. */
  origin: string
  /** @internal The agent's cookies. */
  readonly jar: CookieJar | undefined
  /** @internal */
  readonly defaultLimit: number
  /** @internal */
  readonly transport: Transport
  /** @internal */
  readonly site: CallSite
  /** @internal */
  readonly checks: Check[] = []
  /** @internal The request that is underway, to stop it. */
  underway: Underway | undefined
  #aborted: Error | undefined
  #ended = false
  #promise: Promise<Response> | undefined

  /** @throws TypeError for a target that cannot be asked */
  constructor(target: Target | Transport, method: string, path: string, http2 = false, settings: TestSettings = {}) {
    super(settings.spec ?? createSpec(method.toUpperCase(), path))
    this.transport = asTransport(target, { http2 })
    this.jar = settings.jar
    this.defaultLimit = settings.defaultLimit ?? DEFAULT_LIMIT
    this.spec.http2 ||= http2
    this.spec.path = this.transport.base + path
    this.origin = this.transport.origin(this.spec)
    this.site = callSite(settings.calledAs ?? Test)
  }

  /** The method, in capitals. */
  get method(): string {
    return this.spec.method
  }

  set method(method: string) {
    this.spec.method = method
  }

  /** The origin, path and query. */
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
   * Sets the body. Objects merge and are sent as JSON; strings and `URLSearchParams` join with `&` and are sent as a
   * form, unless a type is set. A `FormData` is sent as multipart, a `Blob` as its bytes and type.
   *
   * @throws Error for a BigInt, for values that cannot merge, and after `.field()` or `.attach()`
   */
  send(data?: string | object | number | boolean | null): this {
    addData(this.spec, data)
    return this
  }

  /**
   * Adds a field to a multipart body.
   *
   * @throws Error without a name or value, and after `.send()`
   */
  field(fields: Readonly<Record<string, unknown>>): this
  field(name: string, value: unknown, options?: PartOptions): this
  field(name: string | Readonly<Record<string, unknown>>, value?: unknown, options?: PartOptions): this {
    addField(this.spec, name, value, options)
    return this
  }

  /**
   * Adds a file to a multipart body: a path to read, bytes, a stream or a Blob.
   *
   * @throws Error after `.send()`
   */
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
   * The `http.Agent` that pools connections; default none.
   *
   * @throws TypeError if the object is no agent
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

  /**
   * Checks the response: its status, or one of several; its body (string, RegExp or object); a header field; or your
   * own function, which throws or returns an Error, or gives a promise that rejects. Checks run in order, and the first
   * that fails is the failure.
   *
   * @example await request(app).get('/').expect('Content-Type', /html/).expect(200, 'Hello')
   */
  expect(status: number, callback?: CallbackHandler): this
  expect(status: number, body: unknown, callback?: CallbackHandler): this
  expect(statuses: readonly number[], callback?: CallbackHandler): this
  // biome-ignore lint/suspicious/noExplicitAny: as supertest types it; any return value but an Error or a promise is ignored
  expect(checker: (response: Response) => any, callback?: CallbackHandler): this
  expect(body: string | RegExp, callback?: CallbackHandler): this
  expect<T extends object = object>(body: T, callback?: CallbackHandler): this
  expect(field: string, value: string | number | RegExp, callback?: CallbackHandler): this
  expect(...args: unknown[]): this {
    const callback = typeof args[0] === 'function' ? undefined : args.slice(1).find((arg) => typeof arg === 'function')
    if (callback) this.end(callback as CallbackHandler)
    for (const expectation of toExpectations(args)) this.#check(expectation, this.expect)
    return this
  }

  /**
   * The response sets this cookie: with a value, one that matches, or with attributes.
   *
   * @example request(app).post('/login').expectCookie('session', /./, { httpOnly: true, path: '/' })
   */
  expectCookie(name: string, value?: string | RegExp | CookieOptions | null, options?: CookieOptions): this {
    return this.#check(expectCookie(name, value, options), this.expectCookie)
  }

  /**
   * The body has this value at a path such as `$.items[0].name` or `items[*].id`: equal, matching, or by your own check.
   * Without a value, that there is one.
   */
  expectJsonPath(path: string, ...expected: [value?: unknown]): this {
    return this.#check(expectJsonPath(path, expected), this.expectJsonPath)
  }

  /** The handler's raw result has these members (deeply, others are ignored), or passes your own check. */
  expectResult(expected: object | ((result: never) => unknown)): this {
    this.spec.lambdaOnly.push('expectResult')
    return this.#check(expectResult(expected), this.expectResult)
  }

  /** The gateway took the answer without losing or changing anything: no warning. */
  expectGateway(expected: 'ok'): this {
    if (expected !== 'ok') throw new TypeError(`.expectGateway() takes 'ok', not ${String(expected)}`)
    this.spec.lambdaOnly.push('expectGateway')
    return this.#check(expectNoWarnings, this.expectGateway)
  }

  /** The handler's result is base64, or with `false` is not. */
  expectBase64(expected = true): this {
    this.spec.lambdaOnly.push('expectBase64')
    return this.#check(expectBase64(expected), this.expectBase64)
  }

  /** One of the streamed chunks (or the one at that index) equals this text or bytes, or matches. */
  expectChunk(expected: string | RegExp | Uint8Array, index?: number): this {
    return this.#check(expectChunk(expected, index), this.expectChunk)
  }

  /**
   * A layer of the Express application took the request: by its function's name, its path, both for a route
   * (`GET /users/:id`), what these match, or the function itself. `res.trace` has all of them, in order.
   *
   * @example request(app).get('/users/7').expectHandledBy('authenticate').expectHandledBy('GET /users/:id')
   */
  expectHandledBy(layer: string | RegExp | ((...args: never[]) => unknown)): this {
    return this.traceLayers().#check(expectHandledBy(layer), this.expectHandledBy)
  }

  /** The status and headers that a streaming handler sends ahead have these members. */
  expectPrelude(expected: object): this {
    this.spec.lambdaOnly.push('expectPrelude')
    return this.#check(expectPrelude(expected), this.expectPrelude)
  }

  /** Adds a check, reported at the line that called `above`. */
  #check(expectation: Expectation, above: Caller): this {
    this.checks.push({ expectation, site: callSite(above) })
    return this
  }

  /** Reads the answer as a stream and notes when each chunk came, in `res.chunks`. */
  stream(): this {
    this.spec.stream ??= {}
    const gateway = this.spec.gateways[0] ?? this.transport.gateway
    if (this.spec.gateways.length === 0 && gateway !== 'rest-api') this.spec.gateways = ['function-url']
    return this.gatewayOptions({ invokeMode: 'RESPONSE_STREAM', responseTransferMode: 'STREAM' })
  }

  /** Streams, and disconnects after so many chunks. */
  disconnectAfter(chunks: number): this {
    this.stream()
    this.spec.stream = { ...this.spec.stream, disconnectAfter: chunks }
    return this
  }

  /**
   * Streams to a client that reads no faster than this, so that a handler which respects `write()`'s result and `drain`
   * has to wait.
   *
   * @throws TypeError if the number is not above 0
   */
  slowReader({ bytesPerSecond }: { bytesPerSecond: number }): this {
    if (!(bytesPerSecond > 0)) throw new TypeError(`bytesPerSecond is a number above 0, not ${String(bytesPerSecond)}`)
    this.stream()
    this.spec.stream = { ...this.spec.stream, bytesPerSecond }
    return this
  }

  /** Sends the request; the callback gets what failed, or `null`, and the response. */
  end(callback?: CallbackHandler): this {
    const done = (error: Error | null, response?: Response) => {
      // In its own tick, so that an error of the callback does not count as the request's failure.
      if (callback) process.nextTick(() => callback.call(this, error, response as Response))
    }
    this.#start().then(
      (response) => done(null, response),
      (error) => {
        if (!isAborted(error)) done(error, failedResponse.get(error))
      },
    )
    return this
  }

  // biome-ignore lint/suspicious/noThenProperty: a request is awaited, as superagent's is
  then<A = Response, B = never>(
    resolve?: ((response: Response) => A | PromiseLike<A>) | null,
    // biome-ignore lint/suspicious/noExplicitAny: a rejection's reason has no type
    reject?: ((error: any) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (!this.#promise && this.#ended) {
      console.warn(
        'Warning: superagent request was sent twice, because both .end() and .then() were called. Never call .end() if you use promises',
      )
    }
    this.#promise ??= Promise.race([this.#start(), this.#whenAborted()])
    return this.#promise.then(resolve, reject)
  }

  /** Sends the request; takes what its promise rejects with. */
  // biome-ignore lint/suspicious/noExplicitAny: a rejection's reason has no type
  catch<B = never>(reject?: ((error: any) => B | PromiseLike<B>) | null): Promise<Response | B> {
    return this.then(undefined, reject)
  }

  /** Sends the request; called when it is answered or has failed. */
  finally(settled?: (() => void) | null): Promise<Response> {
    return this.then().finally(settled)
  }

  /** Sends the request and pipes the body of the response. */
  pipe<T extends NodeJS.WritableStream>(stream: T, options?: { end?: boolean }): T {
    this.buffer(false).spec.piped = true
    this.#start().then(
      (response) => response.pipe(stream, options),
      (error) => stream.emit('error', error),
    )
    return stream
  }

  /** Ends the time limits of the request that is underway. */
  clearTimeout(): this {
    this.underway?.limit.clear()
    return this
  }

  /** Gives up: the promise rejects with `Aborted`, and listeners get the `abort` event. */
  abort(): this {
    if (this.#aborted) return this
    this.#aborted = aborted(this.method, this.url)
    this.underway?.stop(this.#aborted)
    this.emit('abort')
    return this
  }

  /** The request as a curl command line. */
  toCurl(): Promise<string> {
    return toCurl(this.spec, this.transport.origin(this.spec))
  }

  get [Symbol.toStringTag](): string {
    return 'Test'
  }

  /** A promise rejects when the test aborts; callbacks get what had arrived. */
  #whenAborted(): Promise<never> {
    return new Promise((_, reject) => {
      this.on('abort', () => {
        if (this.#aborted) reject(withCallSite(this.#aborted, this.site))
      })
    })
  }

  async #start(): Promise<Response> {
    if (this.#ended) throw new Error('.end() was called twice. This is not supported in superagent')
    this.#ended = true
    // Calls that follow in the same chain, as after `.expect(200, callback)`, still count.
    await undefined
    if (this.#aborted) throw new Error('The request has been aborted even before .end() was called')
    if (this.spec.signal?.aborted) this.abort()
    const onAbort = () => void this.abort()
    this.spec.signal?.addEventListener('abort', onAbort)
    try {
      return await this.#checked()
    } finally {
      this.spec.signal?.removeEventListener('abort', onAbort)
    }
  }

  async #checked(): Promise<Response> {
    if (this.#aborted) throw this.#aborted
    const { failure, response } = await run(this)
    if (!failure) return response!
    if (response) failedResponse.set(failure, response)
    throw failure
  }

  /** @internal */
  copyFor(gateway: GatewayName): Test {
    const spec = { ...copySpec(this.spec), gateways: [gateway] }
    const { defaultLimit, jar } = this
    const copy = new Test(this.transport, spec.method, spec.path, false, { spec, defaultLimit, jar })
    copyListeners(this, copy)
    return copy
  }
}
