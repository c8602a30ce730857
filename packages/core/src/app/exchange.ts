import { finish } from '../finish/finish.ts'
import type { Request } from '../handler/request.ts'
import type { Response } from '../handler/response.ts'
import { beforeDeadline } from '../message/deadline.ts'
import { BadRequestError, ServiceUnavailableError } from '../message/errors.ts'
import type { Invocation } from '../message/handle.ts'
import { type Chunk, createHeaders, type HttpResponse, isChunk } from '../message/message.ts'
import { isPromise } from '../message/promise.ts'
import { nameOf, run } from './compose.ts'
import type { ErrorAnswer } from './error-answer.ts'
import type { Route } from './route-table.ts'

/**
 * One request and the answer to it. The answer is synchronous if all handlers are: a promise takes more time than a small
 * route. Each asynchronous step is a method of its own for the same reason, as a closure in `answer` would cost every request.
 */
export class Exchange {
  readonly route: Route
  readonly req: Request<never>
  readonly res: Response
  readonly invocation: Invocation
  readonly #errors: ErrorAnswer

  constructor(route: Route, req: Request<never>, res: Response, errors: ErrorAnswer, invocation: Invocation) {
    this.route = route
    this.req = req
    this.res = res
    this.#errors = errors
    this.invocation = invocation
  }

  /** Runs the route. Never throws or rejects because of a handler: an error becomes the answer. */
  answer(): HttpResponse | Promise<HttpResponse> {
    let response: HttpResponse | Promise<HttpResponse>
    try {
      const pending = run(this.route, 0, this.req, this.res)
      response = pending === undefined ? this.#complete() : this.#completeLater(pending)
    } catch (error) {
      response = this.#recover(error)
    }
    return isPromise(response) ? this.#beforeDeadline(response) : response
  }

  /** The answer, or a 503 shortly before Lambda ends the invocation. */
  #beforeDeadline(response: Promise<HttpResponse>): Promise<HttpResponse> {
    const recovered = response.catch((error) => this.#recover(error))
    return beforeDeadline(recovered, this.invocation.context, (waitedMs) => this.#expire(waitedMs))
  }

  #complete(): HttpResponse | Promise<HttpResponse> {
    const { res } = this
    if (res.chunked) res.end()
    else if (res.body !== undefined && !isChunk(res.body)) return this.#completeStream(res.body)
    return this.#finish()
  }

  /** Completes when the handlers have returned. If the answer streams, the first `res.write` sends it while they run. */
  async #completeLater(pending: Promise<void>): Promise<HttpResponse> {
    const { req, res } = this
    const { streaming } = this.invocation
    await (streaming ? Promise.race([pending, res.started]) : pending)
    if (!streaming || !res.chunked) return this.#complete()
    const response = finish(this.route, req, res)
    const ended = pending.then(
      () => res.end(),
      (error) => res.end(error),
    )
    ended.finally(() => req.end())
    return response
  }

  async #completeStream(body: AsyncIterable<Chunk>): Promise<HttpResponse> {
    this.res.send(await startBody(body))
    return this.#finish()
  }

  #finish(): HttpResponse {
    const { req } = this
    const response = finish(this.route, req, this.res)
    if (response.body === undefined || isChunk(response.body)) req.end()
    else if (req.signalled) return { ...response, body: thenEnd(response.body, req) }
    return response
  }

  /** Answers 503 and logs what did not return. */
  #expire(waitedMs: number): HttpResponse {
    const { route, req, res } = this
    const { name } = route
    this.#errors.report(new Error(`${name}: not answered within ${waitedMs} ms, sent 503: ${this.#culprit()}`), this)
    req.end()
    res.reset()
    this.#errors.writeDefault(new ServiceUnavailableError(), name, res)
    const { status, headers, body } = finish(route, req, res)
    // A copy, since a late handler may still write to the response.
    return { status, headers: Object.assign(createHeaders(), headers), body }
  }

  #culprit(): string {
    const { steps } = this.route
    const { body, entered, chunked, answered } = this.res
    if (entered < 0) return 'an error handler did not return'
    if (body !== undefined && !isChunk(body) && !chunked) return 'the first chunk of the body did not come'
    if (answered) return 'it was answered, but a handler or middleware did not return'
    return `${nameOf(steps[entered]!, steps)} neither answered nor called next()`
  }

  #recover(thrown: unknown): HttpResponse | Promise<HttpResponse> {
    const { res } = this
    const error = this.#causeOf(thrown)
    this.#errors.notify(error, this)
    res.reset()
    res.entered = -1
    const pending = this.#errors.write(error, this)
    return pending === undefined ? this.#finishError() : pending.then(() => this.#finishError())
  }

  #finishError(): HttpResponse {
    const { route, res } = this
    try {
      return this.#finish()
    } catch (thrown) {
      // What runs after the handlers failed itself, such as a function for CORS: the answer goes without it.
      res.reset()
      this.#errors.writeDefault(thrown, route.name, res)
      return { status: res.statusCode, headers: res.headers, body: res.body }
    }
  }

  /** A stack that a client's deeply nested JSON filled, here or in a handler, is the client's error and not ours. */
  #causeOf(error: unknown): unknown {
    if (!(error instanceof RangeError) || !this.req.sentDeepJson) return error
    return new BadRequestError('The request body is nested too deeply', { cause: error })
  }
}

/**
 * Waits for a stream's first chunk before anything is sent: what a generator sets until then, and an error such as a missing
 * file, still shape the answer.
 */
async function startBody(body: AsyncIterable<Chunk>): Promise<AsyncIterable<Chunk>> {
  const chunks = body[Symbol.asyncIterator]()
  const first = await chunks.next()
  return resume(first, chunks)
}

// Not a generator, since the `return()` of a generator that was never started does not reach `chunks`.
function resume(first: IteratorResult<Chunk>, chunks: AsyncIterator<Chunk>): AsyncIterable<Chunk> {
  let resumed = false
  const next = (): Promise<IteratorResult<Chunk>> => {
    if (resumed) return chunks.next()
    resumed = true
    return Promise.resolve(first)
  }
  const end = async (): Promise<IteratorResult<Chunk>> => {
    await chunks.return?.()
    return { done: true, value: undefined }
  }
  return { [Symbol.asyncIterator]: () => ({ next, return: end }) }
}

/** The body, and `req.signal` watched until its last chunk. */
async function* thenEnd(body: AsyncIterable<Chunk>, req: Request<never>): AsyncGenerator<Chunk> {
  try {
    yield* body
  } finally {
    req.end()
  }
}
