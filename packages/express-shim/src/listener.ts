/**
 * Lambda handlers of any other `(req, res)` listener: real Express, Koa, Fastify, Nest and so on.
 * @module
 */
import {
  type Handle,
  type HttpRequest,
  type Invocation,
  isPromise,
  type LambdaHandler,
  type LambdaOptions,
  type StreamingLambdaHandler,
  toLambdaHandler as toCoreHandler,
  toStreamingLambdaHandler as toCoreStreamHandler,
} from '@expressway/core/base'
import { type BasePath, belowBasePath, checkBasePath, mountRequest, urlReader } from './base-path.ts'
import {
  Exchange,
  type ExchangeSetup,
  type IncomingMessage,
  type Listener,
  type Server,
  toErrorResponse,
} from './bridge/exchange.ts'
import { messageTypesOf } from './bridge/message-types.ts'
import { BridgeSocket } from './bridge/socket.ts'

export type { BasePath } from './base-path.ts'
export type { Listener } from './bridge/exchange.ts'

/** What answers requests in Node: `(req, res) => …`, or a server whose `request` listeners do. */
export type ListenerTarget = Listener | Server

/** A listener, a promise of one, or a function without parameters that gives either. */
export type ListenerSource = ListenerTarget | Promise<ListenerTarget> | (() => ListenerTarget | Promise<ListenerTarget>)

/** The options of the functions that take a listener. */
export interface ListenerOptions {
  /**
   * What becomes of a stage or a mapping before the application's paths, see {@link BasePath}. `mount` sets `req.baseUrl` and
   * `req.originalUrl`, which Express, Connect and their middleware read. Default: `strip`.
   */
  readonly basePath?: BasePath
}

/**
 * Runs any Node listener on Lambda, on every HTTP event source: an Express or Connect application as it is, Koa's
 * `app.callback()`, Fastify's `fastify.routing` after `ready()`, Nest's `app.getHttpAdapter().getInstance()` after
 * `init()`, Hapi's `server.listener` after `initialize()`, h3's `toNodeHandler(app)`.
 * @param listener `(req, res) => …`, an `http.Server`, a promise of one, or a function without parameters that makes one;
 * such a function is called at once, so within Lambda's init phase, and again for the next request if it failed.
 * @example export const handler = toLambdaHandler(express().get('/', (req, res) => res.send('hello')))
 * @example export const handler = toLambdaHandler(async () => (await fastify().register(shop).ready()).routing)
 * @throws TypeError if it is not one of these, or an option is invalid.
 */
export function toLambdaHandler(
  listener: ListenerSource,
  options: ListenerOptions & LambdaOptions = {},
): LambdaHandler {
  return toCoreHandler(toHandle(listener, options), options)
}

/**
 * The same for answers that are sent as they are written: a function URL in RESPONSE_STREAM mode or a REST API that streams.
 * @example export const handler = toStreamingLambdaHandler(express().get('/', (req, res) => createReadStream(path).pipe(res)))
 * @throws TypeError as {@link toLambdaHandler} does.
 */
export function toStreamingLambdaHandler(
  listener: ListenerSource,
  options: ListenerOptions & LambdaOptions = {},
): StreamingLambdaHandler {
  return toCoreStreamHandler(toHandle(listener, options), options)
}

/**
 * The listener as a function from message to message, for core's `toLambdaHandler` and for tests.
 * @example const response = await toHandle(listener)(request, invocation)
 * @throws TypeError as {@link toLambdaHandler} does.
 */
export function toHandle(listener: ListenerSource, options: ListenerOptions = {}): Handle {
  const { basePath = 'strip' } = options
  checkBasePath(basePath)
  const toUrl = urlReader(basePath)
  const isMounted = basePath === 'mount'
  const run = (target: ListenerTarget) => runner(toTarget(target), toUrl, isMounted)
  if (!isFactory(listener) && !isPromise(listener)) return run(listener)
  return lazily(isFactory(listener) ? listener : () => listener, run)
}

/** The Lambda invocation of a request that came through this bridge: the event, the context, the source's name. */
export function getInvocation(request: Pick<IncomingMessage, 'socket'>): Invocation | undefined {
  return ownerOf(request)?.invocation
}

/** The message behind a request: the client's identity as the gateway established it, the gateway's id of the request, the stage. */
export function getHttpRequest(request: Pick<IncomingMessage, 'socket'>): HttpRequest | undefined {
  return ownerOf(request)?.request
}

function ownerOf({ socket }: { socket: unknown }): BridgeSocket['owner'] | undefined {
  return socket instanceof BridgeSocket ? socket.owner : undefined
}

interface Target extends ExchangeSetup {
  readonly listener: Listener
}

type ToUrl = (request: HttpRequest) => string

function runner(target: Target, toUrl: ToUrl, isMounted: boolean): Handle {
  const handle: Handle = (request, invocation) => {
    let exchange: Exchange
    try {
      const url = toUrl(request)
      exchange = new Exchange(request, invocation, url, target)
      if (isMounted) mountRequest(exchange.incoming, url, request.basePath)
    } catch (error) {
      // Only the body is decoded here: a client's error has a status, such as 400 for malformed base64.
      const { status, message } = error as { status?: number; message: string }
      if (status === undefined) throw error
      return toErrorResponse(status, message)
    }
    return exchange.run(target.listener)
  }
  return isMounted ? belowBasePath(handle) : handle
}

// Started at once: what an application does before it can answer belongs to Lambda's init phase.
function lazily(make: () => ListenerTarget | Promise<ListenerTarget>, run: (made: ListenerTarget) => Handle): Handle {
  let ready: Promise<Handle> | undefined
  const start = (): Promise<Handle> => {
    const starting = Promise.resolve().then(make).then(run)
    starting.catch(() => (ready = undefined))
    return (ready = starting)
  }
  start()
  return async (request, invocation) => (await (ready ?? start()))(request, invocation)
}

function isFactory(listener: unknown): listener is () => ListenerTarget | Promise<ListenerTarget> {
  return typeof listener === 'function' && listener.length === 0
}

function toTarget(given: unknown): Target {
  const server = isServer(given) ? given : undefined
  const listener = server ? serverListener(server) : given
  if (typeof listener === 'function') return { listener: listener as Listener, types: messageTypesOf(listener), server }
  throw new TypeError(`A listener is a function (req, res) or an http.Server, not ${describe(given)}`)
}

function isServer(given: unknown): given is Server {
  const { listeners, listen } = (given ?? {}) as Partial<Server>
  return typeof listeners === 'function' && typeof listen === 'function' && 'requestTimeout' in (given as object)
}

// Not by emit(): it would hide what an asynchronous listener rejects with.
function serverListener(server: Server): Listener {
  return (request, response) => {
    const listeners = server.listeners('request') as Listener[]
    if (listeners.length === 0) throw new TypeError('The http.Server has no "request" listener')
    const returned = listeners.map((listener) => listener.call(server, request, response))
    return returned.length === 1 ? returned[0] : Promise.all(returned)
  }
}

// Applications that are not listeners themselves: the member that identifies each, and how to get its listener.
const remedies: Readonly<Record<string, string>> = {
  getHttpAdapter: 'a Nest application: call init(), then pass app.getHttpAdapter().getInstance()',
  routing: 'a Fastify instance: await ready(), then pass fastify.routing',
  callback: 'a Koa application: pass app.callback()',
  listener: 'a Hapi server: call initialize(), then pass server.listener',
  fetch: 'an application of web requests: pass its Node listener, as h3 has in toNodeHandler(app)',
}

function describe(given: unknown): string {
  if (typeof given !== 'object' || given === null) return given === undefined ? 'undefined' : `${typeof given} ${given}`
  const member = Object.keys(remedies).find((name) => name in given)
  return member
    ? remedies[member]!
    : `an object with the members ${Object.keys(given).slice(0, 5).join(', ') || 'none'}`
}
