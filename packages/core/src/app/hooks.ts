import type { Request } from '../handler/request.ts'
import { beforeDeadline } from '../message/deadline.ts'
import type { LambdaContext } from '../message/handle.ts'
import { type Chunk, type HttpHeaders, type HttpResponse, isChunk } from '../message/message.ts'
import type { Route } from './route-table.ts'

/** A request and the route that takes it. What hooks want to remember of it belongs into `req.locals`, or a WeakMap. */
export interface RequestInfo {
  readonly req: Request
  /** The route's pattern with its routers' prefixes, such as `/orders/:id`; `undefined` where none matched. */
  readonly route: string | undefined
}

export interface ResponseInfo extends RequestInfo {
  readonly status: number
  readonly headers: HttpHeaders
  /** Milliseconds from the request to the answer; where it streams, to its last chunk. */
  readonly durationMs: number
}

export interface ErrorInfo extends RequestInfo {
  readonly error: unknown
}

/**
 * What is told of every request: for traces, metrics and logs. A hook that fails is logged, and the answer stands.
 * @example createApp({ hooks: { onResponse: ({ route, durationMs }) => histogram.record(durationMs, { route }) } })
 */
export interface Hooks {
  /** Before the first middleware. */
  onRequest?(info: RequestInfo): void
  /** Whatever was thrown, an HttpError too, before it is answered; a stream that broke; an answer that did not come in time. */
  onError?(info: ErrorInfo): void
  /** When the answer is complete. A promise is waited for: Lambda may freeze the process right after the answer. */
  onResponse?(info: ResponseInfo): unknown
}

type Logger = Pick<Console, 'error'>

/** Tells hooks, and keeps their failures from the answer. */
export class Observer {
  readonly #hooks: readonly Hooks[]
  readonly #logger: Logger

  constructor(hooks: readonly Hooks[], logger: Logger) {
    this.#hooks = hooks
    this.#logger = logger
  }

  watch(
    req: Request<never>,
    route: Route,
    context: LambdaContext,
    run: () => HttpResponse | Promise<HttpResponse>,
  ): HttpResponse | Promise<HttpResponse> {
    const started = performance.now()
    this.#tell('onRequest', infoOf(req, route))
    const end = (response: HttpResponse): HttpResponse | Promise<HttpResponse> => {
      const { status, headers, body } = response
      const done = (): Promise<unknown> | undefined =>
        this.#tell('onResponse', { ...infoOf(req, route), status, headers, durationMs: performance.now() - started })
      if (body !== undefined && !isChunk(body)) return { ...response, body: this.#watched(body, req, route, done) }
      const pending = done()?.then(() => response)
      return pending === undefined ? response : beforeDeadline(pending, context, () => response)
    }
    const response = run()
    return response instanceof Promise ? response.then(end) : end(response)
  }

  fail(error: unknown, route: Pick<Route, 'pattern'>, req: Request<never>): void {
    this.#tell('onError', { ...infoOf(req, route), error })
  }

  async *#watched(body: AsyncIterable<Chunk>, req: Request<never>, route: Route, done: () => unknown) {
    try {
      yield* body
    } catch (error) {
      this.fail(error, route, req)
      throw error
    } finally {
      await done()
    }
  }

  #tell<Name extends keyof Hooks>(
    name: Name,
    info: Parameters<NonNullable<Hooks[Name]>>[0],
  ): Promise<unknown> | undefined {
    const failed = (error: unknown) => this.#logger.error(`The hook ${name} failed:`, error)
    let pending: Promise<unknown> | undefined
    for (const hooks of this.#hooks) {
      try {
        // What one entry of the record takes, `name` says; TypeScript cannot relate the two in a union.
        const result = (hooks[name] as ((info: unknown) => unknown) | undefined)?.call(hooks, info)
        if (result instanceof Promise) pending = Promise.all([pending, result.catch(failed)])
      } catch (error) {
        failed(error)
      }
    }
    return pending
  }
}

const infoOf = (req: Request<never>, { pattern }: Pick<Route, 'pattern'>): RequestInfo => ({
  req: req as Request,
  route: pattern,
})
