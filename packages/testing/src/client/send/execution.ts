import type { GatewayName } from '../../gateway.ts'
import type { WireRequest } from '../../wire.ts'
import type { CookieJar } from '../cookie-jar.ts'
import type { ConsoleTail, Exchange, TracedLayer } from '../exchange.ts'
import type { Response } from '../response/response.ts'
import type { RequestSpec } from '../spec.ts'
import { isAborted } from './failures.ts'
import { followRedirect, isRedirect, locationOf } from './redirects.ts'
import { patienceOf, startTimeLimit, type TimeLimit } from './time-limit.ts'
import type { Transport } from './transport.ts'

/** What came of a request: a response, or why there is none. */
export interface Outcome {
  error: Error | null
  response?: Response
}

/** A request that is underway. */
export interface Underway {
  readonly limit: TimeLimit
  /** Ends the waiting with this error. */
  stop(reason: Error): void
}

/** How much of an upload has gone out, as superagent's `progress` event reports it. */
export interface Progress {
  direction: 'upload'
  lengthComputable: true
  loaded: number
  total: number
}

/** What reading a response needs beside the exchange. */
export interface Reading {
  /** When the request was sent, in `performance.now()`'s milliseconds. */
  started: number
  /** Aborts when the test no longer waits for the body. */
  signal: AbortSignal
  /** The URLs that redirects led to. */
  redirects: string[]
}

/** A request to send, and the callbacks that take part in it. */
export interface Sending {
  readonly spec: RequestSpec
  readonly transport: Transport
  /** Cookies to send and to keep. */
  readonly jar: CookieJar | undefined
  /** Milliseconds; the limit of a request that sets none, 0 for no limit. */
  readonly defaultLimit: number
  /** Encodes the spec as it stands now: each redirect changes it. */
  encode(): Promise<WireRequest>
  /** Reads the answer, within the time limit. */
  read(exchange: Exchange, reading: Reading): Promise<Response>
  /** The request, or what follows it after a redirect, goes to this origin. */
  onOrigin(origin: string): void
  onRequest(): void
  onProgress(progress: Progress): void
  onRedirect(event: 'pre-redirect' | 'redirect', from: Exchange, redirects: string[]): void
  /** Gets the request as soon as it can be stopped, and `undefined` when it is over. */
  onUnderway(underway: Underway | undefined): void
  /** A time limit is over. */
  onTimeout(): void
}

interface Attempt {
  sending: Sending
  transport: Transport
  gateway: GatewayName | undefined
  origin: string
  signal: AbortSignal
  console: ConsoleTail
  limit: TimeLimit
  started: number
  redirects: string[]
  /** Whether status and headers are here. */
  answered: boolean
}

/** Sends the request once, follows its redirects and reads the answer, all within its time limit. Never rejects. */
export async function attempt(sending: Sending): Promise<Outcome> {
  const { spec, transport, defaultLimit } = sending
  const console: ConsoleTail = []
  const gateway = transport.kind === 'lambda' ? (spec.gateways[0] ?? transport.gateway) : undefined
  const origin = transport.origin(spec)
  const controller = new AbortController()
  const { signal } = controller
  const stop = (reason: Error) => controller.abort(reason)
  const limit = startTimeLimit({ spec, through: gateway ?? origin, console, defaultLimit }, (reason) => {
    stop(reason)
    sending.onTimeout()
  })
  sending.onUnderway({ stop, limit })
  const started = performance.now()
  const progress = { started, redirects: [], answered: false }
  const state: Attempt = { sending, transport, gateway, origin, signal, console, limit, ...progress }
  const lease = leaseOf(transport, spec, urlOf(state))
  let response: Response | undefined
  try {
    response = await Promise.race([exchange(state, lease.origin), whenGivenUp(state)])
    return { error: null, response }
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error), { cause: error }) }
  } finally {
    limit.clear()
    sending.onUnderway(undefined)
    // A body that is still to be read needs the server until then.
    if (response?.unread) response.res.once('close', () => void lease.end())
    else await lease.end()
  }
}

function urlOf({ origin, sending }: Attempt): string {
  return origin + sending.spec.path
}

/** The target, reachable for one request until it is given back. */
interface Lease {
  origin: Promise<string>
  end(): Promise<void>
}

function leaseOf(transport: Transport, spec: RequestSpec, url: string): Lease {
  const origin = (async () => {
    refuseImpossible(transport, spec, url)
    return transport.open(spec)
  })()
  const end = () =>
    origin.then(
      () => transport.close(),
      () => {},
    )
  return { origin, end }
}

/** Rejects when the test no longer waits; if the test itself aborts, callbacks still get what had arrived. */
function whenGivenUp(state: Attempt): Promise<never> {
  const { signal } = state
  return new Promise((_, reject) => {
    const giveUp = () => {
      if (!state.answered || !isAborted(signal.reason)) reject(signal.reason)
    }
    signal.addEventListener('abort', giveUp, { once: true })
  })
}

async function exchange(state: Attempt, origin: Promise<string>): Promise<Response> {
  const { sending, redirects, started, signal } = state
  goTo(state, await origin)
  let exchange = await send(state)
  while (isRedirect(exchange.response.status) && redirects.length !== sending.spec.maxRedirects) {
    exchange = await follow(state, exchange)
  }
  return sending.read(exchange, { started, signal, redirects })
}

function goTo(state: Attempt, origin: string): void {
  state.origin = origin
  state.sending.onOrigin(origin)
}

function refuseImpossible({ kind, startsCold }: Transport, spec: RequestSpec, url: string): void {
  const { method, lambdaOnly, cold, http2 } = spec
  const [name] = lambdaOnly
  if (kind === 'lambda' && cold && !startsCold) {
    throw new TypeError(
      '.cold() loads the module of the handler again, and this target is a handler that is loaded already. Name its ' +
        "file: request(new URL('./handler.ts', import.meta.url)).",
    )
  }
  if (kind === 'lambda' && http2) {
    throw new TypeError(
      `.http2() needs a server or a URL as target; ${method} ${url} goes to a Lambda handler. To set the client's ` +
        'protocol that the gateway reports, use .gatewayOptions({ httpVersion }).',
    )
  }
  if (kind === 'lambda' || name === undefined) return
  throw new TypeError(`.${name}() needs a Lambda handler as target; ${method} ${url} goes to a real server.`)
}

async function send(state: Attempt): Promise<Exchange> {
  const { sending, gateway, signal, console, transport, origin } = state
  const { spec, jar } = sending
  const url = urlOf(state)
  if (jar) spec.cookies = await jar.cookiesFor(url)
  const request = await sending.encode()
  sending.onRequest()
  reportProgress(sending, request)
  const answered = () => {
    state.answered = true
    state.limit.answered()
  }
  const trace: TracedLayer[] | undefined = spec.traced ? [] : undefined
  const patienceMs = patienceOf(spec, sending.defaultLimit)
  const options = { spec, gateway, signal, patienceMs, console, trace, answered }
  const exchange = { ...(await transport.send(request, origin, options)), trace }
  await jar?.save(exchange.response, urlOf(state))
  return exchange
}

/** As superagent does for bytes and forms; text and JSON go out at once. */
function reportProgress({ spec, onProgress }: Sending, { body }: WireRequest): void {
  if (!body || !(spec.form.length > 0 || Buffer.isBuffer(spec.data))) return
  const total = body.length
  for (let loaded = 0; loaded < total; ) {
    loaded = Math.min(loaded + 16_384, total)
    onProgress({ direction: 'upload', lengthComputable: true, loaded, total })
  }
}

/** The next request of a redirect: to the same target, or by HTTP if it leads to another origin. */
async function follow(state: Attempt, from: Exchange): Promise<Exchange> {
  const { sending, redirects } = state
  const { spec } = sending
  const url = urlOf(state)
  const target = locationOf(from, url)
  const sameOrigin = target.origin === new URL(originOf(from, url)).origin || target.origin === new URL(url).origin
  sending.onRedirect('pre-redirect', from, redirects)
  const host = spec.headers.get('host')
  followRedirect(spec, from, sameOrigin)
  if (sameOrigin && host && state.transport.kind === 'lambda') spec.headers.set('host', host)
  spec.path = target.pathname + target.search + target.hash
  if (!sameOrigin) {
    goTo(state, target.origin)
    const { HttpTransport } = await import('./http-transport.ts')
    state.transport = new HttpTransport(target.origin, spec.http2)
  }
  sending.onRedirect('redirect', from, redirects)
  redirects.push(urlOf(state))
  return send(state)
}

/** Where the events of the gateways name the host. */
interface EventHost {
  requestContext?: { domainName?: string }
  headers?: Record<string, string>
  multiValueHeaders?: Record<string, string[]>
}

/** The origin that the handler saw: the event names the gateway's own host if the test named none. */
function originOf({ lambda }: Exchange, url: string): string {
  const { requestContext, headers, multiValueHeaders } = (lambda?.event ?? {}) as EventHost
  const host = requestContext?.domainName ?? headers?.host ?? headers?.Host ?? multiValueHeaders?.host?.[0]
  return host ? `${url.split(':')[0]}://${host}` : url
}
