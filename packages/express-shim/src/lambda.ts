import type { Handle, HttpRequest, HttpResponse, Invocation } from '@expressway/core/handle'
import {
  type LambdaHandler,
  type LambdaOptions,
  type StreamingLambdaHandler,
  toLambdaHandler,
  toStreamingLambdaHandler,
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
 * The application as a handle, for core's `toLambdaHandler` and `toStreamingLambdaHandler`, or to be mounted in a core app.
 * A response that nobody ends is answered with 503 shortly before the invocation's time is over, and reported.
 * @example export const handler = toStreamingLambdaHandler(toHandle(app))
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
 * The application as a Lambda handler, with options; without any it is `app.handler`.
 * @example export const handler = createHandler(app, { basePath: 'mount', onOtherEvent: (event) => work(event) })
 */
export function createHandler(app: object, options: HandleOptions & LambdaOptions = {}): LambdaHandler {
  return toLambdaHandler(toHandle(app, options), options)
}

/**
 * The application as a Lambda handler that sends answers as they are written, with options; without any it is
 * `app.streamHandler`. It is for a function URL in RESPONSE_STREAM mode or a REST API that streams; all else is answered whole.
 * @example export const handler = createStreamHandler(app, { basePath: 'mount' })
 */
export function createStreamHandler(app: object, options: HandleOptions & LambdaOptions = {}): StreamingLambdaHandler {
  return toStreamingLambdaHandler(toHandle(app, options), options)
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
