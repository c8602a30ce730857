import type { HttpResponse, LambdaContext } from '@expressway/core/handle'
import { htmlPage } from './http/html.ts'
import { ENTERED } from './node/message-state.ts'
import type { EnteredLayer, RoutedRequest } from './types.ts'

// Long enough for the answer to leave a small function; a tenth, where the whole time is short.
const MARGIN_MS = 250
const MARGIN_SHARE = 0.1
// What a timer can wait for: beyond, it would fire at once.
const LONGEST = 2 ** 31

/**
 * The answer, or 503 shortly before Lambda would end the invocation without one. The layer that was entered last and neither
 * answered nor went on is written to the log. Its timer keeps the process: with nothing else under way Lambda would end at once.
 */
export function answerBeforeDeadline(
  answer: Promise<HttpResponse>,
  req: RoutedRequest,
  res: { destroy?(): unknown },
  context: LambdaContext,
): Promise<HttpResponse> {
  const remaining = context.getRemainingTimeInMillis?.()
  if (remaining === undefined || !(remaining < LONGEST)) return answer
  const wait = remaining - Math.min(MARGIN_MS, remaining * MARGIN_SHARE)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      console.error(blame(req, wait))
      resolve(serviceUnavailable())
      // Whoever still waits for the response (a log line, a stream) is told that it is over.
      res.destroy?.()
    }, wait)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function serviceUnavailable(): HttpResponse {
  const body = htmlPage('Error', 'Service Unavailable')
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-length': String(body.length) }
  return { status: 503, headers: Object.assign(Object.create(null), headers), body }
}

function blame(req: RoutedRequest, milliseconds: number): string {
  const layer = req[ENTERED]
  const who = layer ? describe(layer, req) : 'no handler was entered'
  return `${req.method} ${req.originalUrl} was not answered in ${Math.round(milliseconds)} ms, so 503 was: ${who}`
}

function describe(layer: EnteredLayer, { route, baseUrl }: RoutedRequest): string {
  const inRoute = route?.stack.includes(layer)
  const place = inRoute ? `${layer.method?.toUpperCase() ?? 'all'} ${baseUrl}${route?.path}` : baseUrl || '/'
  return `the handler ${layer.name} of ${place} neither ended the response nor called next()`
}
