import { request as clientRequest, createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { HttpRequest, HttpResponse, Invocation } from '@expressway/core/handle'
import type { Listener } from '@expressway/express-shim/listener'
import { type GatewayName, gateway, type WireRequest } from '@expressway/testing/gateway'
import { type InvokeOptions, invoke } from '@expressway/testing/invoke'

/** A request as a client writes it; the fields that a test does not care for have defaults. */
export interface Asked {
  method?: string
  path: string
  query?: string
  headers?: [name: string, value: string][]
  body?: string | Uint8Array
}

/** What a client can tell two answers apart by: nothing of the connection, nothing that gateways add. */
export interface Answer {
  status: number
  headers: string[]
  body: string
}

export const ask = ({ method = 'GET', path, query = '', headers = [], body }: Asked): WireRequest => ({
  method,
  path,
  query,
  headers: [['Host', 'shop.example'], ['Accept', '*/*'], ...headers],
  ...(body !== undefined && { body: Buffer.from(body as string) }),
})

const ofTheWay =
  /^(?:date|connection|keep-alive|content-length|transfer-encoding|trailer|x-amzn-.*|apigw-.*|x-amz-.*|server)$/

// Lines of one field are one list, but for cookies (RFC 9110 section 5.3): a gateway may send them as one.
function toAnswer(status: number, lines: [string, string][], body: Uint8Array): Answer {
  const fields = new Map<string, string>()
  const cookies: string[] = []
  for (const [name, value] of lines) {
    const field = name.toLowerCase()
    if (ofTheWay.test(field)) continue
    if (field === 'set-cookie') cookies.push(value)
    else fields.set(field, fields.has(field) ? `${fields.get(field)}, ${value}` : value)
  }
  const headers = [...fields, ...cookies.map((value) => ['set-cookie', value])].map((line) => line.join(': ')).sort()
  return { status, headers, body: Buffer.from(body).toString('latin1') }
}

/** Every gateway there is, in the mode in which all of HTTP passes it. */
export const gateways: GatewayName[] = [
  'rest-api',
  'http-api',
  'http-api-v1',
  'function-url',
  'alb',
  'alb-multi-value',
  'vpc-lattice',
  'vpc-lattice-v1',
]

type Handler = Parameters<typeof invoke>[0]

/** The answer that a client gets through a gateway from a Lambda handler. */
export async function throughGateway(handler: Handler, asked: Asked, name: GatewayName, options: InvokeOptions = {}) {
  const gatewayOptions = { binaryMediaTypes: ['*/*'], ...options.gatewayOptions }
  const { response } = await invoke(handler, ask(asked), { ...options, gateway: name, gatewayOptions })
  return toAnswer(response.status, response.headers, await wholeBody(response))
}

async function wholeBody({ body, stream }: { body: Uint8Array; stream?: AsyncIterable<Uint8Array> }) {
  return stream ? buffer(stream) : body
}

/** A request as the bridge's handle takes it, without any gateway's rules; `more` replaces members. */
export function toMessage(asked: Asked, more: Partial<HttpRequest> = {}): HttpRequest {
  const { method, path, query, headers, body } = ask(asked)
  return {
    method,
    path,
    query,
    basePath: '',
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    rawHeaders: headers.flat(),
    body,
    remoteAddress: '127.0.0.1',
    protocol: 'http',
    host: 'shop.example',
    requestId: undefined,
    identity: undefined,
    ...more,
  }
}

export const invocation = (more: Partial<Invocation> = {}): Invocation => ({
  source: 'test',
  event: {},
  context: {},
  streaming: false,
  ...more,
})

/** What a buffering source makes of a response. */
export async function toWhole(response: HttpResponse): Promise<Answer> {
  const { status, headers, body } = response
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((line): [string, string] => [name, line]),
  )
  if (typeof body === 'object' && !(body instanceof Uint8Array)) return toAnswer(status, lines, await buffer(body))
  return toAnswer(status, lines, Buffer.from((body ?? '') as string))
}

/** The event of a request, as a gateway makes it. */
export const eventOf = (asked: Asked, name: GatewayName = 'http-api', options?: InvokeOptions['gatewayOptions']) =>
  gateway(name).toEvent(ask(asked), options)

/** A listener or server on a real socket on loopback. */
export async function onLoopback(target: Listener | Server) {
  const server = typeof target === 'function' ? createServer(target) : target
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    ask: (asked: Asked) => fromLoopback(port, ask(asked)),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

async function fromLoopback(port: number, { method, path, query, headers, body }: WireRequest): Promise<Answer> {
  const target = query === '' ? path : `${path}?${query}`
  const lines = body ? [...headers, ['Content-Length', String(body.length)]] : headers
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = clientRequest({
      port,
      host: '127.0.0.1',
      method,
      path: target,
      headers: lines.flat(),
      agent: false,
    })
    request.on('response', resolve).on('error', reject).end(body)
  })
  return toAnswer(response.statusCode!, pairs(response.rawHeaders), await buffer(response))
}

const pairs = (lines: string[]): [string, string][] =>
  Array.from({ length: lines.length / 2 }, (_, i) => [lines[2 * i]!, lines[2 * i + 1]!])
