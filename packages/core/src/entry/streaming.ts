import { timeBefore } from '../message/deadline.ts'
import type { Handle, Invocation, LambdaContext } from '../message/handle.ts'
import { encodeFields, joinLines, setCookies } from '../message/headers.ts'
import type { Chunk, HttpRequest, HttpResponse } from '../message/message.ts'
import type { Source } from '../message/source.ts'
import { detectSource, selectSources } from '../sources/detect.ts'
import { type LambdaOptions, toLambdaHandler } from './lambda.ts'
import { answerTo, isWhole, pump } from './response.ts'
import { explainUpgrade } from './upgrade.ts'

/** The stream that Lambda's runtime gives to a streaming handler. It is not a Node stream, but has these of its methods. */
export interface ResponseStream {
  /** Sends a chunk. False if the next one is better held back until `drain`. */
  write(chunk: Chunk): boolean
  /** Ends the answer. */
  end(): unknown
  /** Calls the listener at the next event of this name: `drain`, `error`, `close`. */
  once(event: string, listener: (error?: unknown) => void): unknown
  /** Breaks the answer off. */
  destroy?(error?: Error): unknown
  /** Sets `Content-Type` before the first chunk. */
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
 * API, a load balancer, VPC Lattice) get the same answer whole, and so does a caller that calls `(event, context)`.
 * @example export const handler = toStreamingLambdaHandler(app.handle)
 * @throws TypeError if no source has the name that `source` gives.
 */
export function toStreamingLambdaHandler(handle: Handle, options: LambdaOptions = {}): StreamingLambdaHandler {
  const sources = selectSources(options.source)
  const whole = toLambdaHandler(handle, options)
  const handler: StreamingLambdaHandler = async (event, stream, context) => {
    if (typeof stream?.write !== 'function') return whole(event, stream as LambdaContext)
    const source = detectSource(event, sources)
    // For a gateway that cannot stream, Lambda takes the bytes of the stream as the returned result.
    if (source === undefined || !source.streams) return writeResult(stream, await whole(event, context))
    await sendStream(handle, source, event, stream, context)
  }
  // The mark that awslambda.streamifyResponse sets. Set here, it works without that global.
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
  // 'close' also follows a normal end; that is no disconnect.
  const onClose = () => ended || disconnect.abort(new Error('The client has gone'))
  stream.once('close', onClose)
  stream.once('error', onClose)
  const { signal: disconnected } = disconnect
  const invocation: Invocation = { source: source.name, event, context, streaming: true, disconnected }
  let request: HttpRequest | undefined
  const response = await answerTo(handle, () => (request = source.decode(event)), invocation)
  if (disconnected.aborted) {
    // The answer comes too late, but the source of its body has to be closed.
    if (!isWhole(response)) pump(response.body as AsyncIterable<Chunk>, stream, disconnected).catch(() => {})
    return
  }
  if (request !== undefined) explainUpgrade(source, request, response)
  const out = begin(stream, preludeOf(response, request?.method === 'HEAD'))
  await writeBody(response, out, disconnected, context, () => {
    ended = true
    out.end()
  })
}

function preludeOf(response: HttpResponse, isHead: boolean): Prelude {
  const headers = encodeFields(response.headers, joinLines, isHead)
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
    // The runtime sends the prelude with the first write, and end() does not count as one: a 204 would lose its status.
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
    // The client has its status already, so the stream can only end as failed, which the runtime does.
    console.error(error)
    throw error
  } finally {
    stop.clear()
  }
}

/** Aborts when the client leaves, or shortly before the invocation ends: the stream then ends as failed. */
function stopSignal(disconnected: AbortSignal, context: LambdaContext): { signal: AbortSignal; clear(): void } {
  const wait = timeBefore(context, 'stream')
  if (wait === undefined) return { signal: disconnected, clear() {} }
  const stop = new AbortController()
  disconnected.addEventListener('abort', () => stop.abort(disconnected.reason))
  const expire = () => stop.abort(new Error('The stream was still open at the deadline'))
  const timer = setTimeout(expire, wait)
  return { signal: stop.signal, clear: () => clearTimeout(timer) }
}
