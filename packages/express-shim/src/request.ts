import type { HttpRequest, Invocation } from '@expressway/core/handle'
import { check } from './check.ts'
import {
  acceptedCharsets,
  acceptedEncodings,
  acceptedLanguages,
  acceptedTypes,
  hasBody,
  typeIs,
} from './http/accepts.ts'
import { isFresh } from './http/fresh.ts'
import { splitList } from './http/media-type.ts'
import { parseRange, type Ranges } from './http/range.ts'
import type { Trust } from './http/trust-proxy.ts'
import { Incoming, isConditional, isEncrypted, peerAddress } from './node/incoming.ts'
import type { ENTERED } from './node/message-state.ts'
import type { Reply } from './node/socket.ts'
import { showMembers } from './property.ts'
import type { QueryParser } from './settings.ts'
import type { MessageApplication, Next, Params, RoutedRequest } from './types.ts'
import { pathnameOf, queryOf } from './url/parse-url.ts'

export { takeBody } from './node/incoming.ts'

type Offer = readonly (string | readonly string[] | undefined)[]

/**
 * Express's request. Made of an event's message it behaves as Node's IncomingMessage wherever middleware touches it; as the
 * prototype of Node's own messages it adds Express's members to them.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the merged members are aliases, put on the prototype below.
export class Request extends Incoming {
  /** As Node's, which loggers and serializers ask for. */
  static override readonly name = 'IncomingMessage'
  declare app: MessageApplication
  declare res: (Reply & { get(field: string): unknown }) | undefined
  declare next: Next | undefined
  declare baseUrl: string
  declare originalUrl: string
  declare params: Params | undefined
  declare route: RoutedRequest['route']
  declare body: unknown
  declare secret: string | undefined

  constructor(message: HttpRequest, invocation: Invocation) {
    super(message, invocation)
    this.originalUrl = this.url
    this.baseUrl = ''
    this.next = undefined
    this.params = undefined
  }

  /** A field of the request; `Referer` and `Referrer` are one. */
  get(name: 'set-cookie'): string[] | undefined
  get(name: string): string | undefined
  get(name: string): string | string[] | undefined {
    check(name, 'name argument is required to req.get')
    check(typeof name === 'string', 'name must be a string to req.get')
    const key = name.toLowerCase()
    const { headers } = this
    if (key === 'referer' || key === 'referrer') return headers.referrer || headers.referer
    return headers[key]
  }

  accepts(...types: Offer): string | string[] | false {
    return acceptedTypes(this.headers.accept as string, offered(types))
  }

  acceptsEncodings(...encodings: Offer): string | string[] | false {
    return acceptedEncodings(this.headers['accept-encoding'] as string, offered(encodings))
  }

  acceptsCharsets(...charsets: Offer): string | string[] | false {
    return acceptedCharsets(this.headers['accept-charset'] as string, offered(charsets))
  }

  acceptsLanguages(...languages: Offer): string | string[] | false {
    return acceptedLanguages(this.headers['accept-language'] as string, offered(languages))
  }

  /** Which of the types the body is: null where there is no body, false where it is none of them. */
  is(...types: unknown[]): string | false | null {
    const { headers } = this
    return hasBody(headers)
      ? typeIs(headers['content-type'] as string, Array.isArray(types[0]) ? types[0] : types)
      : null
  }

  range(size: number, options?: { combine?: boolean }): Ranges | -1 | -2 | undefined {
    const field = this.get('Range')
    return field ? parseRange(size, field, options) : undefined
  }

  /** Parsed anew at each access, by the setting `query parser`: a change to it is not kept, as in Express 5. */
  get query(): Record<string, unknown> {
    const parse = this.app.settings['query parser fn'] as QueryParser | undefined
    // null where there is no `?`: so Express calls an application's own parser.
    return parse ? parse(queryOf(this.url) as string) : Object.create(null)
  }

  get path(): string {
    return pathnameOf(this.url) as string
  }

  get protocol(): string {
    const protocol = isEncrypted(this) ? 'https' : 'http'
    if (!trusts(this)) return protocol
    // As in Express, which also removes U+00A0: the field is believed only if a trusted proxy wrote it.
    return (this.get('X-Forwarded-Proto') || protocol).split(',', 1)[0]!.trim()
  }

  get secure(): boolean {
    return this.protocol === 'https'
  }

  /**
   * The client's address: that which the gateway vouches for, or with `trust proxy` the first in `X-Forwarded-For`, from the
   * right, that is not trusted. The gateway itself counts as a hop, as it does for a server behind it: it has appended the
   * address that it vouches for, so `trust proxy: 1` gives the same client, and what a client wrote to the left stays unbelieved.
   */
  get ip(): string | undefined {
    return trustedAddresses(this).at(-1)
  }

  get ips(): string[] {
    return trustedAddresses(this).slice(1).reverse() as string[]
  }

  get subdomains(): string[] {
    const { hostname } = this
    if (!hostname) return []
    const labels = IPV4.test(hostname) ? [hostname] : hostname.split('.').reverse()
    return labels.slice(this.app.get('subdomain offset') as number)
  }

  get host(): string | undefined {
    const forwarded = this.get('X-Forwarded-Host')
    if (!forwarded || !trusts(this)) return this.get('Host') || undefined
    return forwarded.includes(',') ? forwarded.split(',', 1)[0]!.trimEnd() || undefined : forwarded
  }

  get hostname(): string | undefined {
    const { host } = this
    if (!host) return undefined
    const port = host.indexOf(':', host[0] === '[' ? host.indexOf(']') + 1 : 0)
    return port < 0 ? host : host.slice(0, port)
  }

  get fresh(): boolean {
    const { method } = this
    if (method !== 'GET' && method !== 'HEAD' && method !== 'QUERY') return false
    const res = this.res!
    const status = res.statusCode
    if ((status < 200 || status > 299) && status !== 304) return false
    if (!isConditional(this)) return false
    return isFresh(this.headers, res.get('ETag'), res.get('Last-Modified'))
  }

  get stale(): boolean {
    return !this.fresh
  }

  get xhr(): boolean {
    return (this.get('X-Requested-With') || '').toLowerCase() === 'xmlhttprequest'
  }
}

export interface Request extends Pick<RoutedRequest, typeof ENTERED> {
  header: Request['get']
}

Request.prototype.header = Request.prototype.get
showMembers(Request.prototype)

// A hostname in brackets is no bare address, so only this kind is one that has no subdomains.
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

/** A list, or the arguments themselves; where the first of them is empty, nothing is offered. */
function offered(offer: Offer): readonly string[] {
  const [first] = offer
  if (!first) return []
  return (Array.isArray(first) ? first : offer) as readonly string[]
}

function trusts(req: Request): boolean {
  return (req.app.get('trust proxy fn') as Trust)(peerAddress(req), 0)
}

/** From the connection's address outwards, up to the first that is not trusted. */
function trustedAddresses(req: Request): (string | undefined)[] {
  const trust = req.app.get('trust proxy fn') as Trust
  const header = (req.headers['x-forwarded-for'] ?? '') as string
  const addresses = [peerAddress(req), ...splitList(header).filter(Boolean).reverse()]
  // The last is the client, whom nobody asks about: a predicate of the application's own sees proxies only.
  for (let hop = 0; hop < addresses.length - 1; hop++) {
    if (!trust(addresses[hop], hop)) return addresses.slice(0, hop + 1)
  }
  return addresses
}
