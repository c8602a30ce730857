import type { Chunk, HttpResponse } from '@expressway/core/handle'
import { ChunkQueue } from '../bridge/chunk-queue.ts'
import { withStoredType } from '../bridge/gateway-fields.ts'
import { abortRequest, dumpRequest, isTouched } from './incoming.ts'
import { INVOCATION } from './message-state.ts'
import { connectionReset, streamDestroyed } from './node-errors.ts'
import { answerHeaders, REMOVED_TYPE, SENT } from './outgoing-headers.ts'
import {
  ANSWER,
  BODY,
  type Callback,
  CLOSED,
  ENDED,
  EXTRA,
  extraOf,
  FINISHED,
  HIGH_WATER_MARK,
  type OutgoingState,
  PHASE,
  QUEUE,
  STATUS,
  WAITER,
} from './outgoing-state.ts'

/**
 * The answer of a response: at once where it has ended and nobody listens to it, else a promise, which comes after 'finish' and
 * 'close', so that what listeners do is done before Lambda may freeze the process.
 */
export function answerOf(res: OutgoingState): HttpResponse | Promise<HttpResponse> {
  const answer = res[ANSWER]
  if (answer && (res[QUEUE] || res[PHASE] === CLOSED || !res[EXTRA]?.closing)) {
    if (res[PHASE] === ENDED && !res[QUEUE]) res[PHASE] = CLOSED
    return answer
  }
  return new Promise((resolve) => {
    res[WAITER] = resolve
  })
}

export const isDestroyed = (res: OutgoingState): boolean => res[PHASE] === CLOSED || res[EXTRA]?.destroyed === true

/** Text as it is sent in UTF-8, bytes for every other encoding. */
export function decoded(text: string, encoding: BufferEncoding | null | undefined): Chunk {
  return encoding && encoding !== 'utf8' && !/^utf-?8$/i.test(encoding) ? Buffer.from(text, encoding) : text
}

/** Adds to a body that is collected; false where Node would want the writer to wait for 'drain'. */
export function collect(res: OutgoingState, chunk: Chunk, size: number, written: Callback | undefined): boolean {
  const extra = extraOf(res)
  append(res, chunk)
  if (extra.pending === 0) process.nextTick(passTick, res)
  if (written) callLater(res, written)
  extra.pending += size
  extra.needsDrain ||= extra.pending >= HIGH_WATER_MARK
  return extra.pending < HIGH_WATER_MARK
}

/** Calls back in the next tick, before the answer goes out. */
export function callLater(res: OutgoingState, callback: Callback): void {
  extraOf(res).hasCallbacks = true
  process.nextTick(callback)
}

export function append(res: OutgoingState, chunk: Chunk): void {
  const body = res[BODY]
  if (body === undefined) res[BODY] = chunk
  else if (Array.isArray(body)) body.push(chunk)
  else res[BODY] = [body, chunk]
}

function passTick(res: OutgoingState): void {
  extraOf(res).pending = 0
  drain(res)
}

function drain(res: OutgoingState): void {
  const extra = extraOf(res)
  if (!extra.needsDrain || isDestroyed(res) || res.finished) return
  extra.needsDrain = false
  res.emit('drain')
}

/** Hands a chunk to the reader of an answer that is streamed; false where the writer should wait for 'drain'. */
export function enqueue(res: OutgoingState, chunk: Chunk, size: number, written: Callback | undefined): boolean {
  const queue = res[QUEUE]!
  queue.push(chunk, size, written)
  if (queue.size < HIGH_WATER_MARK) return true
  extraOf(res).needsDrain = true
  return false
}

/** Starts streaming where the invocation does: the answer goes out with its headers now. */
export function openQueue(res: OutgoingState): boolean {
  if (res[QUEUE]) return true
  if (!res.req[INVOCATION].streaming) return false
  const queue = new ChunkQueue({
    taken: (left) => {
      if (left === 0) process.nextTick(drain, res)
    },
    drained: (done) => finish(res, done),
    left: () => disconnect(res),
  })
  res[QUEUE] = queue
  settle(res, answer(res, queue))
  return true
}

function settle(res: OutgoingState, value: HttpResponse): void {
  res[ANSWER] = value
  const waiter = res[WAITER]
  res[WAITER] = undefined
  waiter?.(value)
}

function answer(res: OutgoingState, body: HttpResponse['body']): HttpResponse {
  const status = res[STATUS]
  const fields = answerHeaders(res[SENT]!)
  const headers = status === 304 ? withStoredType(fields, res[REMOVED_TYPE], res.req[INVOCATION].source) : fields
  const statusText = res[EXTRA]?.statusText
  return statusText === undefined ? { status, headers, body } : { status, statusText, headers, body }
}

function joined(body: Chunk | Chunk[] | undefined): Chunk | undefined {
  // A half of a surrogate pair goes out as U+FFFD, also where the next chunk begins with the other half.
  if (typeof body === 'string') return body.toWellFormed()
  if (!Array.isArray(body)) return body
  if (body.every((chunk) => typeof chunk === 'string')) return body.map((chunk) => chunk.toWellFormed()).join('')
  return Buffer.concat(body.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)))
}

/** After `end()`: the answer stands; events follow where somebody listens. */
export function ended(res: OutgoingState): void {
  const extra = res[EXTRA]
  const isHeard = (res as { _eventsCount?: number })._eventsCount! > 0
  res[PHASE] = ENDED
  if (isHeard) res.emit('prefinish')
  if (res[QUEUE]) {
    res[QUEUE].end()
    return
  }
  res[ANSWER] = answer(res, joined(res[BODY]))
  const isAwaited = isHeard || res[WAITER] || extra?.hasCallbacks || extra?.endCallbacks.length
  if (isAwaited || isTouched(res.req)) finishSoon(res)
}

/** Emits 'finish' and 'close' in the next tick, once. */
export function finishSoon(res: OutgoingState): void {
  const extra = extraOf(res)
  if (extra.closing || res[QUEUE]) return
  extra.closing = true
  process.nextTick(finish, res)
}

function finish(res: OutgoingState, done?: () => void): void {
  if (isDestroyed(res)) {
    close(res, done)
    return
  }
  res[PHASE] = FINISHED
  callBack(res, null)
  try {
    res.emit('finish')
  } finally {
    dumpRequest(res.req)
    process.nextTick(close, res, done)
  }
}

function close(res: OutgoingState, done?: () => void): void {
  const isFirst = res[PHASE] !== CLOSED
  res[PHASE] = CLOSED
  // Those who wait for 'close' by way of `stream.finished` or `pipeline` are called back some ticks later.
  const isAwaited = res.listenerCount('close') > 0
  try {
    if (isFirst) res.emit('close')
  } finally {
    if (isAwaited) setImmediate(settleClosed, res, done)
    else settleClosed(res, done)
  }
}

function settleClosed(res: OutgoingState, done: (() => void) | undefined): void {
  done?.()
  if (!res[QUEUE]) settle(res, res[ANSWER]!)
}

function callBack(res: OutgoingState, error: Error | null): void {
  for (const callback of res[EXTRA]?.endCallbacks.splice(0) ?? []) callback(error)
}

/** The connection is gone: the client went away, or somebody destroyed the response, the request or the socket. */
export function disconnect(res: OutgoingState, error?: Error): void {
  const extra = extraOf(res)
  if (extra.destroyed || res[PHASE] === CLOSED) return
  extra.destroyed = true
  extra.errored = error
  abortRequest(res.req)
  process.nextTick(closeBroken, res, error)
}

function closeBroken(res: OutgoingState, error: Error | undefined): void {
  callBack(res, error ?? streamDestroyed('end'))
  const queue = res[QUEUE]
  if (queue) queue.fail(error ?? connectionReset('aborted'))
  else if (!res[ANSWER]) res[ANSWER] = broken(error)
  close(res)
}

/** What a client sees through a gateway of a server that hangs up: 502. */
function broken(error: Error | undefined): HttpResponse {
  if (error) console.error(error)
  return { status: 502, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'Bad Gateway' }
}

/** Reports an error as Node does, but does not end the process, and with it an answer that may be complete, if nobody listens. */
export function fail(res: OutgoingState, error: Error, callback: Callback | undefined): void {
  const wasDestroyed = isDestroyed(res)
  process.nextTick(() => {
    callback?.(error)
    if (wasDestroyed) return
    if (res.listenerCount('error') > 0) res.emit('error', error)
    else if (!callback) console.error(error)
  })
}
