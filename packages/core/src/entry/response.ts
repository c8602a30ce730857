// The parts that every way in shares: whole bodies, errors, pumping chunks.
import { errorBody } from '../message/errors.ts'
import type { Handle, Invocation } from '../message/handle.ts'
import type { Chunk, HttpRequest, HttpResponse } from '../message/message.ts'
import type { BufferedResponse } from '../message/source.ts'

/** Whether the body is complete: text, bytes, or absent. */
export const isWhole = (response: HttpResponse): response is BufferedResponse =>
  typeof response.body !== 'object' || response.body instanceof Uint8Array

/** Reads a body of chunks to its end: text if every chunk is text, otherwise bytes. */
export async function collect(response: HttpResponse): Promise<BufferedResponse> {
  const chunks: Chunk[] = []
  for await (const chunk of response.body as AsyncIterable<Chunk>) chunks.push(chunk)
  const isText = chunks.every((chunk) => typeof chunk === 'string')
  const body = isText ? chunks.join('') : Buffer.concat(chunks.map(toBytes))
  return { ...response, body }
}

const toBytes = (chunk: Chunk): Uint8Array => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)

/** An error of the entry itself, in the form in which an application reports its own. */
export const jsonError = (status: number, message: string): BufferedResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(errorBody(status, message)),
})

/** The answer of the handle. An application answers its own errors, so what is thrown here is logged and becomes a 500. */
export async function answerTo(
  handle: Handle,
  readRequest: () => HttpRequest,
  invocation: Invocation,
): Promise<HttpResponse> {
  try {
    return await handle(readRequest(), invocation)
  } catch (error) {
    console.error(error)
    return jsonError(500, 'Internal server error')
  }
}

/** The target of a body: Lambda's response stream, or Node's `ServerResponse`. */
export interface ChunkWriter {
  write(chunk: Chunk): boolean
  once(event: 'drain', listener: () => void): unknown
}

/**
 * Writes a body of chunks, no faster than the reader takes them.
 * @throws the reason of `stop` when it aborts; the iterator of the body is closed then.
 */
export async function pump(body: AsyncIterable<Chunk>, out: ChunkWriter, stop: AbortSignal): Promise<void> {
  let interrupt = (_reason: unknown): void => {}
  // One promise for each wait: with a single promise for the whole stream, reactions to it would pile up.
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
      if (!out.write(value)) await orStopped(new Promise<void>((resolve) => out.once('drain', resolve)))
    }
  } catch (error) {
    // Not awaited: a source that hangs in next() hangs in return() too.
    Promise.resolve(chunks.return?.()).catch(() => {})
    throw error
  }
}
