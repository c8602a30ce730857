export type { AccessLogEntry, AccessLogOptions } from './access-log.ts'
export { App, type AppOptions, createApp, createRouter } from './app.ts'
export type { Next } from './compose.ts'
export { type CompressionOptions, compress, negotiateEncoding } from './compression.ts'
export type { CookieOptions } from './cookie.ts'
export type { AllowOrigin, CorsOptions } from './cors.ts'
export {
  BadRequestError,
  ForbiddenError,
  HttpError,
  type HttpErrorOptions,
  InternalServerError,
  isHttpError,
  MethodNotAllowedError,
  NotFoundError,
  RequestEntityTooLargeError,
  RequestTimeoutError,
  ServiceUnavailableError,
  UnauthorizedError,
} from './errors.ts'
export type { FormFile } from './form.ts'
export type { Handle, Invocation } from './handle.ts'
export type { ErrorInfo, Hooks, RequestInfo, ResponseInfo } from './hooks.ts'
export type { JsonOptions } from './json.ts'
export { type LambdaHandler, type LambdaOptions, toLambdaHandler, UnsupportedEventError } from './lambda.ts'
export type { HttpHeaders, HttpRequest, HttpResponse, Identity } from './message.ts'
export type { OnOtherEvent } from './other-event.ts'
export type { FormRecord } from './query.ts'
export type { AnyParams, HttpEvent, Request, RequestHeaders } from './request.ts'
export type { Response } from './response.ts'
export { type Reply, type ReplyOptions, reply, type Tuple } from './result.ts'
export type { PathParams } from './router.ts'
export type { ErrorHandler, Handler, Middleware, RouteOptions, Routes } from './routes.ts'
export { ndjson, type ServerSentEvent, type SseOptions, sse } from './sse.ts'
export { type StreamingLambdaHandler, toStreamingLambdaHandler } from './streaming.ts'
