import type { Chunk, HttpResponse } from '@expressway/core/handle'
import type { ChunkQueue } from '../bridge/chunk-queue.ts'
import { getBuiltinModule } from '../builtin.ts'
import { statusMessage } from '../http/status-messages.ts'
import type { Incoming } from './incoming.ts'
import { MESSAGE } from './message-state.ts'
import { alreadyFinished, lengthMismatch, refuse, streamDestroyed, writeAfterEnd } from './node-errors.ts'
import { callNode } from './node-link.ts'
import {
  append,
  callLater,
  collect,
  decoded,
  disconnect,
  ended,
  enqueue,
  fail,
  finishSoon,
  isDestroyed,
  openQueue,
} from './outgoing-flow.ts'
import { FIELDS, type HeadersArgument, INVALID_VALUE, NO_FIELDS, SENT, sendHeaders } from './outgoing-headers.ts'
import { OutgoingMembers } from './outgoing-members.ts'
import {
  ANSWER,
  BODY,
  type Callback,
  ENDED,
  EXTRA,
  type Extra,
  extraOf,
  OPEN,
  type OutgoingState,
  PHASE,
  QUEUE,
  STATUS,
  WAITER,
} from './outgoing-state.ts'

type EventEmitter = import('node:events').EventEmitter

type Encoding = BufferEncoding | null | undefined

// The emitter's methods come from the prototype that is put behind this class, and node:http's once it is loaded.
export interface Outgoing extends EventEmitter {
  strictContentLength: boolean
  sendDate: boolean
  shouldKeepAlive: boolean
  _hasBody: boolean
  readonly _header: string | null
  readonly destroyed: boolean
  readonly closed: boolean
  readonly writableFinished: boolean
}

/** Node's ServerResponse over an answer instead of a socket: none of node:http is loaded for what is here. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: for the reason above.
export class Outgoing extends OutgoingMembers implements OutgoingState {
  declare req: Incoming
  declare statusCode: number
  declare statusMessage: string | undefined
  declare finished: boolean
  declare [PHASE]: number
  declare [BODY]: Chunk | Chunk[] | undefined
  declare [QUEUE]: ChunkQueue | undefined
  declare [ANSWER]: HttpResponse | undefined
  declare [WAITER]: ((answer: HttpResponse) => void) | undefined
  declare [EXTRA]: Extra | undefined
  declare [STATUS]: number

  constructor(req: Incoming) {
    super()
    this.req = req
    this.statusCode = 200
    this.statusMessage = undefined
    this.finished = false
    this[PHASE] = OPEN
    this[BODY] = undefined
    this[QUEUE] = undefined
    this[ANSWER] = undefined
    this[WAITER] = undefined
    this[EXTRA] = undefined
    this[STATUS] = 0
  }

  _implicitHeader(): void {
    if (!this[PHASE]) callNode('_implicitHeader', this, [])
    else this.writeHead(this.statusCode)
  }

  writeHead(statusCode: number, reason?: string | HeadersArgument | null, headers?: HeadersArgument | null): this {
    if (!this[PHASE]) return callNode('writeHead', this, [statusCode, reason, headers])
    const status = statusCode | 0
    if (this[SENT] || status < 100 || status > 999) refuse('writeHead', [statusCode], this[SENT])
    if (typeof reason === 'string') this.statusMessage = reason
    else headers ??= reason
    this.statusCode = status
    sendHead(this, headers)
    return this
  }

  flushHeaders(): void {
    if (!this[PHASE]) return void callNode('flushHeaders', this, [])
    if (!this[SENT]) this._implicitHeader()
    if (this[PHASE] === OPEN) openQueue(this)
  }

  write(chunk: Chunk, encoding?: Encoding | Callback, callback?: Callback): boolean {
    if (!this[PHASE]) return callNode('write', this, [chunk, encoding, callback])
    if (typeof encoding === 'function') return this.write(chunk, undefined, encoding)
    checkChunk(chunk)
    if (this.finished || isDestroyed(this)) return refuseChunk(this, callback)
    const size = typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding ?? undefined) : chunk.byteLength
    if (this.strictContentLength) count(this, size)
    implyHead(this)
    if (!this._hasBody) {
      if (callback) callLater(this, callback)
      return true
    }
    // Whoever wrote may use the bytes' memory again when called back, and a collected body goes out later than that.
    const kept = typeof chunk === 'string' ? decoded(chunk, encoding) : Buffer.from(chunk)
    return openQueue(this) ? enqueue(this, kept, size, callback) : collect(this, kept, size, callback)
  }

  end(chunk?: Chunk | Callback | null, encoding?: Encoding | Callback, callback?: Callback): this {
    if (!this[PHASE]) return callNode('end', this, [chunk, encoding, callback])
    if (typeof chunk === 'function') return this.end(undefined, undefined, chunk)
    if (typeof encoding === 'function') return this.end(chunk, undefined, encoding)
    if (this.finished) return endAgain(this, chunk, callback)
    if (chunk) addLast(this, chunk, encoding)
    else implyHead(this)
    if (typeof callback === 'function') extraOf(this).endCallbacks.push(callback)
    if (this.strictContentLength) count(this, 0, true)
    this.finished = true
    if (!isDestroyed(this)) ended(this)
    return this
  }

  destroy(error?: Error): this {
    if (!this[PHASE]) return callNode('destroy', this, [error])
    disconnect(this, error)
    return this
  }

  // A listener that comes after a quiet end hears of it as from Node: in the next tick.
  on(event: string | symbol, listener: (...args: never[]) => void): this {
    return listen(this, 'on', event, listener)
  }

  addListener(event: string | symbol, listener: (...args: never[]) => void): this {
    return listen(this, 'on', event, listener)
  }

  prependListener(event: string | symbol, listener: (...args: never[]) => void): this {
    return listen(this, 'prependListener', event, listener)
  }
}

const { writeHead, _implicitHeader } = Outgoing.prototype

Object.assign(Outgoing.prototype, { writeHeader: writeHead })

function listen<Message extends Outgoing>(
  res: Message,
  method: 'on' | 'prependListener',
  event: string | symbol,
  listener: (...args: never[]) => void,
): Message {
  getBuiltinModule('node:events').EventEmitter.prototype[method].call(res, event, listener as () => void)
  if (res[PHASE] === ENDED) finishSoon(res)
  return res
}

/** The headers go out as they are; whoever replaced `writeHead` on this response is called, as on-headers needs it. */
function implyHead(res: Outgoing): void {
  if (res[SENT]) return
  const { statusCode } = res
  const isOwn = res.writeHead === writeHead && res._implicitHeader === _implicitHeader
  if (isOwn && Number.isInteger(statusCode) && statusCode > 99 && statusCode < 1000) sendHead(res, undefined)
  else res._implicitHeader()
  if (!res[SENT]) sendHead(res, undefined)
}

function sendHead(res: Outgoing, headers: HeadersArgument | null | undefined): void {
  const { statusCode } = res
  const standard = statusMessage(statusCode) ?? 'unknown'
  res.statusMessage ||= standard
  if (headers || res[FIELDS] === NO_FIELDS) sendHeaders(res, headers)
  else res[SENT] = res[FIELDS]
  if (res.statusMessage !== standard) {
    if (INVALID_VALUE.test(res.statusMessage)) {
      res[SENT] = undefined
      refuse('writeHead', [statusCode, res.statusMessage])
    }
    extraOf(res).statusText = res.statusMessage
  }
  res[STATUS] = statusCode
  if (statusCode === 204 || statusCode === 304 || statusCode < 200 || res.req[MESSAGE].method === 'HEAD') {
    res._hasBody = false
  }
}

function checkChunk(chunk: unknown): void {
  if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) refuse('write', [chunk])
}

function addLast(res: Outgoing, chunk: Chunk, encoding: Encoding): void {
  checkChunk(chunk)
  if (isDestroyed(res)) return
  const isText = typeof chunk === 'string'
  if (res.strictContentLength) count(res, isText ? Buffer.byteLength(chunk, encoding ?? undefined) : chunk.byteLength)
  implyHead(res)
  if (!res._hasBody) return
  const kept = isText ? decoded(chunk, encoding) : chunk
  if (!res[QUEUE]) append(res, kept)
  else enqueue(res, kept, typeof kept === 'string' ? Buffer.byteLength(kept) : kept.byteLength, undefined)
}

function endAgain<Message extends Outgoing>(res: Message, chunk: unknown, callback: Callback | undefined): Message {
  if (chunk) fail(res, writeAfterEnd(), callback)
  else if (callback && res.writableFinished) callback(alreadyFinished())
  else if (callback) {
    extraOf(res).endCallbacks.push(callback)
    finishSoon(res)
  }
  return res
}

function refuseChunk(res: Outgoing, callback: Callback | undefined): false {
  const error = res.finished ? writeAfterEnd() : streamDestroyed('write')
  if (!isDestroyed(res)) fail(res, error, callback)
  else if (callback) process.nextTick(callback, error)
  return false
}

/** `strictContentLength`: the body is as long as Content-Length says, or the handler hears of it. */
function count(res: Outgoing, size: number, isAll = false): void {
  const extra = extraOf(res)
  const total = extra.counted + size
  const declared = res[SENT]?.['content-length']
  const isStrict = declared !== undefined && res._hasBody && !res.hasHeader('transfer-encoding')
  if (isStrict && (isAll ? total !== Number(declared) : total > Number(declared))) {
    throw lengthMismatch(total, Number(declared))
  }
  extra.counted = total
}
