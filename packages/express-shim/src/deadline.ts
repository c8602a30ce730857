import { beforeDeadline, type HttpResponse, type LambdaContext } from '@expressway/core/base'
import { htmlPage } from './http/html.ts'
import { ENTERED } from './node/message-state.ts'
import type { EnteredLayer, RoutedRequest } from './types.ts'

/**
 * The answer, or 503 shortly before Lambda would end the invocation without one. The log names the layer that was entered
 * last and neither answered nor called `next()`.
 */
export const answerBeforeDeadline = (
  answer: Promise<HttpResponse>,
  req: RoutedRequest,
  res: { destroy?(): unknown },
  context: LambdaContext,
): Promise<HttpResponse> => beforeDeadline(answer, context, (waited) => expire(req, res, waited), 'express')

function expire(req: RoutedRequest, res: { destroy?(): unknown }, waitedMs: number): HttpResponse {
  console.error(`${req.method} ${req.originalUrl} was not answered within ${waitedMs} ms; sent 503: ${culprit(req)}`)
  // After this turn, so that the 503 is sent first: what still waits for the response (a log line, a stream) learns that it is over.
  queueMicrotask(() => res.destroy?.())
  const body = htmlPage('Error', 'Service Unavailable')
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-length': String(body.length) }
  return { status: 503, headers: Object.assign(Object.create(null), headers), body }
}

function culprit(req: RoutedRequest): string {
  const layer = req[ENTERED]
  return layer ? describe(layer, req) : 'no handler was entered'
}

function describe(layer: EnteredLayer, { route, baseUrl }: RoutedRequest): string {
  const inRoute = route?.stack.includes(layer)
  const place = inRoute ? `${layer.method?.toUpperCase() ?? 'all'} ${baseUrl}${route?.path}` : baseUrl || '/'
  return `the handler ${layer.name} of ${place} neither ended the response nor called next()`
}
