import type { Identity, LambdaContext } from '@expressway/core/handle'
import type { LambdaHandler, StreamingLambdaHandler } from '@expressway/core/lambda'
import type e from 'express'
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
      /** Who the gateway found the client to be; undefined where it did not ask. */
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

type Dictionary = e.Request['params']
type Query = e.Request['query']
// biome-ignore lint/suspicious/noExplicitAny: Express's own types have it for what only the application knows.
type Any = any
type AnyRecord = Record<string, Any>

/** The types that `express.` is written before; @types/express is where they are. */
declare namespace express {
  type Application = e.Application
  type CookieOptions = e.CookieOptions
  type Errback = e.Errback
  type ErrorRequestHandler<
    P = Dictionary,
    B = Any,
    R = Any,
    Q = Query,
    L extends AnyRecord = AnyRecord,
  > = e.ErrorRequestHandler<P, B, R, Q, L>
  type Express = e.Express
  type Handler = e.Handler
  type IRoute = e.IRoute
  type IRouter = e.IRouter
  type IRouterHandler<T> = e.IRouterHandler<T>
  type IRouterMatcher<T> = e.IRouterMatcher<T>
  type Locals = e.Locals
  type MediaType = e.MediaType
  type NextFunction = e.NextFunction
  type Request<P = Dictionary, B = Any, R = Any, Q = Query, L extends AnyRecord = AnyRecord> = e.Request<P, B, R, Q, L>
  type RequestHandler<P = Dictionary, B = Any, R = Any, Q = Query, L extends AnyRecord = AnyRecord> = e.RequestHandler<
    P,
    B,
    R,
    Q,
    L
  >
  type RequestParamHandler = e.RequestParamHandler
  type Response<B = Any, L extends AnyRecord = AnyRecord> = e.Response<B, L>
  type Router = e.Router
  type RouterOptions = e.RouterOptions
  type Send = e.Send
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
  RouterOptions,
  Send,
} from 'express'

// The classes are typed for their own code; what an application sees of them has the types that Express's users know.
type Surface = Omit<typeof e, 'Route'> & (() => e.Express) & { Route: new (path: string) => e.IRoute }

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

// Each by the surface's own type: inferred, the declarations would name packages that Express's types only depend on.
const application: Surface['application'] = express.application
const request: Surface['request'] = express.request
const response: Surface['response'] = express.response
const Route: Surface['Route'] = express.Route
const Router: Surface['Router'] = express.Router
const json: Surface['json'] = express.json
const raw: Surface['raw'] = express.raw
const serve: Surface['static'] = express.static
const text: Surface['text'] = express.text
const urlencoded: Surface['urlencoded'] = express.urlencoded
type Route = e.IRoute
type Router = e.Router

// So that require() gives the function itself, as Express's CommonJS module does.
export {
  application,
  express as default,
  express as 'module.exports',
  json,
  Route,
  Router,
  raw,
  request,
  response,
  serve as static,
  text,
  urlencoded,
}
