/**
 * The errors that a handler throws to answer with a status.
 * @module
 */
export {
  BadRequestError,
  ConflictError,
  ContentTooLargeError,
  ForbiddenError,
  HttpError,
  type HttpErrorOptions,
  InternalServerError,
  isHttpError,
  MethodNotAllowedError,
  NotFoundError,
  RequestTimeoutError,
  ServiceUnavailableError,
  TooManyRequestsError,
  UnauthorizedError,
  UnprocessableContentError,
} from './message/errors.ts'
