import type { RequestListener, Server } from 'node:http'
import type { Http2SecureServer, Http2Server } from 'node:http2'
import { type GatewayAlias, toGatewayName } from '../gateway.ts'
import { isStreaming, type LambdaHandler } from '../runtime.ts'
import { HttpTransport } from './send/http-transport.ts'
import { LambdaTransport } from './send/lambda-transport.ts'
import { ModuleTransport } from './send/module-transport.ts'
import type { Transport } from './send/transport.ts'

/** What may be tested: a Lambda handler, an app that has one, the file of a module with either, a Node listener or server, or a URL. */
export type Target =
  | LambdaHandler
  | { handler: LambdaHandler }
  | RequestListener
  | Server
  | Http2Server
  | Http2SecureServer
  | string
  | URL
  | NodeApp

/** An Express, Connect or Koa application, by what they have in common. */
export interface NodeApp {
  use: unknown
  listen: unknown
}

/** How requests reach a target. */
export interface TargetOptions {
  /** The gateway in front of a Lambda handler; default `http-api`. */
  gateway?: GatewayAlias
  /** `true` says that a plain function is a Node `(req, res)` listener, not a Lambda handler. */
  server?: boolean
  /** Of a module: the export that is the handler; default `handler`, `default` or `app`, the first that there is. */
  exportName?: string
  /** Speaks HTTP/2: with a server that does, a URL, or a function, which is a Node listener then. */
  http2?: boolean
}

const listeners = new WeakSet<object>()

/** Marks a plain function as a Node `(req, res)` listener: requests go to it over a real socket. */
export function listener<T extends RequestListener>(target: T): T {
  listeners.add(target)
  return target
}

/** What a target becomes; what has become it already stays. */
export function asTransport(target: Target | Transport, options: TargetOptions): Transport {
  const isTransport = target instanceof HttpTransport || target instanceof LambdaTransport
  return isTransport ? target : toTransport(target as Target, options)
}

/**
 * Which way requests go. A `.handler` makes it a Lambda target; a server, a URL and an Express, Connect or Koa app are
 * reached by HTTP; any other function is a Lambda handler, as `(event, context)` and `(req, res)` look the same.
 * @throws TypeError for any other value, and for a function of three parameters
 */
export function toTransport(target: Target, options: TargetOptions = {}): Transport {
  if (typeof target === 'string' || target instanceof URL) return toUrlTransport(target, options)
  const app = target as Partial<NodeApp & { handler: LambdaHandler; address: unknown; callback: unknown }>
  if (typeof target === 'function' && (options.server || options.http2 || listeners.has(target)))
    return new HttpTransport(target as RequestListener, options.http2)
  if (typeof app?.handler === 'function') return toLambda(app.handler, options)
  if (isFunction(app?.listen) && isFunction(app.address)) return new HttpTransport(target as Server, options.http2)
  if (isFunction(app?.listen) && isFunction(app.use)) return new HttpTransport(listenerOf(app), options.http2)
  if (typeof target === 'function') return toLambda(target as LambdaHandler, options)
  throw new TypeError(
    `Cannot send a request to ${target === null ? 'null' : typeof target}. Give a Lambda handler, an object with one as ` +
      '`handler`, a Node server or (req, res) listener, or a URL.',
  )
}

function toUrlTransport(target: string | URL, { gateway = 'http-api', exportName }: TargetOptions): Transport {
  // A URL object has the path "/" if its text had none.
  const url = typeof target === 'string' ? target : target.href.replace(/\/$/, '')
  if (!url.startsWith('file:')) return new HttpTransport(url)
  const file = process.getBuiltinModule('node:url').fileURLToPath(url)
  return new ModuleTransport({ file, exportName }, toGatewayName(gateway))
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

// Koa's application is an object; its listener comes from `callback()`.
function listenerOf(app: { callback?: unknown }): RequestListener {
  if (typeof app === 'function') return app
  if (typeof app.callback === 'function') return app.callback()
  throw new TypeError('This application is neither a (req, res) function nor has it a callback(), as Koa has.')
}

function toLambda(handler: LambdaHandler, { gateway = 'http-api' }: TargetOptions): Transport {
  if (handler.length > 2 && !isStreaming(handler)) {
    throw new TypeError(
      `The handler declares ${handler.length} parameters. Lambda calls (event, context), and Node 24 there refuses more. ` +
        'If it is a Node (req, res, next) listener, wrap it: request(listener(fn)).',
    )
  }
  return new LambdaTransport(handler, toGatewayName(gateway))
}
