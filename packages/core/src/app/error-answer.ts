import type { Request } from '../handler/request.ts'
import type { Response } from '../handler/response.ts'
import { applyResult } from '../handler/result.ts'
import { errorBody, type HttpError, isHttpError, problemBody } from '../message/errors.ts'
import type { Observer } from './hooks.ts'
import type { Route } from './route-table.ts'
import type { ErrorClass, ErrorHandler } from './router.ts'

export interface ErrorAnswerOptions {
  readonly format: 'json' | 'problem'
  readonly debug: boolean
  readonly logger: Pick<Console, 'error'>
  readonly handlers: ReadonlyMap<ErrorClass, ErrorHandler<never, never>>
  readonly observer?: Observer | undefined
}

/** Turns whatever was thrown into an answer: by the application's own handler for its class, else by the default. */
export class ErrorAnswer {
  readonly #options: ErrorAnswerOptions

  constructor(options: ErrorAnswerOptions) {
    this.#options = options
  }

  /** Tells the hooks. */
  notify(error: unknown, route: Route, req: Request<never>): void {
    this.#options.observer?.fail(error, route, req)
  }

  /** Logs an error that is nobody's answer, and tells the hooks. */
  report(error: Error, route: Route, req: Request<never>): void {
    this.#options.logger.error(error.message)
    this.notify(error, route, req)
  }

  write(error: unknown, route: Route, req: Request<never>, res: Response): void | Promise<void> {
    const handler = this.#handlerFor(error)
    if (handler === undefined) return this.writeDefault(error, route.name, res)
    res.status(isHttpError(error) ? error.status : 500)
    const place = `the error handler of ${route.name}`
    const apply = (value: unknown): void => {
      if (value !== undefined) applyResult(res, value, place)
    }
    const failed = (thrown: unknown) => {
      this.notify(thrown, route, req)
      res.reset()
      this.writeDefault(thrown, place, res)
    }
    try {
      const value = handler(error as never, req as never, res)
      if (value instanceof Promise) return value.then(apply).catch(failed)
      apply(value)
    } catch (thrown) {
      failed(thrown)
    }
  }

  /** An {@link HttpError} says what the client may know; anything else is logged, and says nothing. */
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

  /** The handler of the closest class along the prototype chain; else of a class that knows its instances otherwise. */
  #handlerFor(error: unknown): ErrorHandler<never, never> | undefined {
    const { handlers } = this.#options
    if (handlers.size === 0 || typeof error !== 'object' || error === null) return undefined
    for (let proto = Object.getPrototypeOf(error); proto !== null; proto = Object.getPrototypeOf(proto)) {
      const handler = handlers.get(proto.constructor)
      if (handler !== undefined) return handler
    }
    // Zod's errors, for one: their class has a Symbol.hasInstance of its own.
    for (const [type, handler] of handlers) if (error instanceof type) return handler
    return undefined
  }
}
