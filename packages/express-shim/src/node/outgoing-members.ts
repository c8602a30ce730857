import { statusMessage } from '../http/status-messages.ts'
import { callNode, linkAtFirstTouch, ownAccessor } from './node-link.ts'
import { shareHeaders } from './outgoing-fields.ts'
import { isDestroyed } from './outgoing-flow.ts'
import { OutgoingHeaders, SENT, writtenName } from './outgoing-headers.ts'
import {
  CLOSED,
  EXTRA,
  extraOf,
  FINISHED,
  HIGH_WATER_MARK,
  type OutgoingState,
  PHASE,
  QUEUE,
} from './outgoing-state.ts'

type Callback = (() => void) | undefined
type Cork = { cork?(): void; uncork?(): void }

/** The other members of Node's ServerResponse: rarely used, and the same for all responses. */
const constants = {
  writable: true,
  sendDate: true,
  shouldKeepAlive: true,
  strictContentLength: false,
  chunkedEncoding: false,
  useChunkedEncodingByDefault: true,
  maxRequestsOnConnectionReached: false,
  outputSize: 0,
  _hasBody: true,
  _contentLength: null,
  _defaultKeepAlive: true,
  _expect_continue: false,
  _keepAliveTimeout: 0,
  _last: false,
  _removedConnection: false,
  _removedContLen: false,
  _removedTE: false,
  _sent100: false,
  _trailer: '',
}

const getters: Record<string, (res: OutgoingState) => unknown> = {
  destroyed: isDestroyed,
  closed: (res) => res[PHASE] === CLOSED,
  _closed: (res) => res[PHASE] === CLOSED,
  errored: (res) => (res[EXTRA] ? res[EXTRA].errored : null),
  writableEnded: (res) => res.finished,
  writableFinished: (res) => res[PHASE] === FINISHED || (res[PHASE] === CLOSED && !res[EXTRA]?.destroyed),
  writableLength: (res) => res[QUEUE]?.size ?? res[EXTRA]?.pending ?? 0,
  writableHighWaterMark: () => HIGH_WATER_MARK,
  writableCorked: (res) => res[EXTRA]?.corked ?? 0,
  writableObjectMode: () => false,
  writableNeedDrain: (res) => !isDestroyed(res) && !res.finished && res[EXTRA]?.needsDrain === true,
  socket: socketOf,
  connection: socketOf,
  outputData: () => [],
  _header: head,
  _headerSent: (res) => Boolean(res[SENT]),
}

const setters: Record<string, (res: OutgoingState, value: never) => void> = {
  destroyed: (res, value: boolean) => {
    extraOf(res).destroyed = value
  },
  socket: assign,
  connection: assign,
}

const methods: Record<string, (res: OutgoingState, ...args: never[]) => unknown> = {
  cork(res) {
    extraOf(res).corked++
  },
  uncork(res) {
    extraOf(res).corked--
  },
  setTimeout(res, milliseconds: number, callback: Callback) {
    if (callback) res.on('timeout', callback)
    const socket = socketOf(res) as { setTimeout(milliseconds: number): void } | null
    socket?.setTimeout(milliseconds)
    return res
  },
  assignSocket(res, socket: object) {
    assign(res, socket as never)
    res.emit('socket', socket)
  },
  detachSocket(res) {
    assign(res, null as never)
  },
  _send: (res, data: string, encoding: BufferEncoding, callback: Callback) => res.write(data, encoding, callback),
  _writeRaw(_res, _data: unknown, _encoding: unknown, callback: Callback) {
    if (callback) process.nextTick(callback)
    return true
  },
  _flush() {},
  _finish() {},
}

// What Node does by way of the other members. A gateway takes no trailers and no informational responses: what is wrong with them
// is said, the rest goes nowhere.
const stubs =
  'pipe setHeaders getRawHeaderNames addTrailers writeContinue writeProcessing writeEarlyHints writeInformation'

/** The part of Node's ServerResponse that few ask for; each member leaves a message that is Node's own to Node. */
export class OutgoingMembers extends OutgoingHeaders {}

const members = OutgoingMembers.prototype as unknown as Record<string, unknown>
Object.assign(members, constants)
for (const name in getters)
  Object.defineProperty(members, name, ownAccessor(name, PHASE, getters[name]!, setters[name]))
for (const name in methods) members[name] = method(name)
linkAtFirstTouch(OutgoingHeaders.prototype, 'ServerResponse', stubs.split(' '), shareHeaders)

function method(name: string) {
  const own = methods[name]!
  return function (this: OutgoingState, ...args: unknown[]): unknown {
    if (!this[PHASE]) return callNode(name, this, args)
    return own(this, ...(args as never[]))
  }
}

function socketOf(res: OutgoingState): unknown {
  const assigned = res[EXTRA]?.socket
  if (assigned !== undefined) return assigned
  return res[PHASE] === FINISHED || res[PHASE] === CLOSED ? null : res.req.socket
}

function assign(res: OutgoingState, socket: never): void {
  const { corked } = extraOf(res)
  for (let depth = 0; depth < corked; depth++) (socket as Cork | null)?.cork?.()
  extraOf(res).socket = socket
}

/** The head as it would stand on a connection: middleware asks whether there is one. */
function head(res: OutgoingState): string | null {
  const sent = res[SENT]
  if (!sent) return null
  const lines = Object.entries(sent).flatMap(([key, value]) =>
    [value].flat().map((one) => `${writtenName(res, key)}: ${String(one)}\r\n`),
  )
  return `HTTP/1.1 ${res.statusCode} ${res.statusMessage ?? statusMessage(res.statusCode)}\r\n${lines.join('')}\r\n`
}
