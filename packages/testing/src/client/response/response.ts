import type { GatewayName, LambdaError } from '../../gateway.ts'
import type { WireRequest, WireResponse } from '../../wire.ts'
import type { Exchange, LambdaExchange, TracedLayer } from '../exchange.ts'
import { type ResponseHeaders, toResponseHeaders } from '../http/header-fields.ts'
import { linksOf, parametersOf, typeOf } from '../http/media-type.ts'
import { consoleLines } from '../send/console-tail.ts'
import { type Message, toMessage } from './message.ts'
import type { ParsedBody } from './parsers/parsed-body.ts'

/** The request as it was sent: the part of Node's `ClientRequest` that tests read. */
export interface SentRequest {
  method: string
  path: string
  /** Fields by lower-case name. */
  getHeaders(): Record<string, string | string[]>
  /** A field by its name, in any case. */
  getHeader(name: string): string | string[] | undefined
}

/** A chunk of a streamed body and when it came, in milliseconds after the request. */
export interface ResponseChunk {
  data: Buffer
  at: number
}

/** A status of 4xx or 5xx as an error. */
export type ResponseError = Error & { status: number; text: string; method: string; path: string }

/** What the gateway made of the result. */
export interface GatewayReport {
  name: GatewayName
  status: number
  /** What the answer lost or would lose on the way, each with how to mend it. */
  warnings: string[]
}

/** The request that a response belongs to, as far as the response needs it. */
export interface ResponseOrigin {
  readonly method: string
  readonly url: string
  toJSON(): { method: string; url: string; data: unknown; headers: Record<string, unknown> }
}

/** An answer as superagent presents it, and what came with it from the Lambda side. */
export class Response {
  /** The request that was answered. */
  readonly request: ResponseOrigin
  readonly req: SentRequest
  readonly headers: ResponseHeaders
  readonly header: ResponseHeaders
  readonly status: number
  readonly statusCode: number
  readonly statusType: number
  readonly info: boolean
  readonly ok: boolean
  readonly redirect: boolean
  readonly clientError: boolean
  readonly serverError: boolean
  readonly created: boolean
  readonly accepted: boolean
  readonly noContent: boolean
  readonly badRequest: boolean
  readonly unauthorized: boolean
  readonly notAcceptable: boolean
  readonly forbidden: boolean
  readonly notFound: boolean
  readonly unprocessableEntity: boolean
  /** The media type, without parameters. */
  readonly type: string
  declare readonly charset: string
  readonly links: Record<string, string>
  // biome-ignore lint/suspicious/noExplicitAny: the body is whatever the application sent; supertest types it so
  body: any
  /** `undefined` if the body is bytes. */
  text: string
  /** Files of a multipart response by the name of their part; `{}` if there are none. */
  // biome-ignore lint/suspicious/noExplicitAny: superagent types files so
  files: any
  /** The URLs that redirects led to. */
  redirects: string[]
  /** Chunks as they came, after `.stream()`. */
  chunks: ResponseChunk[] = []
  /** What broke a stream off, after `.stream()`; `undefined` if it ended. */
  streamError: unknown
  /** @internal The body is still to be read. */
  unread = false
  /** Each gateway's response after `.viaAll()`. */
  all: Partial<Record<GatewayName, Response>> = {}
  readonly #wire: WireResponse
  /** The layers that the request entered, after `.expectHandledBy()` or `.traceLayers()`. */
  readonly trace: readonly TracedLayer[] | undefined
  readonly #lambda: LambdaExchange | undefined
  #message: Message | undefined
  #error: false | ResponseError | undefined

  constructor(request: ResponseOrigin, exchange: Exchange, parsed: ParsedBody, message?: Message) {
    const { response } = exchange
    this.request = request
    this.req = toSentRequest(exchange.request)
    this.headers = this.header = message?.headers ?? toResponseHeaders(response.headers)
    this.status = this.statusCode = response.status
    const kind = (this.statusType = Math.trunc(response.status / 100))
    this.info = kind === 1
    this.ok = kind === 2
    this.redirect = kind === 3
    this.clientError = kind === 4
    this.serverError = kind === 5
    this.created = response.status === 201
    this.accepted = response.status === 202
    this.noContent = response.status === 204
    this.badRequest = response.status === 400
    this.unauthorized = response.status === 401
    this.notAcceptable = response.status === 406
    this.forbidden = response.status === 403
    this.notFound = response.status === 404
    this.unprocessableEntity = response.status === 422
    const contentType = this.headers['content-type'] ?? ''
    this.type = typeOf(contentType)
    this.links = linksOf(this.headers.link)
    this.text = parsed.text as string
    this.body = parsed.body === undefined ? {} : parsed.body
    this.files = parsed.files ?? {}
    this.redirects = []
    this.#wire = response
    this.trace = exchange.trace
    this.#lambda = exchange.lambda
    this.#message = message
    this.#addParameters(contentType)
  }

  /** Whether the body was read before the response was handed out. */
  get buffered(): boolean {
    return !this.unread && this.req.method !== 'HEAD'
  }

  /** An error for a 4xx or 5xx status, otherwise `false`. */
  get error(): false | ResponseError {
    this.#error ??= this.clientError || this.serverError ? this.toError() : false
    return this.#error
  }

  /** Node's message: a readable stream of the body with status and headers. */
  get res(): Message {
    this.#message ??= Object.assign(toMessage(this.#wire), { headers: this.headers, text: this.text, complete: true })
    return this.#message
  }

  /** What the handler returned; `undefined` after real HTTP. */
  get lambda(): unknown {
    return this.#lambda?.result
  }

  /** What the handler threw, with its own stack. */
  get lambdaError(): Error | undefined {
    const error = this.#lambda?.error
    return error && toError(error)
  }

  /** The event that the handler got. */
  // biome-ignore lint/suspicious/noExplicitAny: its shape is that of the gateway the test chose
  get event(): any {
    return this.#lambda?.event
  }

  /** Milliseconds that the handler's module took to load, after `.cold()`: a process's start included. */
  get initMs(): number | undefined {
    return this.#lambda?.initMs
  }

  /** The context that the handler got; `undefined` after real HTTP. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever members they set
  get context(): any {
    return this.#lambda?.context
  }

  /** Status and headers that a streaming handler sent ahead. */
  get prelude(): unknown {
    return this.#lambda?.prelude
  }

  /** What the gateway made of the result; `undefined` after real HTTP. */
  get gateway(): GatewayReport | undefined {
    if (!this.#lambda) return undefined
    return { name: this.#lambda.gateway, status: this.status, warnings: this.#wire.warnings }
  }

  /** What the handler wrote to the console. */
  get console(): string[] {
    return consoleLines(this.#lambda?.console ?? [])
  }

  /** The reason phrase, which only HTTP/1.1 and some gateways carry. */
  get statusText(): string {
    return this.#wire.statusText
  }

  /** The body's bytes as they came, before any decoding. */
  get rawBody(): Buffer {
    return Buffer.from(this.#wire.body)
  }

  /** The value of a header field, whatever the case of its name. */
  get(field: 'Set-Cookie' | 'set-cookie'): string[] | undefined
  get(field: string): string | undefined
  get(field: string): string | string[] | undefined {
    const name = field.toLowerCase()
    return Object.hasOwn(this.headers, name) ? this.headers[name] : undefined
  }

  /** The status as an error, whatever it is. */
  toError(): ResponseError {
    const { status, text } = this
    const { method, path } = this.req
    return Object.assign(new Error(`cannot ${method} ${path} (${status})`), { status, text, method, path })
  }

  /** The request and the answer as plain data, as superagent has them. */
  toJSON(): { req: ReturnType<ResponseOrigin['toJSON']>; header: ResponseHeaders; status: number; text: string } {
    return { req: this.request.toJSON(), header: this.header, status: this.status, text: this.text }
  }

  /** Adds a listener for an event of the body's stream. */
  // biome-ignore lint/suspicious/noExplicitAny: an event's arguments are its own
  on(event: string, callback: (...args: any[]) => void): this {
    this.res.on(event, callback)
    return this
  }

  /** Adds a listener for the next event of this name of the body's stream. */
  // biome-ignore lint/suspicious/noExplicitAny: an event's arguments are its own
  once(event: string, callback: (...args: any[]) => void): this {
    this.res.once(event, callback)
    return this
  }

  /** Makes the body's stream give text. */
  setEncoding(encoding: BufferEncoding): void {
    this.res.setEncoding(encoding)
  }

  /**
   * Sends the body to a stream.
   * @throws Error if the body has been read already: `.buffer(false)` leaves most unread
   */
  pipe<T extends NodeJS.WritableStream>(stream: T, options?: { end?: boolean }): T {
    if (this.buffered) throw new Error("end() has already been called, so it's too late to start piping")
    return this.res.pipe(stream, options)
  }

  /** Holds the body's stream. */
  pause(): void {
    this.res.pause()
  }

  /** Lets the body's stream go on. */
  resume(): void {
    this.res.resume()
  }

  /** Breaks the body's stream off. */
  destroy(error?: Error): void {
    this.res.destroy(error)
  }

  #addParameters(contentType: string): void {
    const parameters = parametersOf(contentType)
    for (const name of Object.keys(parameters)) {
      if (!(name in this)) Object.assign(this, { [name]: parameters[name] })
    }
  }
}

function toError({ errorType, errorMessage, trace }: LambdaError): Error {
  const error = new Error(errorMessage)
  error.name = errorType
  if (trace && trace.length > 0) error.stack = trace.join('\n')
  return error
}

function toSentRequest(request: WireRequest): SentRequest {
  return {
    method: request.method,
    path: request.query ? `${request.path}?${request.query}` : request.path,
    getHeaders: () => toResponseHeaders(request.headers),
    getHeader: (name) => toResponseHeaders(request.headers)[name.toLowerCase()],
  }
}
