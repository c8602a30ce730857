import {
  type Chunk,
  type HttpHeaders,
  type HttpRequest,
  type HttpResponse,
  type Invocation,
  isPromise,
  timeBefore,
} from '@expressway/core/base'
import { ChunkQueue, type QueueOwner } from './chunk-queue.ts'
import { withStoredType } from './gateway-fields.ts'
import { createIncomingMessage, dump } from './incoming-message.ts'
import type { MessageTypes } from './message-types.ts'
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from './node-http.ts'
import { joinChunks, toChunk } from './response-body.ts'
import { createServerResponse, detachSocket, emitClose, emitDrain, type ResponseSink } from './server-response.ts'
import { BridgeSocket, type SocketOwner } from './socket.ts'

export type { IncomingMessage, Server } from './node-http.ts'

type Callback = (error?: Error | null) => void
type Encoding = BufferEncoding | null | undefined

/** Runs for each request. If it returns a promise, only a rejection matters. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

/** What all exchanges of one listener have in common. */
export interface ExchangeSetup {
  readonly types: MessageTypes
  /** The server whose listeners run, if the application passed one. */
  readonly server: Server | undefined
}

const READER_LEFT = new Error('The reader of the answer left')

/** One request and its answer: gives the listener Node's pair of messages and waits for the answer that they make. */
export class Exchange implements ResponseSink, QueueOwner, SocketOwner {
  readonly request: HttpRequest
  readonly invocation: Invocation
  readonly incoming: IncomingMessage
  private readonly outgoing: ServerResponse
  private readonly socket: BridgeSocket
  private status = 200
  private statusText: string | undefined = undefined
  private headers: HttpHeaders | undefined = undefined
  private chunks: Chunk[] = []
  private stream: ChunkQueue | undefined = undefined
  private deadline: NodeJS.Timeout | undefined = undefined
  private reason: Error | undefined = undefined
  private completed = false
  private refused = false
  private resolve: ((response: HttpResponse) => void) | undefined = undefined

  constructor(request: HttpRequest, invocation: Invocation, url: string, { server, types }: ExchangeSetup) {
    this.request = request
    this.invocation = invocation
    this.socket = new BridgeSocket(this, server)
    this.incoming = createIncomingMessage(request, url, this.socket, types.Request)
    this.outgoing = createServerResponse(this.incoming, this.socket, this, types.Response)
  }

  /** Settles once, and never rejects: with the answer when it is complete, with an error's when it never will be. */
  run(listener: Listener): Promise<HttpResponse> {
    return new Promise((resolve) => {
      this.resolve = resolve
      try {
        const returned = listener(this.incoming, this.outgoing)
        if (isPromise(returned)) returned.then(undefined, (error: unknown) => this.fail(error))
      } catch (error) {
        this.fail(error)
      }
      // As on a connection: the request has arrived whole by the time that the listener returns.
      this.incoming.complete = true
      if (!this.outgoing.writableEnded) this.watchDeadline()
      this.invocation.disconnected?.addEventListener('abort', () => this.left(), { once: true })
    })
  }

  onHead(status: number, statusText: string | undefined, headers: HttpHeaders, removedType: unknown): void {
    this.status = status
    this.statusText = statusText
    this.headers = status === 304 ? withStoredType(headers, removedType, this.invocation.source) : headers
  }

  onChunk(data: Chunk, encoding: Encoding, callback: Callback | null | undefined): boolean {
    if (this.socket.destroyed) return this.refuse()
    this.socket.refreshTimer()
    const chunk = toChunk(data, encoding)
    if (this.invocation.streaming) return this.queue(this.own(chunk), callback)
    if (chunk.length > 0) this.chunks.push(this.own(chunk))
    if (callback) process.nextTick(onSent, this, callback)
    return true
  }

  taken(left: number): void {
    this.socket.writableLength = left
    if (left === 0 && this.outgoing.writableNeedDrain) process.nextTick(emitDrain, this.outgoing)
  }

  drained(done: () => void): void {
    done()
  }

  left(): void {
    if (this.completed) return
    this.reason = READER_LEFT
    this.socket.destroy()
  }

  onError(error: unknown): void {
    this.fail(error)
  }

  /** The connection broke: the answer is what was written before. */
  onClosed(error: Error | undefined): void {
    if (this.completed) return
    this.completed = true
    clearTimeout(this.deadline)
    if (this.outgoing.writableEnded && !this.refused) this.settle(this.answer())
    if (this.resolve) this.settle(this.toUnanswered(error))
    else if (error && !this.reason) console.error(error)
    this.incoming.destroy(connectionReset())
    emitClose(this.outgoing)
    this.stream?.fail(this.reason ?? error ?? connectionReset())
  }

  /** Called after each chunk that was sent: it may have been the last one. */
  onSent(): void {
    if (this.completed || !this.outgoing.writableFinished) return
    this.completed = true
    clearTimeout(this.deadline)
    this.socket.stopTimer()
    dump(this.incoming)
    detachSocket(this.outgoing, this.socket)
    process.nextTick(emitClose, this.outgoing)
    if (this.resolve) this.settle(this.answer())
    else this.stream?.end()
  }

  /** Starts the answer with what is there, unless it is whole already. */
  startStream(): void {
    if (this.socket.destroyed) return
    if (this.outgoing.writableEnded) this.chunks = this.stream!.takeAll()
    else this.settle({ ...this.answer(), body: this.stream! })
  }

  // Data written after the connection broke is not part of the answer.
  private refuse(): false {
    this.refused = true
    return false
  }

  private queue(chunk: Chunk, callback: Callback | null | undefined): boolean {
    if (!this.stream) {
      this.stream = new ChunkQueue(this)
      process.nextTick(startStream, this)
    }
    const written = (error?: Error | null): void => {
      if (error) process.nextTick(callback!, error)
      else process.nextTick(onSent, this, callback)
    }
    this.stream.push(chunk, Buffer.byteLength(chunk), callback ? written : undefined)
    this.socket.writableLength = this.stream.size
    return this.stream.size < this.socket.writableHighWaterMark
  }

  // A writer may use its buffer again after the callback. A chunk that is the whole body needs no copy.
  private own(chunk: Chunk): Chunk {
    const { _contentLength } = this.outgoing as { _contentLength?: number | null }
    return typeof chunk === 'string' || chunk.length === _contentLength ? chunk : Buffer.from(chunk)
  }

  private answer(): HttpResponse {
    const body = joinChunks(this.chunks)
    const { status, statusText } = this
    const headers = this.headers ?? Object.create(null)
    return { status, statusText, headers, body }
  }

  private settle(response: HttpResponse): void {
    this.resolve?.(response)
    this.resolve = undefined
  }

  /** An error of the listener. It is always logged; a complete answer is kept. */
  private fail(error: unknown): void {
    console.error(error)
    if (this.completed || this.outgoing.writableEnded) return
    this.reason = error instanceof Error ? error : new Error('The listener failed', { cause: error })
    this.settle(toErrorResponse(500))
    this.socket.destroy()
  }

  private toUnanswered(error: Error | undefined): HttpResponse {
    if (this.reason !== READER_LEFT)
      console.error(error ?? new Error(`The listener destroyed the connection before it answered ${this.name}`))
    return toErrorResponse(502)
  }

  private watchDeadline(): void {
    const wait = timeBefore(this.invocation.context, 'listener')
    if (wait !== undefined) this.deadline = setTimeout(onDeadline, wait, this)
  }

  /** Shortly before Lambda would end the process without a message: answers 503, and the log says why. */
  onDeadline(): void {
    this.reason = new Error(`The listener did not answer ${this.name} before the deadline of the invocation`)
    console.error(this.reason.message)
    this.settle(toErrorResponse(503))
    this.socket.destroy()
  }

  private get name(): string {
    return `${this.request.method} ${this.request.path}`
  }
}

function onSent(exchange: Exchange, callback: Callback): void {
  callback()
  exchange.onSent()
}

function startStream(exchange: Exchange): void {
  exchange.startStream()
}

function onDeadline(exchange: Exchange): void {
  exchange.onDeadline()
}

/** An answer in place of the listener's, whose text is that of its status. */
export function toErrorResponse(status: number, text: string | undefined = STATUS_CODES[status]): HttpResponse {
  const headers: HttpHeaders = Object.create(null)
  headers['content-type'] = 'text/plain; charset=utf-8'
  return { status, headers, body: text }
}

// What a request is destroyed with on a real server when its connection breaks.
function connectionReset(): Error {
  return Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
}
