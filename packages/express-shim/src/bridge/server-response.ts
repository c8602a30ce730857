import type { Socket } from 'node:net'
import type { HttpHeaders } from '@expressway/core/handle'
import type { MessageTypes } from './message-types.ts'
import {
  type IncomingMessage,
  ServerResponse,
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
} from './node-http.ts'
import { asSocket, type BridgeSocket } from './socket.ts'

type Callback = (error?: Error | null) => void
type Names = Record<string, unknown>

/** What takes the answer: its head once, then its chunks. */
export interface ResponseSink {
  /** `removedType` is the content type that was removed before. */
  onHead(status: number, statusText: string | undefined, headers: HttpHeaders, removedType: unknown): void
  /** Takes a chunk; false asks to wait for `drain`. An empty one only says that everything before it is to be sent. */
  onChunk(data: string | Uint8Array, encoding: BufferEncoding | null | undefined, callback?: Callback | null): boolean
  /** An `error` event without another listener. */
  onError(error: unknown): void
}

/** Node's own record of what setHeader was given, by lower-case name. */
type StoredFields = Record<string, [name: string, value: unknown]>

const SINK = Symbol('sink')
const REMOVED_TYPE = Symbol('removed-type')
const symbols = Object.getOwnPropertySymbols(new ServerResponse({} as IncomingMessage))
const needDrain = symbols.find((symbol) => symbol.description === 'kNeedDrain')
const outHeaders = symbols.find((symbol) => symbol.description === 'kOutHeaders')

/** The seams between http.ServerResponse, which knows the rules, and the text that it would write to a connection. */
interface Outgoing extends Omit<ServerResponse, 'socket'> {
  socket: Socket | null
  _header: string
  _hasBody: boolean
  _closed: boolean
  _contentLength: number | null
  _removedContLen: boolean
  _storeHeader(statusLine: string, headers: unknown): void
  _send: ResponseSink['onChunk']
  _writeRaw(data: unknown, encoding: unknown, callback?: unknown): boolean
  [SINK]: ResponseSink
  [REMOVED_TYPE]?: unknown
  [key: symbol]: unknown
}

/**
 * Node's own response, whose head and chunks go to the sink as they are: no header text is made, no chunk framed.
 * The seams are the instance's own, since frameworks replace the prototype.
 */
export function createServerResponse(
  request: IncomingMessage,
  socket: BridgeSocket,
  sink: ResponseSink,
  type: MessageTypes['Response'],
): ServerResponse {
  const response = Reflect.construct(ServerResponse, [request], type) as Outgoing
  response[SINK] = sink
  response._storeHeader = storeHeader
  response._send = send
  response._writeRaw = discard
  response.removeHeader = removeHeader
  response.socket = asSocket(socket)
  socket._httpMessage = response
  response.on('error', onError)
  return response
}

/** Ends the tie after `finish`, as http.Server does. */
export function detachSocket(response: ServerResponse, socket: BridgeSocket): void {
  socket._httpMessage = null
  ;(response as Outgoing).socket = null
}

/** Emits 'drain' after the reader took everything. */
export function emitDrain(response: ServerResponse): void {
  if (!response.writableNeedDrain || response.writableLength > 0) return
  if (needDrain) (response as Outgoing)[needDrain] = false
  response.emit('drain')
}

/** The end of a response's life, after `finish` or when the connection broke: once. */
export function emitClose(response: ServerResponse): void {
  const outgoing = response as Outgoing
  if (outgoing._closed) return
  outgoing.destroyed = true
  outgoing._closed = true
  outgoing.emit('close')
}

function removeHeader(this: Outgoing, name: string): void {
  if (String(name).toLowerCase() === 'content-type') this[REMOVED_TYPE] = this.getHeader(name) ?? this[REMOVED_TYPE]
  Object.getPrototypeOf(this).removeHeader.call(this, name)
}

function send(this: Outgoing, ...[data, encoding, callback]: Parameters<ResponseSink['onChunk']>): boolean {
  return this[SINK].onChunk(data, encoding, callback)
}

// 100 Continue, 102 Processing and 103 Early Hints: a result has no place for them.
function discard(this: Outgoing, _data: unknown, _encoding: unknown, callback?: unknown): boolean {
  if (typeof callback === 'function') process.nextTick(callback as () => void)
  return true
}

function onError(this: Outgoing, error: unknown): void {
  if (this.listenerCount('error') === 1) this[SINK].onError(error)
}

function storeHeader(this: Outgoing, statusLine: string, given: unknown): void {
  const headers: HttpHeaders = Object.create(null)
  if (given && isStored(this, given)) addStored(headers, given as StoredFields)
  else for (const [name, value] of toFields(given)) addChecked(headers, name, value)
  applyFraming(this, headers)
  const { statusCode, statusMessage } = this
  this._header = statusLine
  const statusText = statusMessage === STATUS_CODES[statusCode] ? undefined : statusMessage
  this[SINK].onHead(statusCode, statusText, headers, this[REMOVED_TYPE])
}

function isStored(response: Outgoing, given: unknown): boolean {
  return outHeaders ? response[outHeaders] === given : response.getHeaderNames().length > 0
}

function addStored(headers: HttpHeaders, stored: StoredFields): void {
  for (const name in stored) addField(headers, name, stored[name]![1])
}

// The three shapes of writeHead's headers: a record, name and value in turn, or pairs.
function toFields(given: unknown): Iterable<[string, unknown]> {
  if (!given) return []
  if (!Array.isArray(given)) return Object.entries(given as Names)
  if (Array.isArray(given[0])) return given
  if (given.length % 2 !== 0) throw oddListError(given)
  return Array.from({ length: given.length / 2 }, (_, i) => [given[2 * i], given[2 * i + 1]])
}

function addChecked(headers: HttpHeaders, name: string, value: unknown): void {
  validateHeaderName(name)
  for (const line of Array.isArray(value) ? value : [value]) validateHeaderValue(name, line)
  addField(headers, name.toLowerCase(), value)
}

function addField(headers: HttpHeaders, name: string, value: unknown): void {
  const earlier = headers[name]
  if (earlier === undefined && name !== 'set-cookie' && !Array.isArray(value)) {
    headers[name] = String(value)
    return
  }
  const lines = [earlier ?? [], Array.isArray(value) ? value.map(String) : String(value)].flat()
  if (lines.length > 1 || name === 'set-cookie') headers[name] = lines
  else if (lines[0] !== undefined) headers[name] = lines[0]
}

// Framing belongs to the connection (RFC 9110 section 7.6.1): the answer has no framing of its body and no trailers.
// What Node notes about it in passing, it reads again for strictContentLength.
function applyFraming(response: Outgoing, headers: HttpHeaders): void {
  const chunked = headers['transfer-encoding'] !== undefined
  const length = headers['content-length']
  if (length !== undefined) {
    if (headers.trailer !== undefined && !chunked) {
      throw nodeError(Error, 'ERR_HTTP_TRAILER_INVALID', 'Trailers are invalid with this transfer encoding')
    }
    response._contentLength = Number(length)
    response._removedContLen = false
  }
  if (chunked) response._contentLength = null
  delete headers.connection
  delete headers['keep-alive']
  delete headers['transfer-encoding']
  delete headers.trailer
}

function oddListError(list: unknown[]): Error {
  const { inspect } = process.getBuiltinModule('node:util')
  return nodeError(TypeError, 'ERR_INVALID_ARG_VALUE', `The argument 'headers' is invalid. Received ${inspect(list)}`)
}

function nodeError(type: ErrorConstructor, code: string, message: string): Error {
  return Object.assign(new type(message), { code })
}
