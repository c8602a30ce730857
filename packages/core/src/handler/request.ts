import type {
  ALBEvent,
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  Context,
  LambdaFunctionURLEvent,
} from 'aws-lambda'
import { parseCookies } from '../message/cookie.ts'
import { timeBefore } from '../message/deadline.ts'
import { BadRequestError } from '../message/errors.ts'
import { type FormFile, parseMultipart } from '../message/form.ts'
import type { Invocation } from '../message/handle.ts'
import { fieldOf, fieldText } from '../message/headers.ts'
import type { JsonCodec } from '../message/json.ts'
import type { HttpRequest, Identity } from '../message/message.ts'
import { type FormRecord, parseUrlencoded } from '../message/query.ts'
import { hasListLike, isJsonString, isNestedDeeply, startsAsJson } from '../message/sent-json.ts'

/** The types of `req.event`, from `@types/aws-lambda`, which has none for VPC Lattice. */
export type HttpEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2 | LambdaFunctionURLEvent | ALBEvent

/** Parameters of a path that TypeScript does not know. */
export type AnyParams = Record<string, string | string[] | undefined>

/** The header fields of a request, by name in any case. */
export class RequestHeaders {
  readonly #message: HttpRequest

  constructor(message: HttpRequest) {
    this.#message = message
  }

  /** The value; values of a repeated field are joined with `, ` (RFC 9110, section 5.3). */
  get(name: string): string | undefined {
    return fieldText(this.#message, name.toLowerCase())
  }

  /** Every value of a repeated field, each as it was sent. */
  getAll(name: string): string[] {
    const value = fieldOf(this.#message, name.toLowerCase())
    return value === undefined ? [] : Array.isArray(value) ? [...value] : [value]
  }

  /** Whether the request has the field. */
  has(name: string): boolean {
    return fieldOf(this.#message, name.toLowerCase()) !== undefined
  }

  /** Each field by its lower-case name, with its values joined as {@link get} joins them. */
  *[Symbol.iterator](): Generator<[name: string, value: string]> {
    for (const name of Object.keys(this.#message.headers)) yield [name, this.get(name)!]
  }

  /** A plain object of lower-case names and joined values, for logs. */
  toJSON(): Record<string, string> {
    return Object.fromEntries(this)
  }
}

/**
 * The request that a handler reads. Each part is decoded from the event when it is first read.
 * @typeParam Params names and types of the path's parameters, inferred from the path.
 */
export class Request<Params = AnyParams, Event = HttpEvent> {
  /** The routed path: without stage, mapping and `stripPrefixes`; percent-encoded. */
  readonly path: string

  readonly #message: HttpRequest
  #params: Params | undefined
  readonly #invocation: Invocation
  readonly #json: JsonCodec
  #locals: Record<string, unknown> | undefined
  #headers: RequestHeaders | undefined
  #query: FormRecord | undefined
  #cookies: Record<string, string> | undefined
  #abort: Deadline | undefined
  #bodyRead = false

  constructor(message: HttpRequest, invocation: Invocation, path: string, params: Params | undefined, json: JsonCodec) {
    this.path = path
    this.#message = message
    this.#params = params
    this.#invocation = invocation
    this.#json = json
  }

  /** Parameters of the path, decoded; without a prototype. */
  get params(): Params {
    return (this.#params ??= Object.create(null) as Params)
  }

  /** Values that middleware passes on to what runs after it: a user, a transaction. */
  get locals(): Record<string, unknown> {
    return (this.#locals ??= {})
  }

  /** In upper case. */
  get method(): string {
    return this.#message.method
  }

  /** The whole path as it reached the gateway: percent-encoded, with stage or mapping. */
  get rawPath(): string {
    return this.#message.basePath + this.#message.path
  }

  /** Stage or mapping that the gateway put before the path, `''` if there is none. */
  get basePath(): string {
    return this.#message.basePath
  }

  get headers(): RequestHeaders {
    return (this.#headers ??= new RequestHeaders(this.#message))
  }

  /**
   * Query parameters, decoded; a repeated one is an array.
   * @throws HttpError 400 on malformed percent-encoding.
   */
  get query(): FormRecord {
    return (this.#query ??= parseQuery(this.#message))
  }

  /** The query string as sent, without `?`. */
  get rawQuery(): string {
    return this.#message.query
  }

  /** Cookies by name, decoded; without a prototype. The first of a name counts. */
  get cookies(): Record<string, string> {
    return (this.#cookies ??= parseCookies(fieldText(this.#message, 'cookie')))
  }

  /** The client's address as the gateway gives it: behind a load balancer, the last value of `X-Forwarded-For`. */
  get ip(): string | undefined {
    return this.#message.remoteAddress
  }

  /** The protocol between client and gateway. */
  get protocol(): 'http' | 'https' {
    return this.#message.protocol
  }

  /** The host that the client asked for, with its port if it named one. */
  get host(): string | undefined {
    return this.#message.host
  }

  /** The client's identity as the gateway's authorizer found it, in one shape for every source. */
  get identity(): Identity | undefined {
    return this.#message.identity
  }

  /** The gateway's id of the request, or Lambda's if the gateway gives none. */
  get requestId(): string | undefined {
    return this.#message.requestId ?? this.#invocation.context.awsRequestId
  }

  /**
   * The X-Ray trace of this invocation, such as `1-5759e988-bd862e3fe1be46a994272793`: from the context, or the gateway's
   * `X-Amzn-Trace-Id`; never from the environment, which concurrent invocations share.
   */
  get traceId(): string | undefined {
    const header = this.#invocation.context.xRayTraceId ?? this.headers.get('x-amzn-trace-id')
    // A client can send the header, so its form is checked.
    return /(?:^|[;, \t])Root=(1-[\da-f]{8}-[\da-f]{24})(?:;|$)/i.exec(header ?? '')?.[1]
  }

  /** The event as it came. */
  get event(): Event {
    return this.#invocation.event as Event
  }

  get context(): Context {
    return this.#invocation.context as Context
  }

  /** Name of the event source: `rest-api`, `http-api`, `function-url`, `alb`, `vpc-lattice`. */
  get source(): string {
    return this.#invocation.source
  }

  /**
   * Aborts shortly before the function's deadline, or when the client of a streamed answer leaves. Pass it to `fetch` and to
   * database calls.
   */
  get signal(): AbortSignal {
    return (this.#abort ??= new Deadline(this.#invocation)).signal
  }

  /**
   * The bytes of the body. The event holds all of it, so this, `text`, `json` and `form` return values, not promises.
   * @throws HttpError 400 if the event's base64 is malformed.
   */
  bytes(): Uint8Array {
    this.#bodyRead = true
    return bufferOf(this.#message.body)
  }

  /**
   * The body as UTF-8 text.
   * @throws HttpError 400 if the event's base64 is malformed.
   */
  text(): string {
    this.#bodyRead = true
    const { body } = this.#message
    return typeof body === 'string' ? body : body === undefined ? '' : bufferOf(body).toString('utf8')
  }

  /**
   * The value of a JSON body.
   * @throws HttpError 400 if the body is not JSON, or has a member named `__proto__`.
   */
  json<Value = unknown>(): Value {
    return this.#json.parse(this.text()) as Value
  }

  /**
   * Fields of an HTML form, urlencoded or multipart, with its files.
   * @throws HttpError 400 if the body is not such a form.
   */
  form(): FormRecord<string | FormFile> {
    const type = this.headers.get('content-type') ?? ''
    if (/^multipart\/form-data[ \t]*(?:;|$)/i.test(type)) return parseMultipart(bufferOf(this.#message.body), type)
    if (/^application\/x-www-form-urlencoded[ \t]*(?:;|$)/i.test(type)) return parseUrlencoded(this.text(), 'form')
    throw new BadRequestError(`The request body is not a form: ${type || 'it has no content-type'}`)
  }

  /** @internal Whether the client sent this text as a JSON string. It is then answered as JSON, whatever it says. */
  sentString(text: string): boolean {
    return this.#bodyRead && isJsonString(this.#sentText(), text)
  }

  /** @internal Whether the client sent a list that begins like this one: then it is data and no tuple of the handler's. */
  sentTuple(tuple: readonly unknown[]): boolean {
    return this.#bodyRead && hasListLike(this.#sentText(), tuple)
  }

  /** @internal Whether the client sent JSON that is deep enough to overflow the stack of code that walks it. */
  get sentDeepJson(): boolean {
    return this.#bodyRead && isNestedDeeply(this.#sentText())
  }

  // Bytes that were read, but are not JSON, are not decoded: they may be large.
  #sentText(): string {
    const { body } = this.#message
    return body !== undefined && startsAsJson(body) ? this.text() : ''
  }

  /** @internal Whether `signal` was read. */
  get signalled(): boolean {
    return this.#abort !== undefined
  }

  /** @internal Called once, when the request is answered: stops the timer of `signal`. */
  end(): void {
    this.#abort?.clear()
  }
}

const parseQuery = (message: HttpRequest): FormRecord =>
  message.decodedQuery ?? parseUrlencoded(message.query, 'query string')

function bufferOf(body: HttpRequest['body']): Buffer {
  if (body === undefined) return Buffer.alloc(0)
  if (typeof body === 'string') return Buffer.from(body)
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}

/** Aborts a signal shortly before the invocation ends, or when the client of a streamed answer leaves. */
class Deadline {
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout | undefined

  constructor({ context, disconnected }: Invocation) {
    disconnected?.addEventListener('abort', () => this.#controller.abort(disconnected.reason), { once: true })
    const wait = timeBefore(context, 'signal')
    if (wait === undefined) return
    const abort = () => this.#controller.abort(new Error('The Lambda function is about to time out'))
    this.#timer = setTimeout(abort, wait)
    this.#timer.unref()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  clear(): void {
    clearTimeout(this.#timer)
  }
}
