import { EventEmitter } from 'node:events'
import type { ContextOptions } from '../../context.ts'
import type { ClientCertificate, IamIdentity } from '../../events/identity.ts'
import { type GatewayAlias, type GatewayOptions, gatewayNames, toGatewayName } from '../../gateway.ts'
import type { HeaderValue } from '../http/header-fields.ts'
import { toMediaType } from '../http/media-type.ts'
import type { Response } from '../response/response.ts'
import type { Parser, RequestSpec } from '../spec.ts'

/** What `.auth()` takes beside a user and a password. */
export interface AuthOptions {
  type: 'basic' | 'bearer' | 'auto'
}

/** PEM or PKCS #12 data, or a list of it. */
export type TlsFile = string | Buffer | readonly (string | Buffer)[]

/**
 * The settings of one request, or of all requests of an agent. Each method returns the object itself. The settings of
 * the gateway have no effect if the target is a real server.
 */
export class Settings extends EventEmitter {
  /** @internal */
  readonly spec: RequestSpec

  constructor(spec: RequestSpec) {
    super()
    this.spec = spec
  }

  /** Sets a header field, or several from an object. The last value of a name counts. */
  set(field: Readonly<Record<string, HeaderValue>>): this
  set(field: string, value: HeaderValue): this
  set(field: string | Readonly<Record<string, HeaderValue>>, value?: HeaderValue): this {
    if (typeof field === 'object') {
      for (const [name, one] of Object.entries(field)) this.set(name, one)
      return this
    }
    const name = field.toLowerCase()
    this.spec.headers.delete(name)
    this.spec.headers.set(name, { name: field, value: value as HeaderValue })
    this.spec.unset.delete(name)
    return this
  }

  /** Takes a header field away, also one that is sent by default such as `Accept-Encoding`. */
  unset(field: string): this {
    this.spec.headers.delete(field.toLowerCase())
    this.spec.unset.add(field.toLowerCase())
    return this
  }

  /** Adds query parameters: text as it is, an object encoded. Texts come before objects, in the order given. */
  query(value: object | string): this {
    if (typeof value === 'string') this.spec.queryTexts.push(value)
    else Object.assign(this.spec.queryParams, value)
    return this
  }

  /** Sorts the query parameters, by name or by a function. */
  sortQuery(sort: boolean | ((a: string, b: string) => number) = true): this {
    this.spec.sortQuery = sort
    return this
  }

  /** Sets `Content-Type`: `json`, `form`, `png`, or a whole media type. */
  type(type: string): this {
    return this.set('Content-Type', toMediaType(type))
  }

  /** Sets `Accept`: `json`, `html`, or a whole media type. */
  accept(type: string): this {
    return this.set('Accept', toMediaType(type))
  }

  /** Sets `Authorization`: a user and password, `user:password`, or a token with `{ type: 'bearer' }`. */
  auth(user: string, options?: AuthOptions): this
  auth(user: string, password: string, options?: AuthOptions): this
  auth(user: string, second?: string | AuthOptions, third?: AuthOptions): this {
    const password = typeof second === 'object' ? '' : String(second ?? '')
    const { type } = (typeof second === 'object' ? second : third) ?? { type: 'basic' }
    if (type === 'bearer') return this.set('Authorization', `Bearer ${user}`)
    if (type === 'auto') this.spec.credentials = { user, password }
    // An unknown type sets nothing, as in superagent.
    if (type === 'basic') this.set('Authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`)
    return this
  }

  /** Sets `Authorization: Bearer …`. */
  bearer(token: string): this {
    return this.set('Authorization', `Bearer ${token}`)
  }

  /** Turns the data of `.send()` into text or bytes in your own way. */
  // biome-ignore lint/suspicious/noExplicitAny: what was sent is the caller's own type
  serialize(serializer: (data: any) => unknown): this {
    this.spec.serializer = serializer
    return this
  }

  /** Reads the response in your own way: superagent's `(res, callback)` over the message's events. */
  parse(parser: Parser): this {
    this.spec.parser = parser
    return this
  }

  /** Any value reads the response as a Buffer. */
  responseType(type: string): this {
    this.spec.responseType = type
    return this
  }

  /** `false` leaves a body unread that is no JSON: take it from the response's `data` events or `.pipe()`. */
  buffer(value = true): this {
    this.spec.buffer = value !== false
    return this
  }

  /**
   * The most bytes, after decompression, that a response may have. Default 200 MB.
   *
   * @throws TypeError if `bytes` is no number
   */
  maxResponseSize(bytes: number): this {
    if (typeof bytes !== 'number') throw new TypeError('Invalid argument')
    this.spec.maxResponseSize = bytes || 200_000_000
    return this
  }

  /** How many redirects to follow: default 0, -1 for any number. */
  redirects(count: number): this {
    this.spec.maxRedirects = count
    return this
  }

  /** Limits in milliseconds: for the first byte (`response`) and for the whole (`deadline`, or a number). 0 is no limit. */
  timeout(limits?: number | false | { deadline?: number; response?: number; upload?: number }): this {
    if (typeof limits === 'object') Object.assign(this.spec.timeouts, knownLimits(limits))
    else this.spec.timeouts = { deadline: limits ?? false, response: false }
    return this
  }

  /** Tries again after a network error, a time-out or a status that asks for it (408, 413, 429, 500, 502, 503, 504). */
  retry(count: number | true = 1, callback?: RequestSpec['retryCallback']): this {
    this.spec.retries = count === true ? 1 : Math.max(count, 0)
    this.spec.retryCallback = callback
    return this
  }

  /**
   * Decides which responses count as good, for `retry` and the `error` event.
   *
   * @throws Error without a function
   */
  ok(callback: (response: Response) => boolean): this {
    if (typeof callback !== 'function') throw new Error('Callback required')
    this.spec.ok = callback
    return this
  }

  /** The certificate authorities to trust over HTTPS. */
  ca(certificates: TlsFile): this {
    return this.#tls({ ca: certificates })
  }

  /** The client's private key over HTTPS. */
  key(key: TlsFile): this {
    return this.#tls({ key })
  }

  /** The client's certificate over HTTPS. */
  cert(certificate: TlsFile): this {
    return this.#tls({ cert: certificate })
  }

  /** The client's key and certificate over HTTPS in one file, with its passphrase if it has one. */
  pfx(file: TlsFile | { pfx: TlsFile; passphrase: string }): this {
    return this.#tls(typeof file === 'object' && 'pfx' in file ? file : { pfx: file })
  }

  /** Takes any certificate of the server over HTTPS. */
  disableTLSCerts(): this {
    return this.#tls({ rejectUnauthorized: false })
  }

  /** Applies a plugin: a function that is called with this request. */
  use(plugin: (request: this) => void): this {
    plugin(this)
    return this
  }

  /** Aborts with the signal. */
  signal(signal: AbortSignal): this {
    this.spec.signal = signal
    return this
  }

  /** Exists for the sake of code shared with browsers; has no effect in Node. */
  withCredentials(_on?: boolean): this {
    return this
  }

  /**
   * Sends the request through one gateway: `rest`, `http`, `url`, `alb`, `alb-multi`, `lattice`, or a full name.
   *
   * @throws TypeError if no gateway has that name
   */
  via(gateway: GatewayAlias): this {
    this.spec.gateways = [toGatewayName(gateway)]
    return this
  }

  /**
   * Sends the same request through every gateway, or through those that are named, and fails if the answers differ.
   * The response is that of the first; `res.all` has each.
   *
   * @throws TypeError if a name is unknown, or the list is empty
   * @example await request(handler).get('/me').viaAll(['rest', 'alb']).expect(200)
   */
  viaAll(gateways: readonly GatewayAlias[] = gatewayNames, options: { ignoreHeaders?: readonly string[] } = {}): this {
    this.spec.gateways = gateways.map(toGatewayName)
    this.spec.ignoredHeaders = (options.ignoreHeaders ?? []).map((name) => name.toLowerCase())
    if (gateways.length === 0) throw new TypeError('.viaAll([]) names no gateway; leave the list out for all of them.')
    return this
  }

  /** The deployment stage: `prod`, `$default`. */
  stage(stage: string): this {
    return this.#option({ stage })
  }

  /** The custom domain's mapping, such as `/v1`. */
  basePath(basePath: string): this {
    return this.#option({ basePath })
  }

  /** The domain that the client asked for. */
  domain(domainName: string): this {
    return this.#option({ domainName })
  }

  /** The stage variables. */
  stageVariables(stageVariables: Record<string, string>): this {
    return this.#option({ stageVariables })
  }

  /** The gateway's own path parameters. */
  pathParameters(pathParameters: Record<string, string>): this {
    return this.#option({ pathParameters })
  }

  /** The gateway's resource or route: `/users/{id}`, `/{proxy+}`. */
  resource(resource: string): this {
    return this.#option({ resource })
  }

  /** Media types that a REST API hands on as base64. */
  binaryMediaTypes(binaryMediaTypes: readonly string[]): this {
    return this.#option({ binaryMediaTypes })
  }

  /** The client's address. */
  sourceIp(sourceIp: string): this {
    return this.#option({ sourceIp })
  }

  /** Any other option of the gateway or its events. */
  gatewayOptions(options: GatewayOptions): this {
    return this.#option(options)
  }

  /** Members of the Lambda context: `remainingMs`, `functionName`, `requestId`, `tenantId` and the like. */
  context(context: ContextOptions): this {
    this.spec.gateway.context = { ...this.spec.gateway.context, ...context }
    return this
  }

  /**
   * Runs the handler in a new process, which loads the module for this request as a cold start does. The target has to
   * be the URL of the module.
   *
   * @throws TypeError when the request is sent, if the target is not a module
   *
   * @example await request(new URL('../handler.ts', import.meta.url)).get('/').cold().expect(200)
   */
  cold(): this {
    this.spec.cold = true
    return this.#lambdaOnly('cold')
  }

  /** Records the layers of an Express application (5.3 or later, or the shim) that the request enters, in `res.trace`. */
  traceLayers(): this {
    this.spec.traced = true
    return this
  }

  /** Claims of a verified token, in the member of the event that each gateway's authorizer fills. */
  claims(claims: Record<string, unknown>): this {
    return this.#identity('claims', { claims })
  }

  /** A JWT authorizer's claims and scopes. */
  jwt(claims: Record<string, unknown>, scopes?: readonly string[]): this {
    return this.#identity('jwt', { jwt: { claims, scopes } })
  }

  /** A Cognito authorizer's claims. */
  cognito(claims: Record<string, unknown>): this {
    return this.#identity('cognito', { cognito: claims })
  }

  /** Who signed the request, for a gateway that uses IAM. */
  iam(iam: IamIdentity): this {
    return this.#identity('iam', { iam })
  }

  /** A Lambda authorizer's context. */
  lambdaAuthorizer(context: Record<string, unknown>): this {
    return this.#identity('lambdaAuthorizer', { lambdaAuthorizer: context })
  }

  /** The client's certificate, for a gateway that asks for one. */
  mtls(certificate: ClientCertificate = {}): this {
    return this.#identity('mtls', { clientCertificate: certificate })
  }

  /** The API key: `x-api-key` for any target, and its id for the gateway. */
  apiKey(apiKey: string, apiKeyId?: string): this {
    return this.set('x-api-key', apiKey).#option({ apiKey, apiKeyId })
  }

  /** Changes the event before the handler gets it; may return a new one. */
  // biome-ignore lint/suspicious/noExplicitAny: the event's type is that of the gateway the caller chose
  event(change: (event: any) => unknown): this {
    this.spec.gateway.event = change
    return this.#lambdaOnly('event')
  }

  /** Gives the handler this event, whatever the request says. */
  rawEvent(event: unknown): this {
    this.spec.gateway.rawEvent = event
    return this.#lambdaOnly('rawEvent')
  }

  #option(options: GatewayOptions): this {
    this.spec.gateway.options = { ...this.spec.gateway.options, ...options }
    return this
  }

  #identity(name: string, options: GatewayOptions): this {
    return this.#option(options).#lambdaOnly(name)
  }

  #lambdaOnly(name: string): this {
    this.spec.lambdaOnly.push(name)
    return this
  }

  #tls(options: Record<string, unknown>): this {
    Object.assign(this.spec.tls, options)
    return this
  }
}

function knownLimits(limits: Record<string, unknown>): Record<string, unknown> {
  for (const name of Object.keys(limits)) {
    if (!['deadline', 'response', 'upload'].includes(name)) console.warn('Unknown timeout option', name)
  }
  return limits
}

/** Gives `to` the listeners of `from`; a listener that is called once is called once for each of them. */
export function copyListeners(from: EventEmitter, to: EventEmitter): void {
  for (const event of from.eventNames()) {
    for (const heard of from.rawListeners(event) as (((...args: unknown[]) => void) & { listener?: () => void })[]) {
      if (heard.listener) to.once(event, heard.listener)
      else to.on(event, heard)
    }
  }
}
