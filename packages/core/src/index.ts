/**
 * The framework: applications, routers, answers, streams and errors.
 * @module
 */
export type { AccessLogEntry, AccessLogOptions } from './app/access-log.ts'
export { App, type AppOptions, createApp, createRouter } from './app/app.ts'
export type { Next } from './app/compose.ts'
export type { ErrorInfo, Hooks, RequestInfo, ResponseInfo } from './app/hooks.ts'
export type { RouteOptions } from './app/route-options.ts'
export type { ErrorHandler, Handler, Middleware, Router } from './app/router.ts'
export {
  type LambdaHandler,
  type LambdaOptions,
  toLambdaHandler,
} from './entry/lambda.ts'
export { type OnOtherEvent, UnsupportedEventError } from './entry/other-event.ts'
export { type StreamingLambdaHandler, toStreamingLambdaHandler } from './entry/streaming.ts'
export { type CompressionOptions, compress, type Encoding, negotiateEncoding } from './finish/compression.ts'
export type { AllowOrigin, CorsOptions } from './finish/cors.ts'
export { fromLambdaHandler } from './handler/from-lambda-handler.ts'
export type { AnyParams, HttpEvent, Request, RequestHeaders } from './handler/request.ts'
export type { Response } from './handler/response.ts'
export { type Reply, type ReplyCookie, type ReplyOptions, type ReplyTuple, reply } from './handler/result.ts'
export { ndjson, type ServerSentEvent, type SseOptions, sse } from './handler/sse.ts'
export type { CookieOptions } from './message/cookie.ts'
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
export type { FormFile } from './message/form.ts'
export type { Handle, Invocation, LambdaContext } from './message/handle.ts'
export type { JsonOptions } from './message/json.ts'
export type { Chunk, HttpHeaders, HttpRequest, HttpResponse, Identity } from './message/message.ts'
export type { FormRecord } from './message/query.ts'
export type { Source } from './message/source.ts'
export type { PathParams } from './router/path-params.ts'
export type { SourceName } from './sources/detect.ts'
