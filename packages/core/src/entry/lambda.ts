import { beforeDeadline, release } from '../message/deadline.ts'
import { errorBody } from '../message/errors.ts'
import type { Handle, LambdaContext } from '../message/handle.ts'
import { warnOnce } from '../message/log.ts'
import type { Chunk, HttpRequest, HttpResponse } from '../message/message.ts'
import type { BufferedResponse, Source } from '../message/source.ts'
import { detectSource, type SourceName, selectSources } from '../sources/detect.ts'
import { fitResult } from './limits.ts'
import { type OnOtherEvent, takeOtherEvent } from './other-event.ts'

/** A Lambda handler of two parameters: Node.js 24 on Lambda refuses three. */
export type LambdaHandler = (event: unknown, context?: LambdaContext) => Promise<unknown>

export interface LambdaOptions {
  /** Take only this source's events: by name, or a source of your own. Default: every source, told by the event. */
  readonly source?: SourceName | Source
  /** Takes what is not HTTP: SQS, schedules, WebSocket … Without it such an event fails the invocation. */
  readonly onOtherEvent?: OnOtherEvent
}

/**
 * The way in from Lambda: event, request, response, result. The result is whole; `./streaming` sends it in chunks.
 * @example export const handler = toLambdaHandler(app.handle)
 * @throws TypeError where no source has the given name.
 */
export function toLambdaHandler(handle: Handle, options: LambdaOptions = {}): LambdaHandler {
  const { source: chosen, onOtherEvent } = options
  const sources = selectSources(chosen)
  // No default for `context`: a handler's length has to be 2. And no async function: its frame alone takes as long as all
  // the decoding, and most answers are there at once.
  return (event, context) => {
    if ((context as { write?: unknown } | undefined)?.write !== undefined) return refuseStream()
    const source = detectSource(event, sources)
    if (source === undefined) return otherEvent(event, context ?? {}, onOtherEvent)
    try {
      const request = source.decode(event)
      const answer = handle(request, { source: source.name, event, context: context ?? {}, streaming: false })
      if ('then' in answer || !isWhole(answer)) return encodeLater(source, answer, request, event, context)
      return Promise.resolve(fitResult(source, answer, request, event) ?? failure(source, event))
    } catch (error) {
      return Promise.resolve(fault(error, source, event))
    }
  }
}

// Asynchronous, so that what it throws rejects.
const otherEvent = async (event: unknown, context: LambdaContext, onOtherEvent?: OnOtherEvent): Promise<unknown> =>
  takeOtherEvent(event, context, onOtherEvent)

async function encodeLater(
  source: Source,
  answer: HttpResponse | Promise<HttpResponse>,
  request: HttpRequest,
  event: unknown,
  context: LambdaContext = {},
): Promise<unknown> {
  try {
    const response = await answer
    if (!isWhole(response)) warnOnce(collected(source))
    const whole = isWhole(response)
      ? response
      : await beforeDeadline(collect(response), context, (waited) => unfinished(waited, response, request))
    return fitResult(source, whole, request, event) ?? failure(source, event)
  } catch (error) {
    return fault(error, source, event)
  }
}

/** An application answers its own errors: what comes out of it is a fault that nobody else would see. */
function fault(error: unknown, source: Source, event: unknown): unknown {
  console.error(error)
  return failure(source, event)
}

// In such a wrapper Lambda would wait until the time-out for a stream that nobody ends.
const refuseStream = async (): Promise<never> => {
  throw new TypeError('This handler answers whole: export app.streamHandler, not streamifyResponse(app.handler)')
}

const collected = ({ name, streams }: Source): string =>
  streams
    ? 'a stream was answered whole: to send it as it comes, export app.streamHandler'
    : `${name} cannot stream: a stream was answered whole`

function unfinished(waited: number, { body }: HttpResponse, { method, path }: HttpRequest): BufferedResponse {
  console.error(`expressway: the body of ${method} ${path} was not complete in ${waited} ms: 503`)
  release(body)
  return jsonError(503, 'Service unavailable')
}

export const isWhole = (response: HttpResponse): response is BufferedResponse =>
  typeof response.body !== 'object' || response.body instanceof Uint8Array

/** Reads a body that comes in chunks to its end: text if all of it is, else bytes. */
export async function collect(response: HttpResponse): Promise<BufferedResponse> {
  const chunks: Chunk[] = []
  for await (const chunk of response.body as AsyncIterable<Chunk>) chunks.push(chunk)
  const isText = chunks.every((chunk) => typeof chunk === 'string')
  const body = isText ? chunks.join('') : Buffer.concat(chunks.map(toBytes))
  return { ...response, body }
}

const toBytes = (chunk: Chunk): Uint8Array => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)

const failure = (source: Source, event: unknown): unknown =>
  source.encode(jsonError(500, 'Internal server error'), event)

export const jsonError = (status: number, message: string): BufferedResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(errorBody(status, message)),
})
