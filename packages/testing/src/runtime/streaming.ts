import type { LambdaContext } from '../context.ts'
import type { LambdaError, Outcome } from '../gateways/contract.ts'
import { integrationType } from '../gateways/prelude.ts'
import { watch } from './deadline.ts'
import { highWaterMarkOf, type LambdaHandler } from './handler.ts'
import { failureOf, formatError } from './lambda-error.ts'
import { createResponseStream, type ResponseStream } from './response-stream.ts'
import type { Run, RunOptions } from './run.ts'

/** Calls a streaming handler. Settles when its metadata or its first chunk is there, or when it failed before that. */
export async function runStreaming(
  handler: LambdaHandler,
  event: unknown,
  context: LambdaContext,
  options: RunOptions,
): Promise<Run> {
  const started = performance.now()
  const stream = createResponseStream(highWaterMarkOf(handler))
  const { expired, stop } = watch(context, options)
  const finished = Promise.race([callStreaming(handler, event, stream, context, options), expired])
    .then(
      (): LambdaError | undefined => undefined,
      (error: unknown) => {
        stream.fail(error)
        return formatError(error)
      },
    )
    .finally(stop)
  try {
    const head = await readHead(stream)
    const chunks = toChunks(stream, head.rest, started, options)
    return { outcome: { kind: 'stream', contentType: stream.contentType(), prelude: head.prelude, chunks }, finished }
  } catch (error) {
    stream.discard()
    options.signal?.throwIfAborted()
    return { outcome: failureOf(error), finished }
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
  await untilEnded(stream, options.unfinishedMs ?? 1000)
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

/**
 * Waits until the stream has ended. Lambda itself waits until the deadline. A test fails earlier: if the stream stays open and
 * nothing is written for `silentMs` milliseconds after the handler returned.
 */
async function untilEnded(stream: ResponseStream, silentMs: number): Promise<void> {
  const { writable } = stream
  while (!writable.writableEnded && !writable.destroyed) {
    const before = stream.writes()
    const waiting = Promise.withResolvers<void>()
    const timer = setTimeout(waiting.resolve, silentMs)
    writable.once('prefinish', waiting.resolve).once('close', waiting.resolve)
    await waiting.promise
    clearTimeout(timer)
    writable.off('prefinish', waiting.resolve).off('close', waiting.resolve)
    const silent = stream.writes() === before && writable.writableLength === 0
    if (silent && !writable.writableEnded) throw new Error('Response stream is not finished.')
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
  let head: Buffer = Buffer.alloc(0)
  for (;;) {
    const chunk = await stream.next()
    if (chunk !== undefined) head = Buffer.concat([head, chunk])
    if (stream.contentType() !== integrationType) return { prelude: undefined, rest: head }
    const at = head.indexOf(delimiter)
    if (at >= 0 && at + delimiter.length <= headLimit) {
      return { prelude: head.toString('utf8', 0, at), rest: head.subarray(at + delimiter.length) }
    }
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

/** The outcome of a streaming function for a gateway that buffers: its whole payload, read as JSON. */
export async function collect(outcome: Outcome, signal?: AbortSignal): Promise<Outcome> {
  if (outcome.kind !== 'stream') return outcome
  const parts: Uint8Array[] = outcome.prelude === undefined ? [] : [Buffer.from(outcome.prelude), delimiter]
  try {
    for await (const chunk of outcome.chunks) parts.push(chunk)
  } catch (error) {
    signal?.throwIfAborted()
    return failureOf(error)
  }
  const payload = Buffer.concat(parts)
  try {
    return { kind: 'result', result: JSON.parse(payload.toString()) }
  } catch {
    return { kind: 'payload', payload }
  }
}
