import type { ENTERED, Layer } from './layer.ts'
import type { Route } from './route.ts'

/** Parameters of the matched pattern: strings, arrays of them for `*splat`, or what a `param` callback put there. */
export type Params = Record<string | number, unknown>

/** Express's `next`: on, on with an error, or out with `'route'` or `'router'`. */
export type Next = (error?: unknown) => unknown

/** What routing reads and writes on a request, whether it is ours or Node's own. */
export interface RoutedRequest {
  method?: string
  url?: string
  originalUrl?: string
  baseUrl?: string
  params?: Params
  next?: Next
  route?: Route
  app?: object
  res?: object
  httpVersionMajor?: number
  socket?: { destroy(): unknown } | null
  [ENTERED]?: Layer
}

/** What the application, the router and the final handler use of a response. */
export interface RoutedResponse {
  statusCode: number
  statusMessage?: string
  readonly headersSent: boolean
  req?: object
  app?: object
  locals?: Record<string, unknown>
  setHeader(name: string, value: string | number | readonly string[]): unknown
  removeHeader(name: string): unknown
  end(body?: string, encoding?: BufferEncoding): unknown
}

/** A handler of any arity: (req, res), (req, res, next) or (err, req, res, next). Its arguments are the user's to type. */
// biome-ignore lint/suspicious/noExplicitAny: handlers of three shapes share one slot, told apart by their length.
export type Handler = (...args: any[]) => unknown

/** `router.param`'s callback. */
export type ParamHandler = (
  req: RoutedRequest,
  res: RoutedResponse,
  next: Next,
  value: unknown,
  name: string,
) => unknown
