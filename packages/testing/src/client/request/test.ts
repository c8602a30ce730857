import type { CookieJar } from '../cookie-jar.ts'
import type { GatewayName } from '../../wire.ts'
import { type Expectation, expectBody, expectHeader, expectStatus, expectStatusIn, failureOf } from '../expect/expectation.ts'
import { type Caller, type CallSite, callSite, withCallSite } from './call-site.ts'
import { CheckedRequest } from './checked-request.ts'
import { compareResponses } from '../expect/comparison.ts'
import { toCurl } from './curl.ts'
import type { Transport } from '../exchange.ts'
import { attempt, type Outcome } from '../send/execution.ts'
import { aborted, isAborted, toConnectionError } from '../send/failures.ts'
import { copyListeners } from './listeners.ts'
import { copySpec, createSpec, type RequestSpec } from '../spec.ts'
import type { Response } from '../response/response.ts'
import { shouldRetry } from '../send/retries.ts'
import { statusText } from '../expect/status-text.ts'
import { asTransport, type Target } from '../target.ts'
import { DEFAULT_LIMIT, type TimeLimit } from '../send/time-limit.ts'

/** Called when a request is done: with what went wrong or `null`, and the response if there is one. */
// biome-ignore lint/suspicious/noExplicitAny: as @types/superagent has it: errors carry status, response, code and more
export type CallbackHandler = (error: any, response: Response) => void

/** What an agent, or a request to all gateways, has settled already. */
export interface TestSettings {
  spec?: RequestSpec
  defaultLimit?: number
  calledAs?: Caller
}

/** One request with its expectations. It is sent when it is awaited, or by `.end()`. */
export class Test extends CheckedRequest implements PromiseLike<Response> {
  /** @internal The agent's cookies. */
  jar: CookieJar | undefined
  /** @internal Milliseconds before an unanswered request fails where the test set no limit; 0 is none. */
  defaultLimit: number
  /** @internal How to end the waiting for the request that is underway. */
  underway: { stop(reason: Error): void; limit?: TimeLimit } | undefined
  readonly #transport: Transport
  readonly #site: CallSite
  #aborted: Error | undefined
  #ended = false
  #promise: Promise<Response> | undefined

  /** @throws TypeError for a target that cannot be asked. */
  constructor(target: Target | Transport, method: string, path: string, http2 = false, settings: TestSettings = {}) {
    super(settings.spec ?? createSpec(method.toUpperCase(), path))
    this.#transport = asTransport(target, { http2 })
    this.defaultLimit = settings.defaultLimit ?? DEFAULT_LIMIT
    this.spec.http2 ||= http2
    this.spec.path = this.#transport.base + path
    this.origin = this.#transport.origin(this.spec)
    this.#site = callSite(settings.calledAs ?? Test)
  }

  /**
   * What the response is to be: a status, one of several, a body (string, RegExp or object), a header field, or your
   * own function, which throws or returns an Error. Checks run in order; the first that fails is the failure.
   *
   * @example await request(app).get('/').expect('Content-Type', /html/).expect(200, 'Hello')
   */
  expect(status: number, callback?: CallbackHandler): this
  expect(status: number, body: unknown, callback?: CallbackHandler): this
  expect(statuses: readonly number[], callback?: CallbackHandler): this
  // biome-ignore lint/suspicious/noExplicitAny: as supertest types it, any return value but an Error is ignored
  expect(checker: (response: Response) => any, callback?: CallbackHandler): this
  expect(body: string | RegExp, callback?: CallbackHandler): this
  expect<T extends object = object>(body: T, callback?: CallbackHandler): this
  expect(field: string, value: string | number | RegExp, callback?: CallbackHandler): this
  expect(...args: unknown[]): this {
    const callback = typeof args[0] === 'function' ? undefined : args.slice(1).find((arg) => typeof arg === 'function')
    if (callback) this.end(callback as CallbackHandler)
    for (const expectation of toExpectations(args)) this.check(expectation, this.expect)
    return this
  }

  /** Reads the answer as a stream and notes when each chunk came, in `res.chunks`. */
  stream(): this {
    this.spec.stream ??= {}
    const gateway = this.spec.gateways[0] ?? this.#transport.gateway
    if (this.spec.gateways.length === 0 && gateway !== 'rest-api') this.spec.gateways = ['function-url']
    return this.gatewayOptions({ invokeMode: 'RESPONSE_STREAM', responseTransferMode: 'STREAM' })
  }

  /** Streams, and goes away after so many chunks. */
  disconnectAfter(chunks: number): this {
    this.stream()
    this.spec.stream = { ...this.spec.stream, disconnectAfter: chunks }
    return this
  }

  /**
   * Streams to a client that reads no faster than this, so that a handler that minds `write()`'s answer and `drain` waits.
   *
   * @throws TypeError where the number is none above 0
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
      // In a tick of its own, so that what the callback throws is not taken for the request's failure.
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

  // biome-ignore lint/suspicious/noExplicitAny: a rejection's reason has no type
  catch<B = never>(reject?: ((error: any) => B | PromiseLike<B>) | null): Promise<Response | B> {
    return this.then(undefined, reject)
  }

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

  /** Stops the limits of the request that is underway. */
  clearTimeout(): this {
    this.underway?.limit?.clear()
    return this
  }

  /** Gives up: the promise rejects with `Aborted`, the `abort` event tells listeners. */
  abort(): this {
    if (this.#aborted) return this
    this.#aborted = aborted(this.method, this.url)
    this.underway?.stop(this.#aborted)
    this.emit('abort')
    return this
  }

  /** The request as a curl command line. */
  toCurl(): Promise<string> {
    return toCurl(this.spec, this.#transport.origin(this.spec))
  }

  get [Symbol.toStringTag](): string {
    return 'Test'
  }

  /** Callbacks get what had come when the test aborts; a promise rejects. */
  #whenAborted(): Promise<never> {
    return new Promise((_, reject) => {
      this.on('abort', () => {
        if (this.#aborted) reject(withCallSite(this.#aborted, this.#site))
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
    const { error, response } = this.#compares ? await this.#runAll() : await this.#run()
    const failure = this.#failureOf(error, response)
    if (!failure) return response!
    if (response) failedResponse.set(failure, response)
    throw failure
  }

  /** Whether several gateways are asked: a real server has only itself. */
  get #compares(): boolean {
    return this.spec.gateways.length > 1 && this.#transport.kind === 'lambda'
  }

  async #run(): Promise<Outcome> {
    for (let tries = 0; ; tries++) {
      const outcome = await attempt(this, this.#transport)
      if (isAborted(outcome.error)) return outcome
      if (tries < this.spec.retries && shouldRetry(this.spec, outcome)) continue
      return this.#settled(outcome, tries)
    }
  }

  /** superagent's own verdict on the answer: an error for a status that is not good, told to `error` listeners. */
  #settled({ error, response }: Outcome, retries: number): Outcome {
    // What is piped goes on whatever its status.
    const failure = error ?? (response && !this.spec.piped && this.#unsuccessful(response))
    if (!failure) return { error: null, response }
    Object.assign(failure, { response }, this.spec.retries > 0 ? { retries } : {})
    if (this.listenerCount('error') > 0) this.emit('error', failure)
    return { error: failure, response }
  }

  #unsuccessful(response: Response): Error | null {
    const { status } = response
    try {
      if (this.spec.ok ? this.spec.ok(response) : response.ok) return null
      return Object.assign(new Error(statusText(status) ?? 'Unsuccessful HTTP response'), { status })
    } catch (error) {
      return Object.assign(error as Error, { status: (error as { status?: number }).status ?? status })
    }
  }

  async #runAll(): Promise<Outcome> {
    const { spec } = this
    const responses: Response[] = []
    for (const gateway of spec.gateways) {
      const one = this.#copyFor([gateway])
      this.underway = { stop: (reason) => one.underway?.stop(reason) }
      const { error, response } = await one.#run()
      if (!response) return { error: namingGateway(error!, gateway) }
      responses.push(response)
    }
    const [first] = responses
    first!.all = Object.fromEntries(spec.gateways.map((gateway, at) => [gateway, responses[at]]))
    return { error: compareResponses(spec.gateways, responses, spec.ignoredHeaders), response: first }
  }

  #copyFor(gateways: GatewayName[]): Test {
    const spec = { ...copySpec(this.spec), gateways }
    const copy = new Test(this.#transport, spec.method, spec.path, false, { spec, defaultLimit: this.defaultLimit })
    copy.jar = this.jar
    copyListeners(this, copy)
    return copy
  }

  #failureOf(error: Error | null, response: Response | undefined): Error | undefined {
    if (!response) return withCallSite(toConnectionError(error!), this.#site)
    if (this.#compares && error) return withCallSite(error, this.#site)
    const failed = this.#firstFailure(response)
    if (failed) return failed
    // A status that is not good is the test's own business; anything else that superagent found is a failure.
    return error && (error as { status?: number }).status !== response.status ? error : undefined
  }

  #firstFailure(response: Response): Error | undefined {
    const all = Object.values(response.all)
    for (const { expectation, site } of this.checks) {
      for (const one of all.length > 0 ? all : [response]) {
        const failure = failureOf(expectation, one)
        if (failure) return withCallSite(all.length > 0 ? namingGateway(failure, one.gateway!.name) : failure, site)
      }
    }
  }
}

// supertest hands callbacks the response beside the failure.
const failedResponse = new WeakMap<Error, Response>()

function namingGateway(error: Error, gateway: string): Error {
  error.message += ` (through ${gateway})`
  return error
}

/** The overloads of `.expect`, told apart as supertest does. */
function toExpectations(args: unknown[]): Expectation[] {
  const [first, second] = args
  if (typeof first === 'function') return [first as Expectation]
  if (typeof first === 'number') {
    const hasBody = args.length > 1 && typeof second !== 'function'
    return hasBody ? [expectStatus(first), expectBody(second)] : [expectStatus(first)]
  }
  if (Array.isArray(first) && first.length > 0 && first.every((one) => typeof one === 'number')) {
    return [expectStatusIn(first)]
  }
  if (typeof second === 'string' || typeof second === 'number' || second instanceof RegExp) {
    return [expectHeader(String(first), second)]
  }
  return [expectBody(first)]
}
