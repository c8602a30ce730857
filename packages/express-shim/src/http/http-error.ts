import { hide } from '../property.ts'
import { statusMessage } from './status-messages.ts'

/** An error with what Express's error handlers read, as the `http-errors` package makes them. */
export interface HttpError extends Error {
  status: number
  statusCode: number
  expose: boolean
  [property: string]: unknown
}

type Properties = Record<string, unknown>

/**
 * An error of a status, named as Express's users know it: `PayloadTooLargeError` for 413.
 *
 * @example httpError(413, 'request entity too large', { type: 'entity.too.large', limit })
 */
export function httpError(status: number, message = statusMessage(status), properties?: Properties): HttpError {
  const Type = classOf(status)
  const error = new Type(message)
  // As in http-errors, the message shows in JSON and the name does not.
  Object.defineProperty(error, 'message', { enumerable: true })
  hide(error, 'name', Type.name)
  // Again, for the name on the stack's first line.
  Error.captureStackTrace(error, httpError)
  return Object.assign(error, properties)
}

type ErrorClass = new (message: string | undefined) => HttpError

const classes = new Map<number, ErrorClass>()

/** The class of a status: loggers identify an error by its constructor, and its own status overrides that of the class. */
function classOf(status: number): ErrorClass {
  const known = classes.get(status)
  if (known) return known
  const name = errorName(status)
  const Type = { [name]: class extends Error {} }[name] as unknown as ErrorClass
  Object.assign(Type.prototype, { status, statusCode: status, expose: status < 500 })
  classes.set(status, Type)
  return Type
}

/** `Not Found` → `NotFoundError`; `Internal Server Error` → `InternalServerError`. */
function errorName(status: number): string {
  const words = (statusMessage(status) ?? '').split(' ').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
  const name = words.join('').replace(/[^ _0-9a-z]/gi, '')
  return name.endsWith('Error') ? name : `${name}Error`
}

/**
 * Gives an error that was thrown elsewhere a status, unless it has one, and more properties. Another value becomes the
 * message (a string) or the properties (an object) of a new error.
 */
export function toHttpError(thrown: unknown, status: number, properties?: Properties): HttpError {
  if (!(thrown instanceof Error)) {
    return httpError(status, typeof thrown === 'string' ? thrown : undefined, properties)
  }
  const error = thrown as HttpError
  const own: unknown = error.status || error.statusCode || status
  const known = typeof own === 'number' && (statusMessage(own) !== undefined || (own >= 400 && own < 600)) ? own : 500
  // Errors of http-errors' classes define `expose` themselves.
  const isClassed = typeof error.expose === 'boolean' && !Object.hasOwn(error, 'status')
  if (!isClassed || error.status !== known) {
    error.expose = known < 500
    error.status = error.statusCode = known
  }
  return Object.assign(error, properties)
}
