import type { Clock, LambdaContext } from './context.ts'
import type { LambdaError, Outcome } from './gateways/contract.ts'
import { invocationLimit } from './gateways/limits.ts'
import { integrationType } from './gateways/prelude.ts'
import { createResponseStream, HttpResponseStream, type ResponseStream } from './response-stream.ts'

/** Any Lambda handler; what it takes and gives is between it and its event source. */
// biome-ignore lint/suspicious/noExplicitAny: handlers are typed by their own event, context and response stream
export type LambdaHandler = (...args: any[]) => unknown

export interface RunOptions {
  /** The clock that the context's deadline is measured on. */
  clock?: Clock
  /** Milliseconds after which the gateway stops waiting. */
  gatewayTimeoutMs?: number
  /** Called for each chunk of a streamed body as the client receives it, with milliseconds since the start. */
  onChunk?: (chunk: Uint8Array, atMs: number) => void
  /** Called for what the runtime would log. */
  onWarning?: (sentence: string) => void
  /** Milliseconds that a stream may stay silent and open after its handler returned; default 1000. */
  unfinishedMs?: number
  signal?: AbortSignal
}

/** A run, from when the gateway can begin to answer. */
export interface Run {
  outcome: Outcome
  /** Settles when the function is done; with its error if it failed, also after the answer began. */
  finished: Promise<LambdaError | undefined>
}

const streamingKey = Symbol.for('aws.lambda.runtime.handler.streaming')
const highWaterMarkKey = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark')

/**
 * Provides the global `awslambda` as Lambda's runtime does, where there is none: code that calls
 * `awslambda.streamifyResponse` when it is loaded needs it before that.
 */
export function installStreaming(): void {
  const scope = globalThis as { awslambda?: Record<string, unknown> }
  scope.awslambda = { streamifyResponse, HttpResponseStream, ...scope.awslambda }
}

function streamifyResponse<Handler extends LambdaHandler>(
  handler: Handler,
  options?: { highWaterMark?: number },
): Handler {
  Object.defineProperty(handler, streamingKey, { value: 'response', configurable: true, writable: true })
  if (typeof options?.highWaterMark === 'number') {
    Object.defineProperty(handler, highWaterMarkKey, { value: Math.trunc(options.highWaterMark), configurable: true })
  }
  return handler
}

/** Whether the handler streams: known by the mark that `awslambda.streamifyResponse` leaves on it. */
export const isStreaming = (handler: LambdaHandler): boolean =>
  (handler as unknown as Record<symbol, unknown>)[streamingKey] === 'response'

/**
 * Calls the handler as Lambda's Node.js runtime does.
 * @throws TypeError where the handler is no function
 */
export async function runHandler(
  handler: LambdaHandler,
  event: unknown,
  context: LambdaContext,
  options: RunOptions = {},
): Promise<Run> {
  if (typeof handler !== 'function') throw new TypeError(`A Lambda handler is a function, this is ${String(handler)}`)
  options.signal?.throwIfAborted()
  const refusal = refuse(handler)
  if (refusal !== undefined) return failed(refusal)
  const copy = event === undefined ? null : JSON.parse(JSON.stringify(event))
  return isStreaming(handler)
    ? runStreaming(handler, copy, context, options)
    : runBuffered(handler, copy, context, options)
}

const failed = (error: unknown): Run => {
  const formatted = formatError(error)
  return { outcome: outcomeOf(error, formatted), finished: Promise.resolve(formatted) }
}

/** Node.js 24's runtime refuses callback handlers when it loads them, with these words. */
function refuse(handler: LambdaHandler): Error | undefined {
  const value = (handler as unknown as Record<symbol, unknown>)[streamingKey]
  if (value && value !== 'response')
    return named('Runtime.MalformedStreamingHandler', 'Only response streaming is supported.')
  if (handler.length < 3 || value) return undefined
  return named(
    'Runtime.CallbackHandlerDeprecated',
    'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to ' +
      'modify this function to use a supported handler signature to use Node.js 24 or later. For more information see ' +
      'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
  )
}

function named(name: string, message: string): Error {
  const error = new Error(message)
  error.name = name
  return error
}

/** The shape in which Lambda reports an error; DEL is written as `%7F`, for it cannot stand in a header. */
export function formatError(error: unknown): LambdaError {
  try {
    if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] }
    return {
      errorType: error.name?.replaceAll('\x7F', '%7F'),
      errorMessage: error.message?.replaceAll('\x7F', '%7F'),
      trace: error.stack?.replaceAll('\x7F', '%7F').split('\n') ?? [],
    }
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
      trace: [],
    }
  }
}

/** The end of waiting: the function's deadline, or the gateway's patience. */
class TimedOut extends Error {
  readonly by: 'function' | 'gateway'
  readonly afterMs: number
  constructor(by: 'function' | 'gateway', afterMs: number, requestId: string) {
    super(`RequestId: ${requestId} Error: Task timed out after ${(afterMs / 1000).toFixed(2)} seconds`)
    this.name = 'Sandbox.Timedout'
    this.by = by
    this.afterMs = afterMs
  }
}

function outcomeOf(error: unknown, formatted: LambdaError): Outcome {
  if (!(error instanceof TimedOut)) return { kind: 'error', error: formatted }
  const { errorType, errorMessage } = formatted
  return { kind: 'timeout', by: error.by, afterMs: error.afterMs, error: { errorType, errorMessage } }
}

/** Rejects when time is up or the caller aborts; `stop` ends the waiting. */
function watch(context: LambdaContext, options: RunOptions): { expired: Promise<never>; stop: () => void } {
  const total = context.getRemainingTimeInMillis()
  const cleanups: (() => void)[] = []
  const stop = () => {
    for (const cleanup of cleanups.splice(0)) cleanup()
  }
  const expired = new Promise<never>((_resolve, reject) => {
    const expire = () => reject(new TimedOut('function', total, context.awsRequestId))
    let timer = setTimeout(expire, clampDelay(total))
    const onAdvance = () => {
      clearTimeout(timer)
      const left = context.getRemainingTimeInMillis()
      if (left <= 0) expire()
      else timer = setTimeout(expire, clampDelay(left))
    }
    cleanups.push(() => clearTimeout(timer), options.clock?.onAdvance(onAdvance) ?? (() => {}))
    const patience = options.gatewayTimeoutMs
    if (patience !== undefined && patience < total) {
      const giveUp = setTimeout(
        () => reject(new TimedOut('gateway', patience, context.awsRequestId)),
        clampDelay(patience),
      )
      cleanups.push(() => clearTimeout(giveUp))
    }
    const abort = () => reject(options.signal?.reason)
    options.signal?.addEventListener('abort', abort)
    cleanups.push(() => options.signal?.removeEventListener('abort', abort))
  })
  expired.catch(() => {})
  return { expired, stop }
}

/** What a timer can take: more than 24.8 days would fire at once. */
const clampDelay = (milliseconds: number): number => Math.min(Math.max(milliseconds, 0), 2 ** 31 - 1)

async function runBuffered(
  handler: LambdaHandler,
  event: unknown,
  context: LambdaContext,
  options: RunOptions,
): Promise<Run> {
  const { expired, stop } = watch(context, options)
  try {
    const result = await Promise.race([(async () => handler(event, context))(), expired])
    return { outcome: { kind: 'result', result: throughJson(result) }, finished: Promise.resolve(undefined) }
  } catch (error) {
    options.signal?.throwIfAborted()
    return failed(error)
  } finally {
    stop()
  }
}

/** The result as the gateway gets it: undefined has become null, a Buffer an object, and a BigInt an error. */
function throughJson(result: unknown): unknown {
  let json: string | undefined
  try {
    json = JSON.stringify(result === undefined ? null : result)
  } catch {
    throw named('Runtime.JSONStringifyError', 'Unable to stringify response body')
  }
  // The runtime's native client takes only strings: a function or a symbol has no JSON.
  if (json === undefined) throw new TypeError('Wrong arguments')
  if (Buffer.byteLength(json) > invocationLimit) {
    throw named(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${invocationLimit} bytes).`,
    )
  }
  return JSON.parse(json)
}

async function runStreaming(
  handler: LambdaHandler,
  event: unknown,
  context: LambdaContext,
  options: RunOptions,
): Promise<Run> {
  const started = performance.now()
  const stream = createResponseStream((handler as unknown as Record<symbol, number | undefined>)[highWaterMarkKey])
  const { expired, stop } = watch(context, options)
  const running = Promise.race([callStreaming(handler, event, stream, context, options), expired])
  const settled = running.then(
    () => undefined,
    (error: unknown) => {
      stream.fail(error)
      return { error }
    },
  )
  const finished = settled.then((failure) => {
    stop()
    return failure === undefined ? undefined : formatError(failure.error)
  })
  try {
    const head = await readHead(stream)
    const chunks = toChunks(stream, head.rest, started, options)
    return { outcome: { kind: 'stream', contentType: stream.contentType(), prelude: head.prelude, chunks }, finished }
  } catch (error) {
    options.signal?.throwIfAborted()
    return { outcome: outcomeOf(error, formatError(error)), finished }
  }
}

async function callStreaming(
  handler: LambdaHandler,
  event: unknown,
  stream: ResponseStream,
  context: LambdaContext,
  options: RunOptions,
): Promise<void> {
  const returned = handler(event, stream.handle, context)
  if (!isPromise(returned)) throw new Error('Streaming does not support non-async handlers.')
  if ((await returned) !== undefined) options.onWarning?.('Streaming handlers ignore return values.')
  await ended(stream, options.unfinishedMs ?? 1000)
  if (!stream.writable.writableEnded) throw new Error('Response stream is not finished.')
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

/**
 * Waits until the stream is ended, or stays open and silent for so long. Lambda itself waits until the deadline; a test
 * should learn earlier that nobody will call `end`.
 */
async function ended({ writable }: ResponseStream, silentMs: number): Promise<void> {
  while (!writable.writableEnded && !writable.destroyed) {
    const before = writable.writableLength
    const ending = Promise.withResolvers<void>()
    const timer = setTimeout(ending.resolve, silentMs)
    for (const event of ['prefinish', 'close', 'drain']) writable.once(event, () => ending.resolve())
    await ending.promise
    clearTimeout(timer)
    if (writable.writableLength === 0 && before === 0 && !writable.writableEnded) return
  }
}

interface Head {
  prelude: string | undefined
  rest: Buffer
}

/** AWS: metadata and delimiter stand within the first 16 KB. */
const headLimit = 16 * 1024
const delimiter = Buffer.alloc(8)

/** Reads on until the metadata is complete; a stream without metadata is known by its first chunk. */
async function readHead(stream: ResponseStream): Promise<Head> {
  let head = Buffer.alloc(0)
  for (;;) {
    const chunk = await stream.next()
    if (chunk !== undefined) head = Buffer.concat([head, chunk])
    if (stream.contentType() !== integrationType) return { prelude: undefined, rest: head }
    const at = head.indexOf(delimiter)
    if (at >= 0) return { prelude: head.toString('utf8', 0, at), rest: head.subarray(at + delimiter.length) }
    if (chunk === undefined || head.length >= headLimit) return { prelude: undefined, rest: head }
  }
}

/** The body's chunks. AWS: a client that goes away does not stop the function. */
async function* toChunks(
  stream: ResponseStream,
  first: Buffer,
  started: number,
  options: RunOptions,
): AsyncGenerator<Uint8Array, void> {
  try {
    for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await stream.next()) {
      if (chunk.length === 0) continue
      options.onChunk?.(chunk, performance.now() - started)
      yield chunk
    }
  } finally {
    stream.discard()
  }
}
