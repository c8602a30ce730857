import type { Chunk, HttpResponse } from '@expressway/core/handle'
import { ChunkQueue } from '../bridge/chunk-queue.ts'
import { withStoredType } from '../bridge/gateway-fields.ts'
import { joinChunks } from '../bridge/response-body.ts'
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
 * The answer of a response: at once if it has ended and has no listeners; otherwise a promise. The promise resolves after
 * 'finish' and 'close', so that listeners are done before Lambda may freeze the process.
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

/** Whether the response is closed, or its connection is gone. */
export const isDestroyed = (res: OutgoingState): boolean => res[PHASE] === CLOSED || res[EXTRA]?.destroyed === true

/** Adds to a body that is collected; false if the writer should wait for 'drain', as in Node. */
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

/** Adds a chunk to a collected body. */
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

/** Hands a chunk to the reader of an answer that is streamed; false if the writer should wait for 'drain'. */
export function enqueue(res: OutgoingState, chunk: Chunk, size: number, written: Callback | undefined): boolean {
  const queue = res[QUEUE]!
  queue.push(chunk, size, written)
  if (queue.size < HIGH_WATER_MARK) return true
  extraOf(res).needsDrain = true
  return false
}

/** Starts streaming if the invocation streams: the answer goes out with its headers now. False if it does not. */
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

/** After `end()`: the answer is final; events follow if there are listeners. */
export function ended(res: OutgoingState): void {
  const { [EXTRA]: extra, [BODY]: body } = res
  const isHeard = (res as { _eventsCount?: number })._eventsCount! > 0
  res[PHASE] = ENDED
  if (isHeard) res.emit('prefinish')
  if (res[QUEUE]) {
    res[QUEUE].end()
    return
  }
  res[ANSWER] = answer(res, Array.isArray(body) ? joinChunks(body) : body)
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
  // `stream.finished` and `pipeline` call back some ticks after 'close'.
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

/** The connection is gone: the client left, or the application destroyed the response, the request or the socket. */
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

/** A gateway's answer for a server that hangs up: 502. */
function broken(error: Error | undefined): HttpResponse {
  if (error) console.error(error)
  return { status: 502, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'Bad Gateway' }
}

/** Reports an error as Node does. Without a listener it is logged: ending the process would lose a complete answer. */
export function fail(res: OutgoingState, error: Error, callback: Callback | undefined): void {
  const wasDestroyed = isDestroyed(res)
  process.nextTick(() => {
    callback?.(error)
    if (wasDestroyed) return
    if (res.listenerCount('error') > 0) res.emit('error', error)
    else if (!callback) console.error(error)
  })
}
