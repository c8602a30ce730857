import type { TracingChannel } from 'node:diagnostics_channel'
import { getBuiltinModule } from '../builtin.ts'
import type { EnteredLayer, Handler, Next, RoutedRequest, RoutedResponse } from '../types.ts'

/** What subscribers of `express.router.request` are given: Express 5.3's tracing channel, one trace for each handler. */
interface TraceContext {
  req: RoutedRequest
  res: RoutedResponse
  layer: EnteredLayer
  handler: Handler
  route: unknown
  param?: string
  errorHandler?: true
  incomingError?: unknown
  result?: unknown
  error?: unknown
}

/** Where a request keeps the path pattern, as registered, that the running handler was found by. */
export const MATCHED: unique symbol = Symbol('expressway.matched') as never
// Express's own registered symbol, so that a real router inside this one reports no error a second time.
const SEEN = Symbol.for('router.tracing.publishedErrors')

export type TracedRequest = RoutedRequest & { [MATCHED]?: unknown; [SEEN]?: Set<unknown> }

let channel: TracingChannel<string, TraceContext> | undefined

/** Whether anybody listens, which is asked before each handler. */
export function isTraced(): boolean {
  channel ??= getBuiltinModule('node:diagnostics_channel').tracingChannel('express.router.request')
  return channel.hasSubscribers
}

/** Remembers an error, so that only the handler that it came from is reported; false for one already seen and for signals. */
export function recordError(req: RoutedRequest, error: unknown): boolean {
  if (!error || isSignal(error)) return false
  const seen = ((req as TracedRequest)[SEEN] ??= new Set())
  if (seen.has(error)) return false
  seen.add(error)
  return true
}

export function traceHandler(
  layer: EnteredLayer,
  req: TracedRequest,
  res: RoutedResponse,
  next: Next,
  ...incoming: [error?: unknown]
): void {
  const handler = layer.handle
  const context: TraceContext = { req, res, layer, handler, route: req[MATCHED] }
  if (incoming.length) {
    context.errorHandler = true
    context.incomingError = incoming[0]
  }
  trace(context, next, (traced) => handler(...incoming, req, res, traced))
}

export function traceParam(
  layer: EnteredLayer,
  handler: Handler,
  req: TracedRequest,
  res: RoutedResponse,
  next: Next,
  value: unknown,
  param: string,
): void {
  const context: TraceContext = { req, res, layer, handler, route: req[MATCHED], param }
  trace(context, next, (traced) => handler(req, res, traced, value, param))
}

function trace(context: TraceContext, next: Next, run: (next: Next) => unknown): void {
  const { start } = channel as TracingChannel<string, TraceContext>
  const traced = reporting(context, next)
  start.runStores(context, () => {
    let returned: PromiseLike<unknown> | undefined
    try {
      returned = run(traced) as PromiseLike<unknown> | undefined
    } catch (error) {
      traced(error)
      failed(context, error, true)
      publishEnd(context, false)
      return
    }
    const async = typeof returned?.then === 'function'
    if (!async) context.result = returned
    publishEnd(context, async)
    if (async) settle(context, returned as PromiseLike<unknown>, traced)
  })
}

function settle(context: TraceContext, returned: PromiseLike<unknown>, next: Next): void {
  let settled = false
  const rejected = (error: unknown) => {
    next(error)
    if (settled) return
    settled = true
    failed(context, error, false)
    publishAsync(context)
  }
  const resolved = (value: unknown) => {
    if (settled) return
    settled = true
    context.result = value
    publishAsync(context)
  }
  try {
    returned.then(resolved, (reason: unknown) => rejected(reason || new Error('Rejected promise')))
  } catch (error) {
    rejected(error)
  }
}

/** `next`, which reports an error once, at its origin, before anybody else is given it. */
function reporting(context: TraceContext, next: Next): Next {
  const { req, errorHandler, incomingError } = context
  if (errorHandler) recordError(req, incomingError)
  return (error) => {
    // An error handler that recovers has dealt with the error: the same object, thrown later, is a new failure.
    if (errorHandler && error !== incomingError) (req as TracedRequest)[SEEN]?.delete(incomingError)
    if (error && recordError(req, error)) {
      context.error = error
      channel?.error.publish(context)
    }
    next(error)
  }
}

function failed(context: TraceContext, error: unknown, sync: boolean): void {
  if (!isSignal(error)) {
    if (!('error' in context)) context.error = error
  } else if (sync) context.result = undefined
}

// `result` or `error` at `end` says that the handler is done, so an early error is hidden while its promise is open.
function publishEnd(context: TraceContext, async: boolean): void {
  const end = channel?.end
  if (!async || !('error' in context)) {
    end?.publish(context)
    return
  }
  const { error } = context
  delete context.error
  end?.publish(context)
  context.error = error
}

function publishAsync(context: TraceContext): void {
  channel?.asyncStart.runStores(context, () => channel?.asyncEnd.publish(context))
}

function isSignal(error: unknown): boolean {
  return error === 'route' || error === 'router'
}
