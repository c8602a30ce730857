import type { Request } from '../handler/request.ts'
import { beforeDeadline } from '../message/deadline.ts'
import type { LambdaContext } from '../message/handle.ts'
import { type Chunk, type HttpHeaders, type HttpResponse, isChunk } from '../message/message.ts'
import { isPromise } from '../message/promise.ts'

/** A request and its route. Hooks keep what they want to remember of it in `req.locals` or in a WeakMap. */
export interface RequestInfo {
  readonly req: Request
  /** The route's pattern with its routers' prefixes, such as `/orders/:id`; `undefined` if none matched. */
  readonly route: string | undefined
}

export interface ResponseInfo extends RequestInfo {
  readonly status: number
  readonly headers: HttpHeaders
  /** Milliseconds from the request to the answer, or to its last chunk if it streams. */
  readonly durationMs: number
}

export interface ErrorInfo extends RequestInfo {
  readonly error: unknown
}

/**
 * Functions that are called for every request: for traces, metrics and logs. A hook that throws is logged and does not change
 * the answer.
 * @example createApp({ hooks: { onResponse: ({ route, durationMs }) => histogram.record(durationMs, { route }) } })
 */
export interface Hooks {
  /** Before the first middleware. */
  onRequest?(info: RequestInfo): void
  /** For every error before it is answered, an HttpError too; for a stream that broke; for an answer that came too late. */
  onError?(info: ErrorInfo): void
  /** When the answer is complete. It waits for a promise, as Lambda may freeze the process right after the answer. */
  onResponse?(info: ResponseInfo): unknown
}

type Logger = Pick<Console, 'error'>

/** What hooks need of an exchange: a request and the route that takes it. */
export interface Watched {
  readonly req: Request<never>
  /** `pattern` is `undefined` if no route matched. */
  readonly route: { readonly pattern: string | undefined }
}

/** An exchange that hooks watch from its start to its answer. */
interface WatchedExchange extends Watched {
  readonly invocation: { readonly context: LambdaContext }
  answer(): HttpResponse | Promise<HttpResponse>
}

/** Calls the hooks. A hook that throws is logged and does not change the answer. */
export class Observer {
  readonly #hooks: readonly Hooks[]
  readonly #logger: Logger

  constructor(hooks: readonly Hooks[], logger: Logger) {
    this.#hooks = hooks
    this.#logger = logger
  }

  /** The answer of the exchange, with the hooks called before and after it. */
  watch(exchange: WatchedExchange): HttpResponse | Promise<HttpResponse> {
    const started = performance.now()
    this.#call('onRequest', infoOf(exchange))
    const end = (response: HttpResponse): HttpResponse | Promise<HttpResponse> => {
      const { status, headers, body } = response
      const done = (): Promise<unknown> | undefined =>
        this.#call('onResponse', { ...infoOf(exchange), status, headers, durationMs: performance.now() - started })
      if (body !== undefined && !isChunk(body)) return { ...response, body: this.#watchBody(body, exchange, done) }
      const pending = done()?.then(() => response)
      return pending === undefined ? response : beforeDeadline(pending, exchange.invocation.context, () => response)
    }
    const response = exchange.answer()
    return isPromise(response) ? response.then(end) : end(response)
  }

  /** Calls `onError`. */
  fail(error: unknown, watched: Watched): void {
    this.#call('onError', { ...infoOf(watched), error })
  }

  async *#watchBody(body: AsyncIterable<Chunk>, watched: Watched, done: () => unknown) {
    try {
      yield* body
    } catch (error) {
      this.fail(error, watched)
      throw error
    } finally {
      await done()
    }
  }

  #call<Name extends keyof Hooks>(
    name: Name,
    info: Parameters<NonNullable<Hooks[Name]>>[0],
  ): Promise<unknown> | undefined {
    const failed = (error: unknown) => this.#logger.error(`The hook ${name} failed:`, error)
    let pending: Promise<unknown> | undefined
    for (const hooks of this.#hooks) {
      try {
        // `name` decides which info the hook takes; TypeScript cannot relate the two in a union.
        const result = (hooks[name] as ((info: unknown) => unknown) | undefined)?.call(hooks, info)
        if (isPromise(result)) pending = Promise.all([pending, Promise.resolve(result).catch(failed)])
      } catch (error) {
        failed(error)
      }
    }
    return pending
  }
}

const infoOf = ({ req, route }: Watched): RequestInfo => ({ req: req as Request, route: route.pattern })
