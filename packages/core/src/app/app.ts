import { type LambdaHandler, type LambdaOptions, toLambdaHandler } from '../entry/lambda.ts'
import { type StreamingLambdaHandler, toStreamingLambdaHandler } from '../entry/streaming.ts'
import { type HttpEvent, Request } from '../handler/request.ts'
import { Response } from '../handler/response.ts'
import { type HttpError, MethodNotAllowedError, NotFoundError } from '../message/errors.ts'
import type { Handle } from '../message/handle.ts'
import { createJson, type JsonCodec, type JsonOptions } from '../message/json.ts'
import { type Params, paramsOf } from '../router/path-index.ts'
import { type AccessLogOptions, accessLog } from './access-log.ts'
import { ErrorAnswer } from './error-answer.ts'
import { Exchange } from './exchange.ts'
import { type Hooks, Observer } from './hooks.ts'
import type { RouteOptions } from './route-options.ts'
import { type Route, RouteTable } from './route-table.ts'
import { type ErrorHandler, Router } from './router.ts'
import { stripPrefixes } from './strip-prefixes.ts'
import { Unmatched } from './unmatched.ts'

export interface AppOptions extends RouteOptions, LambdaOptions {
  /** Whether `/A` and `/a` are two paths. Default false. */
  readonly caseSensitive?: boolean
  /** Whether `/a` and `/a/` are two paths. Default false. */
  readonly strict?: boolean
  /** Prefixes to remove from the path before it is routed: the first that matches, once. */
  readonly stripPrefixes?: readonly (string | RegExp)[]
  /** How JSON is read and written. */
  readonly json?: JsonOptions
  /** How errors are written: `{"statusCode":404,"message":"Not found"}`, or problem details (RFC 9457). */
  readonly errors?: 'json' | 'problem'
  /**
   * For development only: sends unknown errors with their stacks to the client, refuses a Map or a Set in an answer, and
   * reports routes that are registered twice. Default false.
   */
  readonly debug?: boolean
  /** Logs unknown errors. Default `console`. */
  readonly logger?: Pick<Console, 'error'>
  /** Functions that are called for every request: for traces and metrics. */
  readonly hooks?: Hooks | readonly Hooks[]
  /** Logs every request in one line: `true`, or options. Default false. */
  readonly accessLog?: boolean | AccessLogOptions
}

/**
 * A web application for AWS Lambda.
 * @example
 * const app = createApp()
 * app.get('/hello/:username', (req) => `Hello ${req.params.username}!`)
 * export const handler = app.handler
 * @typeParam Event the type of `req.event`, if the application has one event source.
 * @throws TypeError if an option is invalid.
 */
export const createApp = <Event = HttpEvent>(options: AppOptions = {}): App<Event> => new App<Event>(options)

/**
 * A router to mount in an application; its options hold for its routes.
 * @throws TypeError if an option is invalid.
 */
export const createRouter = <Event = HttpEvent>(options: RouteOptions = {}): Router<Event> => new Router<Event>(options)

/** Leads from `handle` to its application, for what lists routes. */
const appKey = Symbol.for('expressway.app')

/** An application; made by {@link createApp}. */
export class App<Event = HttpEvent> extends Router<Event> {
  readonly #options: AppOptions
  readonly #json: JsonCodec
  readonly #strip: ((path: string) => string) | undefined
  readonly #hooks: readonly Hooks[]
  #running: Running | undefined
  #handler: LambdaHandler | undefined
  #streamHandler: StreamingLambdaHandler | undefined

  constructor(options: AppOptions) {
    super(options)
    this.#options = options
    this.#json = createJson(options.json, options.debug)
    this.#hooks = hooksOf(options)
    this.#strip = options.stripPrefixes && stripPrefixes(options.stripPrefixes)
    Object.defineProperty(this.handle, appKey, { value: this })
  }

  /** The Lambda handler: `export const handler = app.handler`. */
  get handler(): LambdaHandler {
    return (this.#handler ??= toLambdaHandler(this.handle, this.#options))
  }

  /**
   * The Lambda handler for answers that are sent as they are written: for a function URL in RESPONSE_STREAM mode or a REST API
   * that streams.
   */
  get streamHandler(): StreamingLambdaHandler {
    return (this.#streamHandler ??= toStreamingLambdaHandler(this.handle, this.#options))
  }

  /** Answers what no route matches, and every other {@link NotFoundError} that is thrown. */
  notFound(handler: ErrorHandler<HttpError, Event>): this {
    return this.onError(NotFoundError, handler)
  }

  /** Answers a known path with a method that it does not have; `Allow` is set already. */
  methodNotAllowed(handler: ErrorHandler<HttpError, Event>): this {
    return this.onError(MethodNotAllowedError, handler)
  }

  /** The application as a function from message to message. */
  readonly handle: Handle = (message, invocation) => {
    const running = (this.#running ??= this.#start())
    const { table, errors, observer } = running
    const { routes } = table
    const path = this.#strip === undefined ? message.path : this.#strip(message.path)
    const { method } = message
    let params: Params | undefined
    let route: Route
    try {
      const entry = routes.lookup(method, path) ?? (method === 'HEAD' ? routes.lookup('GET', path) : undefined)
      params = entry && paramsOf(entry, path)
      route = entry === undefined ? unmatchedOf(running).route(method, path, message) : entry.value
    } catch (error) {
      if (!(error instanceof URIError)) throw error
      route = unmatchedOf(running).malformed(path)
    }
    const req = new Request<never>(message, invocation, path, params as never, this.#json)
    const res = new Response(this.#json, invocation.streaming)
    const exchange = new Exchange(route, req, res, errors, invocation)
    return observer === undefined ? exchange.answer() : observer.watch(exchange)
  }

  #start(): Running {
    const { caseSensitive: sensitive, strict, errors: format = 'json', debug = false, logger = console } = this.#options
    const table = new RouteTable(this, { sensitive, strict }, debug)
    const observer = this.#hooks.length > 0 ? new Observer(this.#hooks, logger) : undefined
    const errors = new ErrorAnswer({ format, debug, logger, handlers: table.errorHandlers, observer })
    return { table, errors, observer, unmatched: undefined }
  }
}

/** The parts of an application that are made at its first request. */
interface Running {
  readonly table: RouteTable
  readonly errors: ErrorAnswer
  readonly observer: Observer | undefined
  unmatched: Unmatched | undefined
}

const unmatchedOf = (running: Running): Unmatched =>
  (running.unmatched ??= new Unmatched(running.table, running.errors))

/** @throws TypeError if a hook has another name than those that are called. */
function hooksOf({ hooks = [], accessLog: log = false }: AppOptions): Hooks[] {
  const all = [hooks].flat() as Hooks[]
  for (const record of all)
    for (const name of Object.keys(record)) {
      if (!['onRequest', 'onError', 'onResponse'].includes(name))
        throw new TypeError(`hooks are onRequest, onError and onResponse, not ${name}`)
    }
  return log ? [...all, accessLog(log === true ? {} : log)] : all
}
