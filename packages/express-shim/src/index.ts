/**
 * Express's module: `express()`, `Router`, the body parsers and `static`.
 * @module
 */
import type { Identity, LambdaContext } from '@expressway/core/handle'
import type { LambdaHandler, StreamingLambdaHandler } from '@expressway/core/lambda'
import type * as bodyParser from 'body-parser'
import type * as core from 'express-serve-static-core'
import type { RequestHandlerConstructor } from 'serve-static'
import { application as applicationPrototype } from './application.ts'
import * as parsers from './body/body-parsers.ts'
import { createApplication } from './express.ts'
import { serveStatic } from './files/static.ts'
import { Request as ShimRequest } from './request.ts'
import { Response as ShimResponse } from './response.ts'
import { Route as ShimRoute } from './routing/route.ts'
import { Router as ShimRouter } from './routing/router.ts'

declare global {
  namespace Express {
    interface Request {
      /** The invocation that the request came with: the event as Lambda gave it, and the context. Not on a real server. */
      readonly lambda: { readonly event: unknown; readonly context: LambdaContext }
      /** The client's identity as the gateway established it; undefined if it did not authenticate the client. */
      readonly identity: Identity | undefined
    }
    interface Application {
      /** The application as a Lambda handler: `export const handler = app.handler`. */
      readonly handler: LambdaHandler
      /** The same for answers that are sent as they are written: a function URL in RESPONSE_STREAM mode, a REST API that streams. */
      readonly streamHandler: StreamingLambdaHandler
    }
  }
}

type Dictionary = core.ParamsDictionary
type Query = core.Query
// biome-ignore lint/suspicious/noExplicitAny: Express's own types have it for what only the application knows.
type Any = any
type AnyRecord = Record<string, Any>

/** The types that `express.` is written before, as in @types/express: under the name `express` they cannot come from there. */
declare namespace express {
  type Application = core.Application
  type CookieOptions = core.CookieOptions
  type Errback = core.Errback
  type ErrorRequestHandler<
    P = Dictionary,
    B = Any,
    R = Any,
    Q = Query,
    L extends AnyRecord = AnyRecord,
  > = core.ErrorRequestHandler<P, B, R, Q, L>
  type Express = core.Express
  type Handler = core.Handler
  type IRoute = core.IRoute
  type IRouter = core.IRouter
  type IRouterHandler<T> = core.IRouterHandler<T>
  type IRouterMatcher<T> = core.IRouterMatcher<T>
  type Locals = core.Locals
  type MediaType = core.MediaType
  type NextFunction = core.NextFunction
  type Request<P = Dictionary, B = Any, R = Any, Q = Query, L extends AnyRecord = AnyRecord> = core.Request<
    P,
    B,
    R,
    Q,
    L
  >
  type RequestHandler<
    P = Dictionary,
    B = Any,
    R = Any,
    Q = Query,
    L extends AnyRecord = AnyRecord,
  > = core.RequestHandler<P, B, R, Q, L>
  type RequestParamHandler = core.RequestParamHandler
  type Response<B = Any, L extends AnyRecord = AnyRecord> = core.Response<B, L>
  type Router = core.Router
  interface RouterOptions {
    caseSensitive?: boolean | undefined
    /** Keeps the parent router's parameters; a parameter of this router with the same name comes first. */
    mergeParams?: boolean | undefined
    strict?: boolean | undefined
  }
  type Send = core.Send
}

export type {
  Application,
  CookieOptions,
  Errback,
  ErrorRequestHandler,
  Express,
  Handler,
  IRoute,
  IRouter,
  IRouterHandler,
  IRouterMatcher,
  Locals,
  MediaType,
  NextFunction,
  Request,
  RequestHandler,
  RequestParamHandler,
  Response,
  Send,
} from 'express-serve-static-core'
/** Options of `express.Router`. */
export type RouterOptions = express.RouterOptions

// The classes are typed for their own code; what an application sees of them has the types that Express's users know.
interface Surface {
  (): core.Express
  application: core.Application
  request: core.Request
  response: core.Response
  Route: new (path: string) => core.IRoute
  Router: (options?: express.RouterOptions) => core.Router
  json: typeof bodyParser.json
  raw: typeof bodyParser.raw
  static: RequestHandlerConstructor<core.Response>
  text: typeof bodyParser.text
  urlencoded: typeof bodyParser.urlencoded
}

/**
 * Creates an application: the function that `express` is.
 * @example
 * const app = express()
 * app.get('/', (req, res) => res.json({ hello: 'world' }))
 * export const handler = app.handler
 */
const express = Object.assign(createApplication, {
  application: applicationPrototype,
  request: ShimRequest.prototype,
  response: ShimResponse.prototype,
  Route: ShimRoute,
  Router: ShimRouter,
  json: parsers.json,
  raw: parsers.raw,
  static: serveStatic,
  text: parsers.text,
  urlencoded: parsers.urlencoded,
}) as unknown as Surface

// So that require() returns the function itself, as Express's module does. The declarations for CommonJS have `export =`.
/** @internal */
export { express as 'module.exports' }

// Not named as the functions that they hold: in the built file a function whose name is taken would get another one, and
// names such as `jsonParser` in `app.router.stack` are what tools read.
/** The prototype of applications: what is added to it, every application has. */
const exportedApplication: Surface['application'] = express.application
/** The prototype of `req` in every application. */
const exportedRequest: Surface['request'] = express.request
/** The prototype of `res` in every application. */
const exportedResponse: Surface['response'] = express.response
/** One path with its handlers, as `app.route(path)` makes it. */
const ExportedRoute: Surface['Route'] = express.Route
/** Makes a router, to be mounted by `app.use`. */
const ExportedRouter: Surface['Router'] = express.Router
/** Middleware that parses JSON bodies into `req.body`, with the options of body-parser. */
const exportedJson: Surface['json'] = express.json
/** Middleware that reads bodies as a `Buffer` into `req.body`, with the options of body-parser. */
const exportedRaw: Surface['raw'] = express.raw
/** Middleware that serves the files of a folder, with the options of serve-static. */
const exportedStatic: Surface['static'] = express.static
/** Middleware that reads text bodies into `req.body`, with the options of body-parser. */
const exportedText: Surface['text'] = express.text
/** Middleware that parses URL-encoded forms into `req.body`, with the options of body-parser. */
const exportedUrlencoded: Surface['urlencoded'] = express.urlencoded
/** The type of a route. */
type ExportedRoute = core.IRoute
/** The type of a router. */
type ExportedRouter = core.Router

export {
  ExportedRoute as Route,
  ExportedRouter as Router,
  exportedApplication as application,
  exportedJson as json,
  exportedRaw as raw,
  exportedRequest as request,
  exportedResponse as response,
  exportedStatic as static,
  exportedText as text,
  exportedUrlencoded as urlencoded,
  express as default,
}
