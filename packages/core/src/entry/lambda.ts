import { beforeDeadline, release } from '../message/deadline.ts'
import type { Handle, LambdaContext } from '../message/handle.ts'
import { warnOnce } from '../message/log.ts'
import type { HttpRequest, HttpResponse } from '../message/message.ts'
import { isPromise } from '../message/promise.ts'
import type { BufferedResponse, Source } from '../message/source.ts'
import { detectSource, type SourceName, selectSources } from '../sources/detect.ts'
import { fitResult } from './limits.ts'
import { type OnOtherEvent, takeOtherEvent } from './other-event.ts'
import { collect, isWhole, jsonError } from './response.ts'
import { explainUpgrade } from './upgrade.ts'

/** A Lambda handler of two parameters: Node.js 24 on Lambda refuses three. */
export type LambdaHandler = (event: unknown, context?: LambdaContext) => Promise<unknown>

/** Options of a Lambda handler. */
export interface LambdaOptions {
  /** The only source whose events are accepted: its name, or a source of your own. Default: every source, detected by the event. */
  readonly source?: SourceName | Source
  /** Handles events that are not HTTP: SQS, schedules, WebSocket … Without it such an event fails the invocation. */
  readonly onOtherEvent?: OnOtherEvent
}

/**
 * The way in from Lambda: event, request, response, result. The result is whole; {@link toStreamingLambdaHandler} sends the
 * answer in chunks.
 * @example export const handler = toLambdaHandler(app.handle)
 * @throws TypeError if no source has the name that `source` gives.
 */
export function toLambdaHandler(handle: Handle, options: LambdaOptions = {}): LambdaHandler {
  const { source: chosen, onOtherEvent } = options
  const sources = selectSources(chosen)
  // `context` has no default value, because Lambda reads the handler's length, which has to be 2. The function is not async,
  // because the frame of an async function takes as long as the decoding, and most answers are there at once.
  return (event, context) => {
    if ((context as { write?: unknown } | undefined)?.write !== undefined) return refuseStream()
    const source = detectSource(event, sources)
    if (source === undefined) return otherEvent(event, context ?? {}, onOtherEvent)
    try {
      const request = source.decode(event)
      const answer = handle(request, { source: source.name, event, context: context ?? {}, streaming: false })
      if (isPromise(answer) || !isWhole(answer)) return encodeLater(source, answer, request, event, context)
      return Promise.resolve(resultOf(source, answer, request, event))
    } catch (error) {
      return Promise.resolve(fault(error, source, event))
    }
  }
}

// Asynchronous, so that an error becomes a rejection.
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
    return resultOf(source, whole, request, event)
  } catch (error) {
    return fault(error, source, event)
  }
}

function resultOf(source: Source, response: BufferedResponse, request: HttpRequest, event: unknown): unknown {
  explainUpgrade(source, request, response)
  return fitResult(source, response, request, event) ?? failure(source, event)
}

/** An application answers its own errors, so an error that leaves it is a fault that only the log can show. */
function fault(error: unknown, source: Source, event: unknown): unknown {
  console.error(error)
  return failure(source, event)
}

// Under streamifyResponse Lambda would wait until the time-out for a stream that this handler never ends.
const refuseStream = async (): Promise<never> => {
  throw new TypeError(
    'app.handler returns whole results: export app.streamHandler instead of streamifyResponse(app.handler)',
  )
}

const collected = ({ name, streams }: Source): string =>
  streams
    ? 'a streamed body was collected into one result: to send it as it is written, export app.streamHandler'
    : `${name} cannot stream: a streamed body was collected into one result`

function unfinished(waited: number, { body }: HttpResponse, { method, path }: HttpRequest): BufferedResponse {
  console.error(`expressway: the body of ${method} ${path} was not complete within ${waited} ms; sent 503`)
  release(body)
  return jsonError(503, 'Service unavailable')
}

const failure = (source: Source, event: unknown): unknown =>
  source.encode(jsonError(500, 'Internal server error'), event)
