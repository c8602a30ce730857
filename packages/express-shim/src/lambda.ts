import type { Handle, HttpRequest, HttpResponse, Invocation } from '@expressway/core/handle'
import {
  type LambdaHandler,
  type LambdaOptions,
  type StreamingLambdaHandler,
  toLambdaHandler as toCoreHandler,
  toStreamingLambdaHandler as toCoreStreamHandler,
} from '@expressway/core/lambda'
import { answerBeforeDeadline } from './deadline.ts'
import { ENTERED } from './node/message-state.ts'
import { Request } from './request.ts'
import { answerOf, Response } from './response.ts'

export type { LambdaHandler, LambdaOptions, StreamingLambdaHandler }

export interface HandleOptions {
  /**
   * What becomes of the part that the gateway puts before the application's paths: an HTTP API's stage, a custom domain's
   * mapping. `strip`: the application does not see it, so `req.url` and `req.originalUrl` begin behind it. `mount`: the
   * application stands as if mounted there: it is `req.baseUrl` and the beginning of `req.originalUrl`, and a redirect to a
   * path goes below it, so that one bundle serves `/` and `/prod`. Default: `strip`.
   */
  readonly basePath?: 'strip' | 'mount'
}

/** What of an application a handle needs. */
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
  if (basePath !== 'strip' && basePath !== 'mount') {
    throw new TypeError(`basePath is 'strip' or 'mount', not ${JSON.stringify(basePath)}`)
  }
  const application = checkedApplication(app)
  const handle: Handle = (message, invocation) => {
    const req = new (classOf(application.request, Request))(message, invocation)
    const res = new (classOf(application.response, Response))(req)
    req[ENTERED] = undefined
    if (basePath === 'mount' && message.basePath) mount(req, message.basePath)
    application.handle(req, res)
    const answer = answerOf(res)
    return answer instanceof Promise ? waitFor(answer, req, res, invocation) : answer
  }
  return basePath === 'strip' ? handle : belowBasePath(handle)
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
  // A handler may wait for long before its first byte: it hears of the client's going as it does on a server.
  invocation.disconnected?.addEventListener('abort', () => res.destroy(), { once: true })
  return answerBeforeDeadline(answer, req, res, invocation.context)
}

function checkedApplication(app: unknown): ExpressApplication {
  const application = app as ExpressApplication
  if (typeof application?.handle === 'function' && application.request instanceof Request) return application
  throw new TypeError("This is no application of the shim's express(): ./listener takes any other (req, res) listener")
}

/** The application's own class, whose prototype it is; Express's, where somebody put another object in its place. */
function classOf<Type>(prototype: object, ours: Type): Type {
  // What it is of most applications is told at once.
  const { prototype: expected } = ours as typeof Request
  const isClass = Object.getPrototypeOf(prototype) === expected || prototype instanceof (ours as typeof Request)
  return isClass ? (prototype.constructor as Type) : ours
}

function mount(req: Request, basePath: string): void {
  req.baseUrl = basePath
  req.originalUrl = basePath + req.url
}

/** Sends redirects to a path of the application below the base path, unless the application wrote that into it itself. */
function belowBasePath(handle: Handle): Handle {
  return (message, invocation) => {
    const answer = handle(message, invocation)
    if (!message.basePath) return answer
    return 'then' in answer ? answer.then((response) => relocate(response, message)) : relocate(answer, message)
  }
}

function relocate(response: HttpResponse, { basePath }: HttpRequest): HttpResponse {
  const { location } = response.headers
  if (typeof location !== 'string' || !/^\/(?!\/)/.test(location)) return response
  if (location.startsWith(basePath) && /^([/?#]|$)/.test(location.slice(basePath.length))) return response
  return { ...response, headers: Object.assign(response.headers, { location: basePath + location }) }
}
