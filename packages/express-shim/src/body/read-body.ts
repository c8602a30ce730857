import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { getBuiltinModule } from '../builtin.ts'
import { httpError, toHttpError } from '../http/http-error.ts'
import { takeBody } from '../node/incoming.ts'
import { MESSAGE } from '../node/message-state.ts'
import { toBuffer } from './charset.ts'
import type { Inflater } from './inflate.ts'
import { announcedTooLarge, requestAborted, tooLarge, wrongSize } from './read-errors.ts'

/** What a body may be, and how it comes. */
export interface BodyLimits {
  /** Bytes, after inflating. */
  readonly limit: number
  /** What `content-length` says; `null` where it says nothing of the content. */
  readonly length: number | null
  readonly inflater: Inflater | undefined
  /** An error known beforehand: the body is then thrown away. */
  readonly refusal: Error | undefined
}

type Done = (error: Error | null, body?: string | Buffer) => void

/** Whether a request was read to its end already, or its connection is gone. */
export function isFinished(req: IncomingMessage): boolean {
  if (req.complete && !req.readable) return true
  // Our own request makes its socket when asked for it, and it is never gone before the body is read.
  if ((req as { [MESSAGE]?: unknown })[MESSAGE]) return false
  // A stream of both directions stands for a request in some tests and servers; only whether it ended counts then.
  const { writableEnded } = req as { writableEnded?: boolean }
  if (typeof writableEnded === 'boolean') return writableEnded
  if (typeof req.complete !== 'boolean') return false
  return Boolean((req as { upgrade?: boolean }).upgrade) || !req.socket?.readable
}

/**
 * Reads a request's body: at once where it is in memory, so that no stream is made; else as it comes. Text comes as such only
 * from memory.
 */
export function readBody(req: IncomingMessage, limits: BodyLimits, done: Done): void {
  let body: string | Buffer | undefined
  try {
    const taken = takeBody(req)
    if (taken) body = checkWhole(taken.body ?? '', limits)
  } catch (error) {
    done(toHttpError(error, 400))
    return
  }
  if (body !== undefined) done(null, body)
  else readStream(req, limits, done)
}

function checkWhole(body: string | Uint8Array, { limit, length, inflater, refusal }: BodyLimits): string | Buffer {
  if (length !== null && length > limit) throw announcedTooLarge(limit, length)
  if (refusal) throw refusal
  if (inflater) return inflater.whole(toBuffer(body), limit)
  const size = typeof body === 'string' ? Buffer.byteLength(body) : body.length
  if (size > limit) throw tooLarge(limit, size)
  if (length !== null && size !== length) throw wrongSize(length, size)
  return typeof body === 'string' ? body : toBuffer(body)
}

function readStream(req: IncomingMessage, limits: BodyLimits, done: Done): void {
  const inflating = limits.inflater?.stream()
  if (inflating) req.pipe(inflating)
  // Events of a connection come in the connection's own context: an AsyncLocalStorage must still hold afterwards.
  const bound = getBuiltinModule('node:async_hooks').AsyncResource.bind(done)
  collect(req, inflating ?? req, limits, (error, body) => {
    if (inflating) {
      req.unpipe()
      inflating.on('error', () => {})
      inflating.destroy()
      req.resume()
    }
    if (error && !isFinished(req)) drain(req, () => bound(toHttpError(error, 400)))
    else if (error) bound(toHttpError(error, 400))
    else bound(null, body)
  })
}

function collect(req: IncomingMessage, stream: Readable, limits: BodyLimits, done: Done): void {
  const { limit, length } = limits
  const refusal = refusalOf(stream, limits)
  if (refusal) {
    process.nextTick(done, refusal)
    return
  }
  const chunks: Buffer[] = []
  let received = 0
  const stop = () => {
    for (const event in listeners) stream.removeListener(event, listeners[event]!)
    req.removeListener('aborted', onAborted)
  }
  const finish = (error: Error | null) => {
    stop()
    if (error) stream.pause()
    done(error, error ? undefined : Buffer.concat(chunks))
  }
  const onAborted = () => finish(requestAborted(length, received))
  // biome-ignore lint/suspicious/noExplicitAny: each event has its own argument.
  const listeners: Record<string, (value: any) => void> = {
    close: stop,
    data(chunk: Buffer) {
      received += chunk.length
      if (received > limit) finish(tooLarge(limit, received))
      else chunks.push(chunk)
    },
    end: () => finish(length !== null && received !== length ? wrongSize(length, received) : null),
    error: finish,
  }
  req.on('aborted', onAborted)
  for (const event in listeners) stream.on(event, listeners[event]!)
}

/** Why a stream is not read at all. */
function refusalOf(stream: Readable, { limit, length, refusal }: BodyLimits): Error | undefined {
  if (length !== null && length > limit) return announcedTooLarge(limit, length)
  const state = (stream as { _readableState?: { encoding?: unknown; decoder?: unknown } })._readableState
  if (state?.encoding || state?.decoder) {
    return httpError(500, 'stream encoding should not be set', { type: 'stream.encoding.set' })
  }
  if (stream.readable === false) return httpError(500, 'stream is not readable', { type: 'stream.not.readable' })
  return refusal
}

/** Reads off what is left, as a client may only read the answer when it has sent everything. */
function drain(req: IncomingMessage, done: () => void): void {
  const { socket } = req
  const once = () => {
    req.removeListener('end', once)
    socket?.removeListener('close', once)
    socket?.removeListener('error', once)
    done()
  }
  req.on('end', once)
  socket?.on('close', once)
  socket?.on('error', once)
  req.resume()
}
