/** Further parts of an {@link HttpError}. */
export interface HttpErrorOptions {
  /** Headers for the answer, such as `retry-after` or `www-authenticate`. */
  readonly headers?: Readonly<Record<string, string | string[]>>
  /** A JSON value that helps the client; sent as `details`. */
  readonly details?: unknown
  /** The error behind this one; never sent. */
  readonly cause?: unknown
}

const brand: unique symbol = Symbol.for('expressway.http-error') as never

/**
 * An error that the client may see: its status and message are the answer.
 * @example throw new HttpError(409, 'Order 7 is paid already', { details: { order: 7 } })
 * @throws RangeError if the status is not an integer from 400 to 599.
 */
export class HttpError extends Error {
  readonly status: number
  readonly headers: HttpErrorOptions['headers']
  readonly details: unknown
  readonly [brand] = true
  /** Members of the answer besides status, message and details: a subclass may have some. */
  members?(format: 'json' | 'problem'): Record<string, unknown>

  constructor(status: number, message: string, options: HttpErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(`HttpError needs a status from 400 to 599, not ${String(status)}`)
    }
    this.name = new.target.name
    this.status = status
    this.headers = options.headers
    this.details = options.details
  }
}

/** Whether a value is an {@link HttpError}, of this copy of the package or of another one in the same process. */
export const isHttpError = (value: unknown): value is HttpError =>
  typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true

/** 400 */
export class BadRequestError extends HttpError {
  constructor(message = 'Bad request', options?: HttpErrorOptions) {
    super(400, message, options)
  }
}

/** 401 */
export class UnauthorizedError extends HttpError {
  constructor(message = 'Unauthorized', options?: HttpErrorOptions) {
    super(401, message, options)
  }
}

/** 403 */
export class ForbiddenError extends HttpError {
  constructor(message = 'Forbidden', options?: HttpErrorOptions) {
    super(403, message, options)
  }
}

/** 404 */
export class NotFoundError extends HttpError {
  constructor(message = 'Not found', options?: HttpErrorOptions) {
    super(404, message, options)
  }
}

/** 405 */
export class MethodNotAllowedError extends HttpError {
  constructor(message = 'Method not allowed', options?: HttpErrorOptions) {
    super(405, message, options)
  }
}

/** 408 */
export class RequestTimeoutError extends HttpError {
  constructor(message = 'Request timeout', options?: HttpErrorOptions) {
    super(408, message, options)
  }
}

/** 409 */
export class ConflictError extends HttpError {
  constructor(message = 'Conflict', options?: HttpErrorOptions) {
    super(409, message, options)
  }
}

/** 413 */
export class ContentTooLargeError extends HttpError {
  constructor(message = 'Content too large', options?: HttpErrorOptions) {
    super(413, message, options)
  }
}

/** 422 */
export class UnprocessableContentError extends HttpError {
  constructor(message = 'Unprocessable content', options?: HttpErrorOptions) {
    super(422, message, options)
  }
}

/** 429 */
export class TooManyRequestsError extends HttpError {
  constructor(message = 'Too many requests', options?: HttpErrorOptions) {
    super(429, message, options)
  }
}

/** 500 */
export class InternalServerError extends HttpError {
  constructor(message = 'Internal server error', options?: HttpErrorOptions) {
    super(500, message, options)
  }
}

/** 503 */
export class ServiceUnavailableError extends HttpError {
  constructor(message = 'Service unavailable', options?: HttpErrorOptions) {
    super(503, message, options)
  }
}

/**
 * Makes errors that are passed to a handler of their class without being thrown. The constructor of Error captures a stack,
 * which takes longer than all the rest of a 404 and would only show the router.
 */
export function unthrown(type: typeof NotFoundError, status: number, message: string): () => HttpError {
  const { name } = type
  // On a prototype, since message and stack of an error are not enumerable.
  const prototype = Object.create(type.prototype, {
    message: { value: message, writable: true },
    stack: { value: `${name}: ${message}`, writable: true },
  })
  return () =>
    Object.assign(Object.create(prototype), { status, headers: undefined, details: undefined, [brand]: true, name })
}

/** The body of an error's answer. */
export interface ErrorBody {
  readonly statusCode: number
  readonly message: string
  readonly details?: unknown
}

/** `{"statusCode":404,"message":"Not found"}`, with `details` if there are any. */
export function errorBody(status: number, message: string, details?: unknown): ErrorBody {
  return details === undefined ? { statusCode: status, message } : { statusCode: status, message, details }
}

/** The same as problem details (RFC 9457): members of an object in `details` become extension members. */
export function problemBody(status: number, message: string, details?: unknown): Record<string, unknown> {
  const extension = typeof details === 'object' && details !== null && !Array.isArray(details) ? details : { details }
  return { ...(details === undefined ? {} : extension), type: 'about:blank', status, title: message }
}
