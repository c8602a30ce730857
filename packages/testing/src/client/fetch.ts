import type { ReadableByteStreamController, UnderlyingByteSource } from 'node:stream/web'
import type { ContextOptions } from '../context.ts'
import { type GatewayAlias, type GatewayOptions, gateway, toGatewayName } from '../gateway.ts'
import { invoke } from '../invoke.ts'
import { invocationSettings } from '../process/settings.ts'
import type { LambdaHandler } from '../runtime.ts'
import { belowBasePath, type WireRequest, type WireResponse } from '../wire.ts'

/** The gateway that {@link fetchOf} sends requests through. */
export interface FetchOptions {
  /** Default `http-api`. */
  gateway?: GatewayAlias
  /** What belongs to the gateway: stage, CORS and so on. URLs have the stage in front of the path, as at AWS. */
  gatewayOptions?: GatewayOptions
  /** The Lambda context; `remainingMs` is 30 seconds by default. */
  context?: ContextOptions
}

/** The Fetch standard's limit (https://fetch.spec.whatwg.org/#http-redirect-fetch). */
const mostRedirects = 20

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Statuses of answers that have no body in the Fetch standard. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304])

/** Fields of one connection (RFC 9110, section 7.6.1), which no server passes on. */
const hopByHop: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
])

/**
 * A `fetch` whose requests go through a gateway and the Lambda runtime to a handler in this process, so that any client library
 * for HTTP can use it. It answers as Node's `fetch` does: redirects are followed to the same origin, content encodings are
 * undone, and streams arrive in chunks. The host of a URL does not matter; a redirect to another origin goes over the network.
 * @throws TypeError if the target is no Lambda handler, or no gateway has that name
 * @example const client = createClient<paths>({ baseUrl: 'https://api.example.com', fetch: fetchOf(handler, { gateway: 'alb' }) })
 */
export function fetchOf(
  target: LambdaHandler | { handler: LambdaHandler },
  options: FetchOptions = {},
): typeof globalThis.fetch {
  const handler = handlerOf(target)
  const name = toGatewayName(options.gateway ?? 'http-api')
  const send = async (request: WireRequest, url: URL, signal: AbortSignal): Promise<WireResponse> => {
    const { gatewayOptions, context } = options
    const settings = invocationSettings(handler, { gateway: name, gatewayOptions, context })
    const path = belowBasePath(url.pathname, gateway(name).basePath(gatewayOptions))
    const { response } = await invoke(
      handler,
      { ...request, path, query: url.search.slice(1) },
      { ...settings, signal },
    )
    return response
  }
  return async (input, init) => follow(new Request(input as never, init), send)
}

function handlerOf(target: LambdaHandler | { handler: LambdaHandler }): LambdaHandler {
  const handler = (target as { handler?: LambdaHandler } | null)?.handler ?? target
  if (typeof handler === 'function') return handler
  throw new TypeError(
    `fetchOf() takes a Lambda handler or an object with one as \`handler\`, not ${target === null ? 'null' : typeof target}`,
  )
}

type Send = (request: WireRequest, url: URL, signal: AbortSignal) => Promise<WireResponse>

/** Sends a request and follows redirects by the rules of the Fetch standard. */
async function follow(request: Request, send: Send): Promise<Response> {
  const { signal, redirect } = request
  signal.throwIfAborted()
  let url = httpUrl(request.url, 'unknown scheme')
  let wire = await toWireRequest(request, url)
  for (let count = 0; ; count++) {
    const answer = await send(wire, url, signal)
    const location = redirects.has(answer.status) ? lineOf(answer.headers, 'location') : undefined
    if (location === undefined || redirect === 'manual') return toResponse(answer, wire.method, url, count > 0, signal)
    if (redirect === 'error') throw failed('unexpected redirect')
    if (count === mostRedirects) throw failed('redirect count exceeded')
    const target = httpUrl(new URL(location, url).href, 'URL scheme must be a HTTP(S) scheme')
    wire = redirected(wire, answer.status)
    if (target.origin !== url.origin) return fetchElsewhere(wire, target, signal)
    url = target
  }
}

function httpUrl(text: string, refusal: string): URL {
  const url = new URL(text)
  if (url.protocol === 'http:' || url.protocol === 'https:') return url
  throw failed(refusal)
}

/** The errors of Node's `fetch`. */
const failed = (reason: string): TypeError => new TypeError('fetch failed', { cause: new Error(reason) })

/** The request as Node's `fetch` puts it on the wire, but for the connection's own fields. */
async function toWireRequest(request: Request, url: URL): Promise<WireRequest> {
  const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer())
  const { headers, method } = request
  const lines: [string, string][] = [['host', url.host], ...headers]
  const defaults: [string, string][] = [
    ['accept', '*/*'],
    ['accept-language', '*'],
    ['sec-fetch-mode', 'cors'],
    ['user-agent', 'node'],
    ['accept-encoding', url.protocol === 'https:' ? 'br, gzip, deflate' : 'gzip, deflate'],
  ]
  for (const line of defaults) if (!headers.has(line[0])) lines.push(line)
  // A request of these methods says that it has no body.
  if (body !== undefined || method === 'POST' || method === 'PUT')
    lines.push(['content-length', String(body?.length ?? 0)])
  return { method, path: url.pathname, query: '', headers: lines, ...(body !== undefined && { body }) }
}

/** What follows a redirect: a GET without body, unless method and body stay. */
function redirected(wire: WireRequest, status: number): WireRequest {
  const { method } = wire
  const becomesGet = status === 303 ? method !== 'GET' && method !== 'HEAD' : status < 303 && method === 'POST'
  if (!becomesGet) return wire
  const { body: _, ...rest } = wire
  return { ...rest, method: 'GET', headers: wire.headers.filter(([name]) => !name.startsWith('content-')) }
}

/** What goes to another origin takes no credentials with it. */
async function fetchElsewhere(
  { method, headers, body }: WireRequest,
  url: URL,
  signal: AbortSignal,
): Promise<Response> {
  const kept = headers.filter(([name]) => !['host', 'authorization', 'cookie', 'content-length'].includes(name))
  const sent = body as Uint8Array<ArrayBuffer> | undefined
  const response = await globalThis.fetch(url, { method, headers: kept, body: sent, signal })
  return described(response, response.url, true)
}

const lineOf = (lines: readonly (readonly [string, string])[], name: string): string | undefined =>
  lines.find(([field]) => field.toLowerCase() === name)?.[1]

function toResponse(
  answer: WireResponse,
  method: string,
  url: URL,
  isRedirected: boolean,
  signal: AbortSignal,
): Response {
  const { status, statusText } = answer
  const headers = new Headers()
  for (const [name, value] of answer.headers) {
    if (!hopByHop.has(name.toLowerCase())) append(headers, name, value)
  }
  const hasBody = method !== 'HEAD' && !bodiless.has(status)
  const body = hasBody ? bodyOf(answer, headers.get('content-encoding'), signal) : null
  const href = url.href.replace(/#.*$/s, '')
  return described(new Response(body, { status, statusText, headers }), href, isRedirected)
}

/** Bytes beyond ASCII go out as UTF-8, and what cannot stand in a header is left out, as by the local server. */
function append(headers: Headers, name: string, value: string): void {
  try {
    headers.append(name, /^[\x00-\x7F]*$/.test(value) ? value : Buffer.from(value).toString('latin1'))
  } catch {
    // The gateway has warned of it.
  }
}

/** What the constructor of a response cannot set. */
function described(response: Response, url: string, isRedirected: boolean): Response {
  const clone = response.clone.bind(response)
  return Object.defineProperties(response, {
    url: { value: url },
    redirected: { value: isRedirected },
    type: { value: 'basic' },
    clone: { value: () => described(clone(), url, isRedirected) },
  })
}

/** The chunks of an answer; the first is asked for at once, as what a client leaves has to be underway. */
function bodyOf(answer: WireResponse, encoding: string | null, signal: AbortSignal): ReadableStream<Uint8Array> {
  const iterator = decoded(answer.stream ?? [answer.body], encoding)
  let upcoming = iterator.next()
  upcoming.catch(() => {}) // It is thrown again where the chunk is read.
  const source: UnderlyingByteSource = {
    type: 'bytes',
    start(controller) {
      const stop = () => {
        controller.error(signal.reason)
        void iterator.return(undefined)
      }
      signal.addEventListener('abort', stop, { once: true })
    },
    async pull(controller) {
      try {
        let next = await upcoming
        while (!next.done && next.value.length === 0) next = await iterator.next()
        if (signal.aborted) return
        if (next.done) return close(controller)
        // A copy: the reader takes the buffer away.
        controller.enqueue(new Uint8Array(next.value))
        upcoming = iterator.next()
        upcoming.catch(() => {})
      } catch (cause) {
        if (!signal.aborted) controller.error(new TypeError('terminated', { cause }))
      }
    },
    async cancel() {
      await iterator.return(undefined)
    },
  }
  return new ReadableStream(source)
}

/** A reader that waits with a buffer of its own gets it back empty. */
function close(controller: ReadableByteStreamController): void {
  controller.close()
  ;(controller.byobRequest as { respond(bytes: number): void } | null | undefined)?.respond(0)
}

type Zlib = typeof import('node:zlib')

/** What undoes an encoding; one that is not here stays, as in Node's `fetch`. */
const decoders: Readonly<Record<string, (zlib: Zlib) => NodeJS.ReadWriteStream>> = {
  gzip: (zlib) => zlib.createGunzip(),
  'x-gzip': (zlib) => zlib.createGunzip(),
  deflate: (zlib) => zlib.createInflate(),
  br: (zlib) => zlib.createBrotliDecompress(),
}

/** The body with its encodings undone, the last first (RFC 9110, section 8.4). */
async function* decoded(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  encoding: string | null,
): AsyncGenerator<Uint8Array> {
  const names = encoding === null ? [] : encoding.split(',').map((name) => name.trim().toLowerCase())
  const found = names.map((name) => decoders[name]).reverse()
  if (found.length === 0 || found.includes(undefined)) return yield* chunks
  const { Readable, pipeline } = process.getBuiltinModule('node:stream')
  const zlib = process.getBuiltinModule('node:zlib')
  // Errors reach the reader of the last stream.
  const streams = [Readable.from(chunks), ...found.map((decoder) => decoder!(zlib))]
  yield* pipeline(streams, () => {}) as unknown as AsyncIterable<Uint8Array>
}
