import type { Response } from '../handler/response.ts'
import { applyResult } from '../handler/result.ts'
import { errorBody, type HttpError, isHttpError, problemBody } from '../message/errors.ts'
import { isPromise } from '../message/promise.ts'
import type { Observer, Watched } from './hooks.ts'
import type { ErrorClass, ErrorHandler } from './router.ts'

export interface ErrorAnswerOptions {
  readonly format: 'json' | 'problem'
  readonly debug: boolean
  readonly logger: Pick<Console, 'error'>
  readonly handlers: ReadonlyMap<ErrorClass, ErrorHandler<never, never>>
  readonly observer?: Observer | undefined
}

/** The request that failed, the response to write to, and the route that it is reported by. */
export interface Failed extends Watched {
  readonly route: Watched['route'] & { readonly name: string }
  readonly res: Response
}

/** Turns whatever was thrown into an answer: by the application's handler for its class, otherwise by the default. */
export class ErrorAnswer {
  readonly #options: ErrorAnswerOptions

  constructor(options: ErrorAnswerOptions) {
    this.#options = options
  }

  /** Calls the hooks `onError`. */
  notify(error: unknown, failed: Watched): void {
    this.#options.observer?.fail(error, failed)
  }

  /** Logs an error that does not become the answer itself, and calls the hooks. */
  report(error: Error, failed: Watched): void {
    this.#options.logger.error(error.message)
    this.notify(error, failed)
  }

  /** Writes the answer to an error. An error that the application's own handler throws is answered by the default. */
  write(error: unknown, failed: Failed): void | Promise<void> {
    const { route, req, res } = failed
    const handler = this.#handlerFor(error)
    if (handler === undefined) return this.writeDefault(error, route.name, res)
    res.status(isHttpError(error) ? error.status : 500)
    const place = `the error handler of ${route.name}`
    const apply = (value: unknown): void => {
      if (value !== undefined) applyResult(req, res, value, place)
    }
    const fail = (thrown: unknown) => {
      this.notify(thrown, failed)
      res.reset()
      this.writeDefault(thrown, place, res)
    }
    try {
      const value = handler(error as never, req as never, res)
      if (isPromise(value)) return Promise.resolve(value).then(apply).catch(fail)
      apply(value)
    } catch (thrown) {
      fail(thrown)
    }
  }

  /** The default: an {@link HttpError} says what the client may know; any other error is logged and sent as a bare 500. */
  writeDefault(error: unknown, place: string, res: Response): void {
    if (isHttpError(error)) {
      for (const [name, value] of Object.entries(error.headers ?? {})) res.set(name, value)
      this.#writeStatus(error.status, error.message, res, error)
      return
    }
    const { debug, logger } = this.#options
    logger.error(`Unhandled error in ${place}:`, error)
    this.#writeStatus(500, debug ? String((error as Error)?.stack ?? error) : 'Internal server error', res)
  }

  #writeStatus(status: number, message: string, res: Response, error?: HttpError): void {
    const { format } = this.#options
    res.status(status)
    if (format === 'problem') res.type('application/problem+json')
    const body = (format === 'json' ? errorBody : problemBody)(status, message, error?.details)
    res.json({ ...body, ...error?.members?.(format) })
  }

  /** The handler of the closest class along the prototype chain, otherwise of a class with its own `Symbol.hasInstance`. */
  #handlerFor(error: unknown): ErrorHandler<never, never> | undefined {
    const { handlers } = this.#options
    if (handlers.size === 0 || typeof error !== 'object' || error === null) return undefined
    for (let proto = Object.getPrototypeOf(error); proto !== null; proto = Object.getPrototypeOf(proto)) {
      const handler = handlers.get(proto.constructor)
      if (handler !== undefined) return handler
    }
    // Zod's error classes are an example.
    for (const [type, handler] of handlers) if (error instanceof type) return handler
    return undefined
  }
}
