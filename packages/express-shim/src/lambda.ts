/**
 * Lambda handlers of an Express application on the shim, with options.
 * @module
 */
import {
  type Handle,
  type HttpResponse,
  type Invocation,
  isPromise,
  type LambdaHandler,
  type LambdaOptions,
  type StreamingLambdaHandler,
  toLambdaHandler as toCoreHandler,
  toStreamingLambdaHandler as toCoreStreamHandler,
} from '@expressway/core/base'
import { type BasePath, belowBasePath, checkBasePath, mountRequest, urlReader } from './base-path.ts'
import { answerBeforeDeadline } from './deadline.ts'
import { ENTERED } from './node/message-state.ts'
import { Request } from './request.ts'
import { answerOf, Response } from './response.ts'

export type { BasePath, LambdaHandler, LambdaOptions, StreamingLambdaHandler }

/** The options of {@link toHandle}. */
export interface HandleOptions {
  /** What becomes of a stage or a mapping before the application's paths, see {@link BasePath}. Default: `strip`. */
  readonly basePath?: BasePath
}

/** The members of an application that a handle needs. */
interface ExpressApplication {
  readonly request: object
  readonly response: object
  handle(req: Request, res: Response): void
}

/**
 * The application as a handle: a function from message to message, for `withInvocation`, `toNodeListener` and tests.
 * If no handler ends the response, the answer is 503 shortly before the invocation ends, and the log says which layer is to
 * blame.
 * @example const response = await toHandle(app)(request, invocation)
 * @throws TypeError if `app` is not an application of the shim, or `basePath` is invalid.
 */
export function toHandle(app: object, options: HandleOptions = {}): Handle {
  const { basePath = 'strip' } = options
  checkBasePath(basePath)
  const toUrl = basePath === 'strip' || basePath === 'mount' ? undefined : urlReader(basePath)
  const application = checkedApplication(app)
  const handle: Handle = (message, invocation) => {
    const req = new (classOf(application.request, Request))(message, invocation)
    const res = new (classOf(application.response, Response))(req)
    req[ENTERED] = undefined
    if (toUrl) req.url = req.originalUrl = toUrl(message)
    if (basePath === 'mount') mountRequest(req, req.url, message.basePath)
    application.handle(req, res)
    const answer = answerOf(res)
    return isPromise(answer) ? waitFor(answer, req, res, invocation) : answer
  }
  return basePath === 'mount' ? belowBasePath(handle) : handle
}

/**
 * The application as a Lambda handler with options; without options, `app.handler` is the same.
 * @example export const handler = toLambdaHandler(app, { basePath: 'mount', onOtherEvent: (event) => work(event) })
 * @throws TypeError if `app` is not an application of the shim, or an option is invalid.
 */
export function toLambdaHandler(app: object, options: HandleOptions & LambdaOptions = {}): LambdaHandler {
  return toCoreHandler(toHandle(app, options), options)
}

/**
 * The application as a Lambda handler that sends answers as they are written, with options; without options,
 * `app.streamHandler` is the same. It is for a function URL in RESPONSE_STREAM mode or a REST API that streams; other event
 * sources get whole results.
 * @example export const handler = toStreamingLambdaHandler(app, { basePath: 'mount' })
 * @throws TypeError as {@link toLambdaHandler} does.
 */
export function toStreamingLambdaHandler(
  app: object,
  options: HandleOptions & LambdaOptions = {},
): StreamingLambdaHandler {
  return toCoreStreamHandler(toHandle(app, options), options)
}

function waitFor(answer: Promise<HttpResponse>, req: Request, res: Response, invocation: Invocation) {
  // A handler may wait for long before its first byte: it is notified when the client goes away, as on a server.
  invocation.disconnected?.addEventListener('abort', () => res.destroy(), { once: true })
  return answerBeforeDeadline(answer, req, res, invocation.context)
}

function checkedApplication(app: unknown): ExpressApplication {
  const application = app as ExpressApplication
  if (typeof application?.handle === 'function' && application.request instanceof Request) return application
  throw new TypeError(
    "This is not an application of the shim's express(). For any other (req, res) listener use toHandle of @expressway/express-shim/listener",
  )
}

/** The application's own class, whose prototype it is; Express's if somebody put another object in its place. */
function classOf<Type>(prototype: object, ours: Type): Type {
  // The first test decides for most applications.
  const { prototype: expected } = ours as typeof Request
  const isClass = Object.getPrototypeOf(prototype) === expected || prototype instanceof (ours as typeof Request)
  return isClass ? (prototype.constructor as Type) : ours
}
