import { type Fields, fromRawHeaders } from '../message/headers.ts'
import type { Chunk, HttpHeaders, HttpRequest, Identity } from '../message/message.ts'
import type { FormRecord } from '../message/query.ts'
import { bodyLength, decodeBody } from './content.ts'

/** How to read one event source's events: pure functions, called when the application asks. */
export interface EventReader<Event> {
  rawHeaders(event: Event): string[]
  /** The lines of one field, by its name in lower case. */
  fieldLines(event: Event, name: string): string[]
  query(event: Event): string
  /** The query's parameters as the gateway decoded them; of a source that decodes. */
  readonly decodedQuery?: ((event: Event) => FormRecord) | undefined
  body(event: Event): unknown
  isBase64(event: Event): boolean
  remoteAddress(event: Event, request: Fields): string | undefined
  protocol(event: Event, request: Fields): 'http' | 'https'
  /** The host that the gateway names, for an event whose headers name none. */
  domainName(event: Event): string | undefined
  requestId(event: Event): string | undefined
  identity(event: Event): Identity | undefined
}

/** The request of an event. Method and path are read at once, since routing needs them; everything else at the first access. */
export class DecodedRequest<Event> implements HttpRequest {
  readonly method: string
  readonly path: string
  readonly basePath: string
  private readonly reader: EventReader<Event>
  private readonly event: Event
  private cachedQuery: string | undefined = undefined
  private cachedRawHeaders: string[] | undefined = undefined
  private cachedHeaders: HttpHeaders | undefined = undefined
  // null means that it was not read yet, since undefined is a possible value.
  private cachedBody: Chunk | undefined | null = null
  private cachedIdentity: Identity | undefined | null = null

  constructor(reader: EventReader<Event>, event: Event, method: unknown, path: string, basePath: string) {
    this.method = typeof method === 'string' ? method.toUpperCase() : 'GET'
    this.path = path
    this.basePath = basePath
    this.reader = reader
    this.event = event
  }

  get query(): string {
    return (this.cachedQuery ??= this.reader.query(this.event))
  }

  get decodedQuery(): FormRecord | undefined {
    return this.reader.decodedQuery?.(this.event)
  }

  get rawHeaders(): readonly string[] {
    return (this.cachedRawHeaders ??= this.reader.rawHeaders(this.event))
  }

  get headers(): HttpHeaders {
    return (this.cachedHeaders ??= this.readHeaders())
  }

  field(name: string): string | string[] | undefined {
    // The length is that of the body, whatever fields came with it.
    if (this.cachedHeaders !== undefined || isFraming(name)) return this.headers[name]
    const lines = this.reader.fieldLines(this.event, name)
    return lines.length < 2 ? lines[0] : name === 'cookie' ? lines.join('; ') : lines
  }

  get body(): Chunk | undefined {
    if (this.cachedBody === null) {
      this.cachedBody = decodeBody(this.reader.body(this.event), this.reader.isBase64(this.event))
    }
    return this.cachedBody
  }

  get remoteAddress(): string | undefined {
    return this.reader.remoteAddress(this.event, this)
  }

  get protocol(): 'http' | 'https' {
    return this.reader.protocol(this.event, this)
  }

  get host(): string | undefined {
    const host = this.field('host')
    return (Array.isArray(host) ? host[0] : host) || this.reader.domainName(this.event)
  }

  get requestId(): string | undefined {
    return this.reader.requestId(this.event)
  }

  get identity(): Identity | undefined {
    if (this.cachedIdentity === null) this.cachedIdentity = this.reader.identity(this.event)
    return this.cachedIdentity
  }

  // The body is complete, so its length is known. A client's own Content-Length could be smaller than the body, and so pass a limit
  // on it. An empty body has a length if the event says 0, if it came in chunks, or if its method is one with which clients send a
  // length (RFC 9110 section 8.6), which some gateways drop.
  private readHeaders(): HttpHeaders {
    const headers = fromRawHeaders(this.rawHeaders)
    const length = bodyLength(this.reader.body(this.event), this.reader.isBase64(this.event))
    const said = headers['content-length'] === '0' || headers['transfer-encoding']
    const hasBody = length > 0 || said || /^P(OST|UT|ATCH)$/.test(this.method)
    delete headers['transfer-encoding']
    if (hasBody) headers['content-length'] = String(length)
    else delete headers['content-length']
    return headers
  }
}

const isFraming = (name: string): boolean => name === 'content-length' || name === 'transfer-encoding'
