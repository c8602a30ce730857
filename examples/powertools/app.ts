// Powertools for AWS Lambda on Expressway's hooks: structured logs, metrics and X-Ray segments for each route.
import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { Tracer } from '@aws-lambda-powertools/tracer'
import { createApp, type Hooks } from '@expressway/core'

export const logger = new Logger({ serviceName: 'orders' })
export const metrics = new Metrics({ namespace: 'shop', serviceName: 'orders' })
export const tracer = new Tracer({ serviceName: 'orders' })

const logs: Hooks = {
  onResponse: ({ req, route, status, durationMs }) =>
    logger.info('request', {
      http: { method: req.method, route, status },
      durationMs,
      correlation_id: req.requestId,
      xray_trace_id: req.traceId,
    }),
  onError: ({ error, route }) => logger.error(`error in ${route}`, error as Error),
}

const measures: Hooks = {
  onResponse({ route, status, durationMs }) {
    // All in one turn, with nothing awaited in between: so the shared record is this request's alone.
    metrics.addDimension('route', route ?? 'none')
    metrics.addMetric('latency', MetricUnit.Milliseconds, durationMs)
    if (status >= 500) metrics.addMetric('faults', MetricUnit.Count, 1)
    metrics.publishStoredMetrics()
  },
}

type Segment = NonNullable<ReturnType<Tracer['getSegment']>>
// Beside the request, and not in a variable: another request may begin before this one ends.
const segments = new WeakMap<object, Segment>()

const traces: Hooks = {
  onRequest({ req, route }) {
    const segment = tracer.isTracingEnabled()
      ? tracer.getSegment()?.addNewSubsegment(`${req.method} ${route}`)
      : undefined
    if (segment) segments.set(req, segment as unknown as Segment) // a subsegment, which is one of the two kinds
  },
  onError: ({ req, error }) => segments.get(req)?.addError(error as Error),
  onResponse: ({ req }) => segments.get(req)?.close(),
}

const app = createApp({ hooks: [logs, measures, traces], logger: { error() {} } })

app.get('/orders/:id', (req) => ({ id: req.params.id }))

app.delete('/orders/:id', () => {
  throw new Error('read only')
})

export { app }
export const handler = app.handler
