import request from '@expressway/testing'
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { beforeEach, expect, it } from 'vitest'

const exporter = new InMemorySpanExporter()
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
const { app } = await import('./app.ts')
beforeEach(() => exporter.reset())

const spanOf = (name: string) => exporter.getFinishedSpans().find((span) => span.name === name)!

it('has a span for a request, named by its route, below X-Ray’s, and above what the handler starts', async () => {
  const event = {
    ...{ httpMethod: 'GET', path: '/orders/7' },
    headers: { 'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1' },
  }
  await app.handler(event)
  const span = spanOf('GET /orders/:id')
  expect(span.kind).toBe(SpanKind.SERVER)
  expect(span.attributes).toEqual({
    'http.request.method': 'GET',
    'url.path': '/orders/7',
    'http.route': '/orders/:id',
    'http.response.status_code': 200,
  })
  expect(span.spanContext().traceId).toBe('5759e988bd862e3fe1be46a994272793')
  expect(span.parentSpanContext?.spanId).toBe('53995c3f42cd8ad8')
  expect(spanOf('read order').parentSpanContext?.spanId).toBe(span.spanContext().spanId)
})

it('records what failed', async () => {
  await request(app).delete('/orders/7').expect(500)
  const span = spanOf('DELETE /orders/:id')
  expect(span.status.code).toBe(SpanStatusCode.ERROR)
  expect(span.events[0]?.attributes?.['exception.message']).toBe('read only')
})

it('keeps 64 requests at once apart', async () => {
  await Promise.all(
    Array.from({ length: 64 }, (_, id) =>
      request(app)
        .get(`/orders/${id}`)
        .expect(200, { id: String(id) }),
    ),
  )
  const finished = exporter.getFinishedSpans()
  const requests = finished.filter(({ name }) => name === 'GET /orders/:id')
  const parents = finished.filter(({ name }) => name === 'read order').map((span) => span.parentSpanContext?.spanId)
  expect(requests.map((span) => span.spanContext().spanId).sort()).toEqual(parents.sort())
  expect(new Set(parents).size).toBe(64)
})
