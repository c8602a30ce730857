// OpenTelemetry: a server span for each request, a child of X-Ray's trace, and active while the handlers run.

import { createApp, type Hooks, isHttpError, type Middleware } from '@expressway/core'
import { context, type Span, type SpanContext, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'

const tracer = trace.getTracer('orders')
// Beside the request, and not in a variable: many requests may run at once.
const spans = new WeakMap<object, Span>()

/** `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1` as OpenTelemetry has it. */
function parentOf(header: string | undefined): SpanContext | undefined {
  const [, time, id, spanId, sampled] =
    /Root=1-([\da-f]{8})-([\da-f]{24});Parent=([\da-f]{16})(?:;Sampled=(\d))?/.exec(header ?? '') ?? []
  if (!time || !id || !spanId) return undefined
  const traceFlags = sampled === '0' ? TraceFlags.NONE : TraceFlags.SAMPLED
  return { traceId: time + id, spanId, traceFlags, isRemote: true }
}

const hooks: Hooks = {
  onRequest({ req, route }) {
    const parent = parentOf(req.headers.get('x-amzn-trace-id'))
    const above = parent ? trace.setSpanContext(context.active(), parent) : context.active()
    const attributes = {
      'http.request.method': req.method,
      'url.path': req.path,
      ...(route && { 'http.route': route }),
    }
    const name = route ? `${req.method} ${route}` : req.method
    spans.set(req, tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, above))
  },
  onError({ req, error }) {
    if (!isHttpError(error) || error.status >= 500) spans.get(req)?.recordException(error as Error)
  },
  onResponse({ req, status }) {
    const span = spans.get(req)
    span?.setAttribute('http.response.status_code', status)
    if (status >= 500) span?.setStatus({ code: SpanStatusCode.ERROR })
    span?.end()
  },
}

// What handlers and their libraries start is a child of the request's span.
const active: Middleware = (req, _res, next) => context.with(trace.setSpan(context.active(), spans.get(req)!), next)

const app = createApp({ hooks, logger: { error() {} } })

app.use(active)

app.get('/orders/:id', async (req) => {
  const read = tracer.startSpan('read order')
  await Promise.resolve()
  read.end()
  return { id: req.params.id }
})

app.delete('/orders/:id', () => {
  throw new Error('read only')
})

export { app }
export const handler = app.handler
