import type { Handle, Invocation, LambdaContext } from '../message/handle.ts'
import { encodeFields, joinLines, setCookies } from '../message/headers.ts'
import type { Chunk, HttpResponse } from '../message/message.ts'
import type { Source } from '../message/source.ts'
import { detectSource, selectSources } from '../sources/detect.ts'
import { isWhole, jsonError, type LambdaOptions, toLambdaHandler } from './lambda.ts'

/** The stream that Lambda's runtime gives to a streaming handler. It is no Node stream, but has these of its methods. */
export interface ResponseStream {
  write(chunk: Chunk): boolean
  end(): unknown
  once(event: string, listener: (error?: unknown) => void): unknown
  destroy?(error?: Error): unknown
  setContentType?(contentType: string): void
}

/** A handler for a function URL in RESPONSE_STREAM mode, or a REST API with `responseTransferMode: STREAM`. */
export type StreamingLambdaHandler = (
  event: unknown,
  stream: ResponseStream,
  context: LambdaContext,
) => Promise<unknown>

/** What the client gets before the first chunk (AWS: "HTTP integration response" metadata). */
interface Prelude {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly cookies?: string[]
}

/**
 * The way in from Lambda for answers that are sent as they are written, up to 200 MB. Sources that cannot stream (an HTTP
 * API, a load balancer, VPC Lattice) get the same answer whole, and so does who calls the handler as `(event, context)`.
 * @example export const handler = toStreamingLambdaHandler(app.handle)
 */
export function toStreamingLambdaHandler(handle: Handle, options: LambdaOptions = {}): StreamingLambdaHandler {
  const sources = selectSources(options.source)
  const whole = toLambdaHandler(handle, options)
  const handler: StreamingLambdaHandler = async (event, stream, context) => {
    if (typeof stream?.write !== 'function') return whole(event, stream as LambdaContext)
    const source = detectSource(event, sources)
    // Lambda hands what is written to a gateway that cannot stream as if it were returned.
    if (source === undefined || !source.streams) return writeResult(stream, await whole(event, context))
    await sendStream(handle, source, event, stream, context)
  }
  // The mark that awslambda.streamifyResponse leaves; set here, it needs no such global where there is none.
  return Object.assign(handler, { [Symbol.for('aws.lambda.runtime.handler.streaming')]: 'response' })
}

function writeResult(stream: ResponseStream, result: unknown): void {
  stream.setContentType?.('application/json')
  stream.write(JSON.stringify(result) ?? 'null')
  stream.end()
}

async function sendStream(
  handle: Handle,
  source: Source,
  event: unknown,
  stream: ResponseStream,
  context: LambdaContext,
) {
  const disconnect = new AbortController()
  let ended = false
  // The stream closes after its end as well, which is nobody's going.
  const gone = () => ended || disconnect.abort(new Error('The client has gone'))
  stream.once('close', gone)
  stream.once('error', gone)
  const invocation: Invocation = {
    source: source.name,
    event,
    context,
    streaming: true,
    disconnected: disconnect.signal,
  }
  const response = await answerTo(handle, source, event, invocation)
  if (disconnect.signal.aborted) {
    // Nobody is there to take the answer: what makes it is told so, as if it had begun.
    if (!isWhole(response)) pump(response.body as AsyncIterable<Chunk>, stream, disconnect.signal).catch(() => {})
    return
  }
  const out = begin(stream, preludeOf(response))
  await writeBody(response, out, disconnect.signal, context, () => {
    ended = true
    out.end()
  })
}

async function answerTo(handle: Handle, source: Source, event: unknown, invocation: Invocation): Promise<HttpResponse> {
  try {
    return await handle(source.decode(event), invocation)
  } catch (error) {
    console.error(error)
    return jsonError(500, 'Internal server error')
  }
}

function preludeOf(response: HttpResponse): Prelude {
  const headers = encodeFields(response.headers, joinLines)
  delete headers['set-cookie']
  const cookies = setCookies(response.headers)
  return { statusCode: response.status, headers, ...(cookies.length > 0 && { cookies }) }
}

interface AwsLambda {
  readonly HttpResponseStream: { from(stream: ResponseStream, prelude: Prelude): ResponseStream }
}

/** Sends status, headers and cookies. */
function begin(stream: ResponseStream, prelude: Prelude): ResponseStream {
  const awslambda = (globalThis as { awslambda?: unknown }).awslambda as AwsLambda | undefined
  if (awslambda?.HttpResponseStream !== undefined && stream.setContentType !== undefined) {
    const out = awslambda.HttpResponseStream.from(stream, prelude)
    // The runtime holds the prelude back until the first write, and end() is none: a 204 would lose its status.
    out.write('')
    return out
  }
  stream.setContentType?.('application/vnd.awslambda.http-integration-response')
  stream.write(JSON.stringify(prelude) + '\0'.repeat(8))
  return stream
}

async function writeBody(
  response: HttpResponse,
  out: ResponseStream,
  disconnected: AbortSignal,
  context: LambdaContext,
  end: () => void,
) {
  if (isWhole(response)) {
    if (response.body?.length) out.write(response.body)
    end()
    return
  }
  const stop = stopSignal(disconnected, context)
  try {
    await pump(response.body as AsyncIterable<Chunk>, out, stop.signal)
    if (!disconnected.aborted) end()
  } catch (error) {
    if (disconnected.aborted) return
    // The client has its status already: what is left is to end the stream as failed, which the runtime does.
    console.error(error)
    throw error
  } finally {
    stop.clear()
  }
}

/** Reads no faster than the client takes. Ends the source, too, where it has to stop. */
async function pump(body: AsyncIterable<Chunk>, out: ResponseStream, stop: AbortSignal): Promise<void> {
  let interrupt = (_reason: unknown): void => {}
  // A promise of its own for each wait: races against one that lives as long as the stream would pile up in it.
  const orStopped = <T>(wait: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      interrupt = reject
      if (stop.aborted) reject(stop.reason)
      wait.then(resolve, reject)
    })
  stop.addEventListener('abort', () => interrupt(stop.reason), { once: true })
  const chunks = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value } = await orStopped(chunks.next())
      if (done) return
      if (!out.write(value)) await orStopped(new Promise((resolve) => out.once('drain', resolve)))
    }
  } catch (error) {
    // Not awaited: a source that hangs in next() hangs in return() too.
    Promise.resolve(chunks.return?.()).catch(() => {})
    throw error
  }
}

/** Milliseconds before the deadline at which a stream ends as failed. `req.signal` fired before: time to end it well. */
const deadlineMargin = 50

function stopSignal(disconnected: AbortSignal, context: LambdaContext): { signal: AbortSignal; clear(): void } {
  const remaining = context?.getRemainingTimeInMillis?.()
  if (remaining === undefined) return { signal: disconnected, clear() {} }
  const stop = new AbortController()
  disconnected.addEventListener('abort', () => stop.abort(disconnected.reason))
  const expire = () => stop.abort(new Error('The stream was still open at the deadline'))
  const timer = setTimeout(expire, Math.max(0, remaining - deadlineMargin))
  return { signal: stop.signal, clear: () => clearTimeout(timer) }
}
