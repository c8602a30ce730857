import type { HttpRequest } from '@expressway/core/handle'
import { isWrittenLength, toByteText } from './gateway-fields.ts'
import type { MessageTypes } from './message-types.ts'
import { IncomingMessage } from './node-http.ts'
import { asSocket, type BridgeSocket } from './socket.ts'

const BODY = Symbol('body')

/** The members by which Node's own parser fills a message; they have not changed since Node 0.12. */
interface Received extends IncomingMessage {
  _addHeaderLines(lines: string[], count: number): void
  _consuming: boolean
  readonly _eventsCount: number
  _dump(): void
  _dumpAndCloseReadable?(): void
  upgrade: boolean
  [BODY]: Buffer | undefined
}

/**
 * Node's own message over the request. It is unread: the body is a stream, `body` and `ip` are for the application's
 * middleware to define.
 * @throws HttpError 400 where the event's base64 is malformed.
 */
export function createIncomingMessage(
  request: HttpRequest,
  url: string,
  socket: BridgeSocket,
  type: MessageTypes['Request'],
): IncomingMessage {
  const message = Reflect.construct(IncomingMessage, [asSocket(socket)], type) as Received
  const body = toBytes(request.body)
  message.method = request.method
  message.url = url
  message.httpVersion = '1.1'
  message.httpVersionMajor = 1
  message.httpVersionMinor = 1
  message.upgrade = false
  message[BODY] = body
  // Own, since frameworks replace the prototype.
  message._read = readBody
  const lines = toHeaderLines(request, body, socket.owner.invocation.source)
  message._addHeaderLines(lines, lines.length)
  return message
}

/** Reads to the end what the application left unread, so that `end` and `close` come to those who wait for them. */
export function dump(message: IncomingMessage): void {
  const received = message as Received
  if (received._consuming || received.destroyed) return
  // Nobody listens: the same end state without the ticks of a stream's life. Missing before Node 24.
  if (received._eventsCount === 0 && received._dumpAndCloseReadable) received._dumpAndCloseReadable()
  else received._dump()
}

function readBody(this: Received): void {
  this._consuming = true
  this.complete = true
  if (this[BODY]) this.push(this[BODY])
  this[BODY] = undefined
  this.push(null)
}

function toBytes(body: HttpRequest['body']): Buffer | undefined {
  if (body === undefined || body.length === 0) return undefined
  if (typeof body === 'string') return Buffer.from(body)
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}

// The body is whole and decoded, so its framing is its length, whatever the client's fields say. The length of a request without
// one would say that it has a body (RFC 9112 section 6.3), as type-is and body-parser take it: 0 stays only if the message keeps it.
function toHeaderLines(request: HttpRequest, body: Buffer | undefined, source: string): string[] {
  const { rawHeaders } = request
  const lines: string[] = []
  const zero = body === undefined && request.headers['content-length'] === '0'
  const keepsZero = zero && !isWrittenLength('0', request.method, source)
  let hasHost = false
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (name.length === 4 && name.toLowerCase() === 'host') hasHost = true
    if (isFraming(name) && !(keepsZero && name.length === 14 && rawHeaders[i + 1] === '0')) continue
    lines.push(toByteText(name), toByteText(rawHeaders[i + 1]!))
  }
  if (!hasHost && request.host !== undefined) lines.push('Host', toByteText(request.host))
  if (body) lines.push('Content-Length', String(body.length))
  return lines
}

function isFraming(name: string): boolean {
  if (name.length === 14) return name.toLowerCase() === 'content-length'
  return name.length === 17 && name.toLowerCase() === 'transfer-encoding'
}
