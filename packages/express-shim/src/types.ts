import type { ENTERED } from './node/message-state.ts'

/** Parameters of the matched pattern: strings, arrays of them for `*splat`, or what a `param` callback put there. */
export type Params = Record<string | number, unknown>

/** Express's `next`: on, on with an error, or out with `'route'` or `'router'`. */
export type Next = (error?: unknown) => unknown

/** What a trace, or the report of a response that never ended, says about a layer. */
export interface EnteredLayer {
  readonly name: string
  readonly method?: string | undefined
  handle: Handler
}

/** What a router asks the route that it found. */
export interface FoundRoute {
  readonly path: unknown
  readonly stack: readonly EnteredLayer[]
  dispatch(req: RoutedRequest, res: RoutedResponse, done: Next): void
  _handlesMethod(method: unknown): boolean
  _methods(includeAll?: boolean): string[]
}

/** What routing reads and writes on a request, whether it is ours or Node's own. */
export interface RoutedRequest {
  method?: string
  url?: string
  originalUrl?: string
  baseUrl?: string
  params?: Params
  next?: Next
  route?: FoundRoute
  app?: object
  res?: object
  httpVersionMajor?: number
  socket?: { destroy(): unknown } | null
  [ENTERED]?: EnteredLayer
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

/** What a request or a response asks the application for. */
export interface MessageApplication {
  readonly request: object
  readonly response: object
  /** Read directly for each answer: `get`, and what it calls, would be looked up among a hundred members. */
  readonly settings: Readonly<Record<string, unknown>>
  get(setting: string): unknown
  enabled(setting: string): boolean
  render(view: string, options: object, callback: (error: unknown, html?: string) => void): void
}

/** A handler of any arity: (req, res), (req, res, next) or (err, req, res, next). Its arguments are the user's to type. */
// biome-ignore lint/suspicious/noExplicitAny: handlers of three shapes share one slot and differ in their length.
export type Handler = (...args: any[]) => unknown

/** `router.param`'s callback. */
export type ParamHandler = (
  req: RoutedRequest,
  res: RoutedResponse,
  next: Next,
  value: unknown,
  name: string,
) => unknown
