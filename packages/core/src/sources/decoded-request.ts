import { fromRawHeaders } from '../message/headers.ts'
import type { Chunk, HttpHeaders, HttpRequest, Identity } from '../message/message.ts'
import { bodyLength, decodeBody } from './content.ts'

/** How to read one event source's events: pure functions, called when the application asks. */
export interface EventReader<Event> {
  rawHeaders(event: Event): string[]
  /** False if no header map of the event has the name, which is in lower case. Without this function any name may be there. */
  mayHave?(event: Event, name: string): boolean
  query(event: Event): string
  /** Names and values as the gateway decoded them; of a source that decodes. */
  readonly decodedQuery?: ((event: Event) => readonly string[]) | undefined
  body(event: Event): unknown
  isBase64(event: Event): boolean
  remoteAddress(event: Event, headers: HttpHeaders): string | undefined
  protocol(event: Event, headers: HttpHeaders): 'http' | 'https'
  /** The host that the gateway names, for an event whose headers name none. */
  domainName(event: Event): string | undefined
  requestId(event: Event, headers: HttpHeaders): string | undefined
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

  get decodedQuery(): readonly string[] | undefined {
    return this.reader.decodedQuery?.(this.event)
  }

  get rawHeaders(): readonly string[] {
    return (this.cachedRawHeaders ??= this.reader.rawHeaders(this.event))
  }

  get headers(): HttpHeaders {
    return (this.cachedHeaders ??= this.readHeaders())
  }

  mayHave(name: string): boolean {
    const known = this.cachedHeaders
    if (known !== undefined) return known[name] !== undefined
    // The length is that of the body, whatever fields came with it.
    return name === 'content-length' || this.reader.mayHave?.(this.event, name) !== false
  }

  get body(): Chunk | undefined {
    if (this.cachedBody === null) {
      this.cachedBody = decodeBody(this.reader.body(this.event), this.reader.isBase64(this.event))
    }
    return this.cachedBody
  }

  get remoteAddress(): string | undefined {
    return this.reader.remoteAddress(this.event, this.headers)
  }

  get protocol(): 'http' | 'https' {
    return this.reader.protocol(this.event, this.headers)
  }

  get host(): string | undefined {
    const { host } = this.headers
    return (Array.isArray(host) ? host[0] : host) || this.reader.domainName(this.event)
  }

  get requestId(): string | undefined {
    return this.reader.requestId(this.event, this.headers)
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
