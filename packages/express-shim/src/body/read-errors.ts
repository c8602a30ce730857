import { type HttpError, httpError } from '../http/http-error.ts'

/** 413 for a body that was counted, in bytes. */
export const tooLarge = (limit: number, received: number): HttpError =>
  httpError(413, 'request entity too large', { limit, received, type: 'entity.too.large' })

/** 413 for a body whose `content-length` is over the limit, in bytes. */
export const announcedTooLarge = (limit: number, length: number): HttpError =>
  httpError(413, 'request entity too large', { expected: length, length, limit, type: 'entity.too.large' })

/** 400 for a body that is shorter or longer than its `content-length`. */
export const wrongSize = (length: number, received: number): HttpError =>
  httpError(400, 'request size did not match content length', {
    expected: length,
    length,
    received,
    type: 'request.size.invalid',
  })

/** 400 if the client left before its body was complete. */
export const requestAborted = (length: number | null, received: number): HttpError =>
  httpError(400, 'request aborted', {
    code: 'ECONNABORTED',
    expected: length,
    length,
    received,
    type: 'request.aborted',
  })

/** 415 for a charset that cannot be read. */
export const unsupportedCharset = (charset: string): HttpError =>
  httpError(415, `unsupported charset "${charset.toUpperCase()}"`, { charset, type: 'charset.unsupported' })
