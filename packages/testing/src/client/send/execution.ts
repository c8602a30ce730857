import type { GatewayName, WireRequest } from '../../wire.ts'
import type { ConsoleTail } from './console-tail.ts'
import type { Exchange, Transport } from '../exchange.ts'
import { isAborted } from './failures.ts'
import { headerOf } from '../http/header-fields.ts'
import type { TracedLayer } from './layer-trace.ts'
import { isJson, isMultipart, typeOf } from '../http/media-type.ts'
import { toMessage } from '../response/message.ts'
import { readResponse } from '../response/reading.ts'
import { followRedirect, isRedirect, locationOf } from './redirects.ts'
import type { RequestSpec } from '../spec.ts'
import { Response } from '../response/response.ts'
import type { Test } from '../request/test.ts'
import { startTimeLimit, type TimeLimit } from './time-limit.ts'
import { toWireRequest } from '../request/wire-request.ts'

/** What came of a request: a response, or why there is none. */
export interface Outcome {
  error: Error | null
  response?: Response
}

/** One request underway. */
interface Attempt {
  test: Test
  transport: Transport
  gateway: GatewayName | undefined
  signal: AbortSignal
  console: ConsoleTail
  limit: TimeLimit
  started: number
  redirects: string[]
  /** Status and headers are here. */
  answered: boolean
}

/** Sends the request once, follows its redirects and reads the answer, all within its time limit. */
export async function attempt(test: Test, transport: Transport): Promise<Outcome> {
  const console: ConsoleTail = []
  const gateway = transport.kind === 'lambda' ? (test.spec.gateways[0] ?? transport.gateway) : undefined
  const waiting = { spec: test.spec, through: gateway ?? test.origin, console, defaultLimit: test.defaultLimit }
  const controller = new AbortController()
  const { signal } = controller
  const stop = (reason: Error) => controller.abort(reason)
  const limit = startTimeLimit(waiting, (reason) => {
    stop(reason)
    test.emit('abort')
  })
  test.underway = { stop, limit }
  const started = performance.now()
  const state = { test, transport, gateway, signal, console, limit, started, redirects: [], answered: false }
  const lease = leaseOf(transport, test)
  let response: Response | undefined
  try {
    response = await Promise.race([exchange(state, lease.origin), whenGivenUp(state)])
    return { error: null, response }
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error), { cause: error }) }
  } finally {
    limit.clear()
    test.underway = undefined
    // A body that is still to be read needs the server until then.
    if (response?.unread) response.res.once('close', () => void lease.end())
    else await lease.end()
  }
}

/** The target, reachable for one request until it is given back. */
interface Lease {
  origin: Promise<string>
  end(): Promise<void>
}

function leaseOf(transport: Transport, test: Test): Lease {
  const origin = (async () => {
    refuseImpossible(test, transport)
    return transport.open(test.spec)
  })()
  const end = () =>
    origin.then(
      () => transport.close(),
      () => {},
    )
  return { origin, end }
}

/** Rejects when nobody waits any more; what had arrived when the test itself aborts is still handed to callbacks. */
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
  const { test, transport } = state
  test.origin = await origin
  let exchange = await send(state, transport)
  while (isRedirect(exchange.response.status) && state.redirects.length !== test.spec.maxRedirects) {
    exchange = await follow(state, exchange)
  }
  return toResponse(state, exchange)
}

function refuseImpossible({ spec, method, url }: Test, { kind, startsCold }: Transport): void {
  const [name] = spec.lambdaOnly
  if (kind === 'lambda' && spec.cold && !startsCold) {
    throw new TypeError(
      '.cold() loads the module of the handler anew, and this target is a handler that is loaded already. Name its file: ' +
        "request(new URL('../handler.ts', import.meta.url)).",
    )
  }
  if (kind === 'lambda' && spec.http2) {
    throw new TypeError(
      `.http2() needs a server or a URL as target; ${method} ${url} goes to a Lambda handler. What the gateway says of ` +
        "the client's protocol is .gatewayOptions({ httpVersion }).",
    )
  }
  if (kind === 'lambda' || name === undefined) return
  throw new TypeError(`.${name}() needs a Lambda handler as target; ${method} ${url} goes to a real server.`)
}

async function send(state: Attempt, transport: Transport): Promise<Exchange> {
  const { test, gateway, signal, console } = state
  if (test.jar) test.spec.cookies = await test.jar.cookiesFor(test.url)
  const request = await toWireRequest(test.spec)
  test.emit('request', test)
  reportProgress(test, request)
  const answered = () => {
    state.answered = true
    state.limit.answered()
  }
  const trace: TracedLayer[] | undefined = test.spec.traced ? [] : undefined
  const options = { spec: test.spec, gateway, signal, console, trace, answered }
  const exchange = { ...(await transport.send(request, test.origin, options)), trace }
  await test.jar?.save(exchange.response, test.url)
  return exchange
}

/** As superagent does, of bytes and of forms; text and JSON go out at once. */
function reportProgress(test: Test, { body }: WireRequest): void {
  const { data, form } = test.spec
  if (!body || !(form.length > 0 || Buffer.isBuffer(data)) || test.listenerCount('progress') === 0) return
  const total = body.length
  for (let loaded = 0; loaded < total; ) {
    loaded = Math.min(loaded + 16_384, total)
    test.emit('progress', { direction: 'upload', lengthComputable: true, loaded, total })
  }
}

/** The next request of a redirect: to the same target, or by HTTP where it leads to another origin. */
async function follow(state: Attempt, from: Exchange): Promise<Exchange> {
  const { test } = state
  const target = locationOf(from, test.url)
  const sameOrigin =
    target.origin === new URL(originOf(from, test)).origin || target.origin === new URL(test.url).origin
  emitRedirect(state, 'pre-redirect', from)
  const host = test.spec.headers.get('host')
  followRedirect(test.spec, from, sameOrigin)
  if (sameOrigin && host && state.transport.kind === 'lambda') test.spec.headers.set('host', host)
  test.spec.path = target.pathname + target.search + target.hash
  if (!sameOrigin) {
    test.origin = target.origin
    const { HttpTransport } = await import('./http-transport.ts')
    state.transport = new HttpTransport(target.origin, test.spec.http2)
  }
  emitRedirect(state, 'redirect', from)
  state.redirects.push(test.url)
  return send(state, state.transport)
}

function emitRedirect({ test, redirects }: Attempt, event: 'pre-redirect' | 'redirect', from: Exchange): void {
  const response = new Response(test, from, {})
  response.redirects = redirects
  test.emit(event, response)
}

/** Where the events of the gateways name the host. */
interface EventHost {
  requestContext?: { domainName?: string }
  headers?: Record<string, string>
  multiValueHeaders?: Record<string, string[]>
}

/** The origin as the handler saw it: the event names the gateway's own host where the test named none. */
function originOf({ lambda }: Exchange, test: Test): string {
  const { requestContext, headers, multiValueHeaders } = (lambda?.event ?? {}) as EventHost
  const host = requestContext?.domainName ?? headers?.host ?? headers?.Host ?? multiValueHeaders?.host?.[0]
  return host ? `${test.url.split(':')[0]}://${host}` : test.url
}

async function toResponse(state: Attempt, exchange: Exchange): Promise<Response> {
  const { test, redirects } = state
  const reads = isRead(test.spec, exchange)
  const response = reads ? await readResponse(test, exchange, state) : unreadResponse(test, exchange)
  response.redirects = redirects
  if (reads) test.emit('end')
  test.emit('response', response)
  return response
}

/** superagent reads what it parses itself whatever `.buffer(false)` says; a pipe gets anything as it comes. */
function isRead({ method, buffer, piped, responseType, parser }: RequestSpec, { response }: Exchange): boolean {
  if (buffer || method === 'HEAD') return true
  if (piped) return false
  const type = typeOf(headerOf(response.headers, 'content-type') ?? '')
  return isJson(type) || (!parser && (responseType !== undefined || isMultipart(type)))
}

function unreadResponse(test: Test, exchange: Exchange): Response {
  const message = toMessage(exchange.response)
  const response = new Response(test, exchange, {}, message)
  response.unread = true
  if (test.spec.parser) test.spec.parser(message, () => {})
  message.once('end', () => test.emit('end'))
  return response
}
