import type { Chunk, HttpHeaders, HttpRequest, Identity, Invocation } from '@expressway/core/handle'
import { isWrittenLength, toByteText } from '../bridge/gateway-fields.ts'
import { getBuiltinModule } from '../builtin.ts'
import { give } from '../property.ts'
import { INVOCATION, MESSAGE } from './message-state.ts'
import {
  callNode,
  linkAtFirstTouch,
  linkIfLoaded,
  linkNode,
  nodeMember,
  ownAccessor,
  setNodeMember,
} from './node-link.ts'
import { type Reply, Socket } from './socket.ts'

type EventEmitter = import('node:events').EventEmitter

const HEADERS: unique symbol = Symbol('expressway.request-headers') as never
const SOCKET: unique symbol = Symbol('expressway.socket') as never
/** The state of the body: UNREAD, TAKEN whole by a parser, or STREAMED by Node's Readable. */
const READING: unique symbol = Symbol('expressway.reading') as never
const OFFSET: unique symbol = Symbol('expressway.offset') as never
const ABORT: unique symbol = Symbol('expressway.abort') as never

const UNREAD = 0
const TAKEN = 1
const STREAMED = 2

const BROKEN = -1

// The bytes that Node reads from a connection at a time.
const PIECE = 65_536

/** The members that Node's prototypes add to the class of the same name. */
export interface Incoming extends EventEmitter {
  readonly complete: boolean
  readonly readable: boolean
  readonly readableEnded: boolean
  readonly destroyed: boolean
  readonly rawHeaders: string[]
  readonly _readableState: object | undefined
  aborted: boolean
  _consuming: boolean
  socket: Socket
  push(chunk: Uint8Array | null): boolean
  destroy(error?: Error): this
  _dump(): void
}

/** Node's IncomingMessage over a message that has arrived as a whole; the stream is made at the first touch. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: for the reason above.
export class Incoming {
  declare method: string
  declare url: string
  declare res: Reply | undefined
  declare [MESSAGE]: HttpRequest
  declare [INVOCATION]: Invocation
  declare [HEADERS]: HttpHeaders | undefined
  declare [SOCKET]: Socket | undefined
  declare [READING]: number
  declare [OFFSET]: number | undefined
  declare [ABORT]: AbortController | undefined

  constructor(message: HttpRequest, invocation: Invocation) {
    linkIfLoaded()
    const { query } = message
    this.method = message.method
    this.url = query ? `${message.path}?${query}` : message.path
    this.res = undefined
    this[MESSAGE] = message
    this[INVOCATION] = invocation
    this[HEADERS] = undefined
    this[SOCKET] = undefined
    this[READING] = UNREAD
    this[OFFSET] = undefined
    this[ABORT] = undefined
  }

  /**
   * Fields by lower-case name, in a plain object as Node's: repeated ones are joined or dropped by Node's rules, `set-cookie` is
   * always a list. A request without `Host` has the host that the gateway names.
   */
  get headers(): HttpHeaders {
    const known = this[HEADERS]
    if (known) return known
    if (!this[MESSAGE]) return nodeMember('headers', this) as HttpHeaders
    return (this[HEADERS] = nodeHeaders(this[MESSAGE], this[INVOCATION].source))
  }

  set headers(value: HttpHeaders) {
    if (!this[MESSAGE]) setNodeMember('headers', this, value)
    else this[HEADERS] = value
  }

  get _readableState(): object | undefined {
    if (!this[MESSAGE]) return undefined
    startReading(this)
    return this._readableState
  }

  set _readableState(value: object | undefined) {
    give(this, '_readableState', value)
  }

  _read(): void {
    if (!this[MESSAGE]) return void callNode('_read', this, [])
    this._consuming = true
    try {
      pushPiece(this)
    } catch (error) {
      // The body is malformed: its reader gets the error, and the response can still report it.
      this[OFFSET] = BROKEN
      this.destroy(error as Error)
    }
  }

  _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this[MESSAGE]) return void callNode('_destroy', this, [error, callback])
    if (!this.readableEnded && this[OFFSET] !== BROKEN) {
      this.aborted = true
      this.emit('aborted')
      this[ABORT]?.abort()
      this.socket.destroy(error ?? undefined)
    }
    process.nextTick(() => callback(this.listenerCount('error') > 0 ? error : null))
  }

  setTimeout(milliseconds: number, callback?: () => void): this {
    if (!this[MESSAGE]) return callNode('setTimeout', this, [milliseconds, callback])
    if (callback) this.on('timeout', callback)
    this.socket.setTimeout(milliseconds)
    return this
  }

  /** Aborted when the client goes away before the answer is complete. */
  get signal(): AbortSignal {
    if (!this[MESSAGE]) return nodeMember('signal', this) as AbortSignal
    if (!this[ABORT]) {
      this[ABORT] = new AbortController()
      if (this.res?.destroyed && !this.res.writableFinished) this[ABORT].abort()
    }
    return this[ABORT].signal
  }

  /** The Lambda event and context of the request. */
  get lambda(): { event: unknown; context: Invocation['context'] } | undefined {
    const invocation = this[INVOCATION]
    return invocation && { event: invocation.event, context: invocation.context }
  }

  /** The client's identity as the gateway established it: JWT claims, an authorizer's context, IAM, mutual TLS. */
  get identity(): Identity | undefined {
    return this[MESSAGE]?.identity
  }
}

/** What is worked out once, at first touch, and is then the request's own. */
const lazy: Record<string, (req: Incoming) => unknown> = {
  rawHeaders: (req) => rawHeaders(req[MESSAGE]),
  headersDistinct: (req) => distinctHeaders(req.rawHeaders),
  rawTrailers: () => [],
  trailers: () => ({}),
  trailersDistinct: () => Object.create(null),
}

/** What a request answers while its stream has not been touched. */
const untouched: Record<string, (req: Incoming) => unknown> = {
  readable: (req) => req[READING] === UNREAD,
  readableEnded: (req) => req[READING] === TAKEN,
  destroyed: (req) => req[READING] === TAKEN,
  closed: (req) => req[READING] === TAKEN,
  errored: () => null,
  readableAborted: () => false,
  readableDidRead: (req) => req[READING] === TAKEN,
  readableFlowing: () => null,
  readableLength: () => 0,
  readableHighWaterMark: () => PIECE,
  readableObjectMode: () => false,
  readableEncoding: () => null,
}

const constants = {
  httpVersion: '1.1',
  httpVersionMajor: 1,
  httpVersionMinor: 1,
  aborted: false,
  upgrade: false,
  statusCode: null,
  statusMessage: null,
  joinDuplicateHeaders: false,
  _consuming: false,
  _dumped: false,
}

const stubs =
  'on addListener prependListener pipe unpipe read resume pause isPaused push unshift setEncoding destroy wrap iterator map ' +
  'filter toArray forEach some find every flatMap drop take reduce compose _dump _undestroy _addHeaderLine _addHeaderLines'

Object.assign(Incoming.prototype, constants)
for (const name in lazy) define(name, (req) => give(req, name, lazy[name]!(req)))
for (const name in untouched) {
  define(name, (req) => (req[READING] === STREAMED ? nodeMember(name, req) : untouched[name]!(req)))
}
define('complete', (req) => req.readableEnded || req[OFFSET] === BROKEN)
for (const name of ['socket', 'connection', 'client'])
  define(name, (req) => (req[SOCKET] ??= new Socket(req)), setSocket)
linkAtFirstTouch(Incoming.prototype, 'IncomingMessage', [
  ...stubs.split(' '),
  Symbol.asyncIterator,
  Symbol.asyncDispose,
])

function define(
  name: string,
  get: (req: Incoming) => unknown,
  set: (req: Incoming, value: never) => void = (req, value) => setOwn(req, name, value),
): void {
  Object.defineProperty(Incoming.prototype, name, ownAccessor(name, MESSAGE, get, set))
}

function setOwn(req: Incoming, name: string, value: unknown): void {
  if (req[READING] === STREAMED && name in untouched) setNodeMember(name, req, value)
  else give(req, name, value)
}

function setSocket(req: Incoming, socket: Socket): void {
  req[SOCKET] = socket
}

/** The body for a parser without a stream; it then counts as read. Undefined if a stream has begun, and for Node's messages. */
export function takeBody(req: object): { readonly body: Chunk | undefined } | undefined {
  const incoming = req as Incoming
  if (!incoming[MESSAGE] || incoming[READING] !== UNREAD || isWatched(incoming)) return undefined
  const taken = { body: incoming[MESSAGE].body }
  incoming[READING] = TAKEN
  return taken
}

// A tool that wraps these methods (Sentry) expects chunks, so the body has to be streamed then.
const isWatched = (req: Incoming): boolean =>
  Object.hasOwn(req, 'on') || Object.hasOwn(req, 'emit') || Object.hasOwn(req, 'push')

/** Whether anything of Node's machinery was made for this request. */
export const isTouched = (req: Incoming): boolean => req[READING] === STREAMED || Boolean(req[SOCKET])

/** After the response: discards a body that was not read, so that 'end' and 'close' are emitted. */
export function dumpRequest(req: Incoming): void {
  if (req[READING] === STREAMED && !req._consuming) req._dump()
}

/** The client is gone: a request that was not read to its end says so. */
export function abortRequest(req: Incoming): void {
  req[ABORT]?.abort()
  const error = Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
  if (req[READING] === STREAMED) req.destroy(error)
  req[SOCKET]?.destroy()
}

/** Whether the client may have a stored copy: false for most, without making `headers`. */
export function isConditional(req: Incoming): boolean {
  const message = req[MESSAGE]
  // Headers that were read may have been changed; those of a request that somebody made up are its own.
  if (!message?.field || req[HEADERS] || Object.hasOwn(req, 'headers')) return true
  return message.field('if-none-match') !== undefined || message.field('if-modified-since') !== undefined
}

/** The address that the gateway vouches for; a replaced socket is asked first. */
export function peerAddress(req: Incoming): string | undefined {
  const message = req[MESSAGE]
  return !message || req[SOCKET] ? req.socket?.remoteAddress : message.remoteAddress
}

/** Whether the client's connection uses TLS, as the gateway reports it; a replaced socket is asked first. */
export function isEncrypted(req: Incoming): boolean {
  const message = req[MESSAGE]
  return !message || req[SOCKET] ? req.socket.encrypted : message.protocol === 'https'
}

function startReading(req: Incoming): void {
  linkNode()
  const wasTaken = req[READING] === TAKEN
  req[READING] = STREAMED
  Reflect.apply(getBuiltinModule('node:stream').Readable, req, [{ highWaterMark: PIECE }])
  if (!wasTaken) return
  const ended = { ended: true, endEmitted: true, destroyed: true, closed: true, closeEmitted: true }
  Object.assign(req._readableState as object, ended)
}

function pushPiece(req: Incoming): void {
  const { body } = req[MESSAGE]
  const bytes = typeof body === 'string' ? Buffer.from(body) : (body ?? Buffer.alloc(0))
  const start = req[OFFSET] ?? 0
  if (start >= bytes.length) {
    req.push(null)
    return
  }
  req[OFFSET] = start + PIECE
  req.push(Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(PIECE, bytes.length - start)))
  if (start + PIECE >= bytes.length) req.push(null)
}

// A second line of these fields is ignored; those of all others are joined (Node's documentation of message.headers).
const SINGLE =
  ' age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since ' +
  'last-modified location max-forwards proxy-authorization referer retry-after server user-agent '

function nodeHeaders(message: HttpRequest, source: string): HttpHeaders {
  const { headers, host } = message
  const fields: HttpHeaders = {}
  for (const name in headers) {
    const value = nodeValue(name, headers[name]!)
    // Assigned, it would set the prototype.
    if (name === '__proto__') give(fields, name, value)
    else fields[name] = value
  }
  if (isWrittenLength(headers['content-length'], message.method, source)) delete fields['content-length']
  if (fields.host === undefined && host !== undefined) fields.host = toByteText(host)
  return fields
}

function nodeValue(name: string, value: string | string[]): string | string[] {
  if (name === 'set-cookie') return [value].flat().map(toByteText)
  return toByteText(typeof value === 'string' ? value : joinedValue(name, value))
}

function joinedValue(name: string, values: string[]): string {
  if (SINGLE.includes(` ${name} `)) return values[0]!
  return values.join(name === 'cookie' ? '; ' : ', ')
}

/** The lines as received, followed by the host that the gateway names if the client's lines do not name one. */
function rawHeaders({ rawHeaders, host }: HttpRequest): string[] {
  const lines = rawHeaders.map(toByteText)
  const hasHost = lines.some((text, index) => index % 2 === 0 && text.toLowerCase() === 'host')
  if (!hasHost && host !== undefined) lines.push('Host', toByteText(host))
  return lines
}

function distinctHeaders(raw: readonly string[]): Record<string, string[]> {
  const distinct: Record<string, string[]> = Object.create(null)
  for (let index = 0; index < raw.length; index += 2) {
    ;(distinct[raw[index]!.toLowerCase()] ??= []).push(raw[index + 1]!)
  }
  return distinct
}
