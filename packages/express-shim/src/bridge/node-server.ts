import type { Chunk, Handle, HttpHeaders, HttpRequest, HttpResponse, Invocation } from '@expressway/core/handle'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from './node-http.ts'

export interface NodeServerOptions {
  /**
   * Whether one proxy stands before the server: the client's address is then the last of X-Forwarded-For, its protocol that of
   * X-Forwarded-Proto, and https where nothing says so. Default: false; for `listen()` true on a Lambda Web Function.
   */
  readonly trustProxy?: boolean
  /** The largest request body in bytes; more is answered with 413. Default 10 MB, which API Gateway takes. */
  readonly bodyLimit?: number
}

type NodeListener = (request: IncomingMessage, response: ServerResponse) => void

export const createNodeServer = (handle: Handle, options: NodeServerOptions): Server =>
  createServer(toNodeListener(handle, options))

/**
 * A handle as a Node listener: for `http.createServer`, or to be mounted in an Express application.
 * @example http.createServer(toNodeListener(app.handle)).listen(3000)
 * @throws TypeError where it is given no handle.
 */
export function toNodeListener(handle: Handle, options: NodeServerOptions = {}): NodeListener {
  if (typeof handle !== 'function') throw new TypeError('A handle is a function, such as app.handle')
  const { trustProxy = false, bodyLimit = 10 * 1024 * 1024 } = options
  return (request, response) => {
    serve(handle, request, response, trustProxy, bodyLimit).catch((error) => {
      // Nobody else would see it. Without its end the answer is known to be cut off.
      if (!response.destroyed) console.error(error)
      response.destroy()
    })
  }
}

async function serve(
  handle: Handle,
  message: IncomingMessage,
  target: ServerResponse,
  trustProxy: boolean,
  bodyLimit: number,
): Promise<void> {
  const client = new AbortController()
  target.once('close', () => target.writableFinished || client.abort(new Error('The client has gone')))
  const body = await readBody(message, bodyLimit)
  if (body === null) return refuse(target, 413, 'Payload Too Large')
  const request = toRequest(message, body, trustProxy)
  if (request === undefined) return refuse(target, 400, 'Bad Request')
  const response = await answerTo(handle, request, {
    source: 'node',
    event: message,
    context: { awsRequestId: request.requestId, functionName: process.env.AWS_LAMBDA_FUNCTION_NAME },
    streaming: true,
    disconnected: client.signal,
  })
  await send(target, response, client.signal)
}

/** Undefined where there is none, null where it is too large. */
async function readBody(message: IncomingMessage, limit: number): Promise<Buffer | undefined | null> {
  const { 'content-length': length, 'transfer-encoding': encoding } = message.headers
  if (length === undefined && encoding === undefined) return undefined
  if (Number(length) > limit) return null
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    size += (chunk as Buffer).length
    if (size > limit) return null
    chunks.push(chunk as Buffer)
  }
  return size === 0 ? undefined : Buffer.concat(chunks, size)
}

function refuse(target: ServerResponse, status: number, text: string): void {
  // What is left of the request would be taken for the next one.
  target.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(text)
}

/** Undefined where the target names no resource: `OPTIONS *`. A proxy's absolute form is taken (RFC 9112, section 3.2.2). */
function toRequest(message: IncomingMessage, body: Buffer | undefined, trustProxy: boolean): HttpRequest | undefined {
  const { rawHeaders, socket } = message
  const url = message.url!.replace(/^https?:\/\/[^/?#]*/i, '').replace(/^(?=$|\?)/, '/')
  if (!url.startsWith('/')) return undefined
  const end = url.indexOf('?')
  const { 'x-forwarded-for': forwarded, 'x-forwarded-proto': proto = 'https', host } = message.headers
  const secure = trustProxy ? last(proto) === 'https' : 'encrypted' in socket
  return {
    method: message.method!,
    path: end < 0 ? url : url.slice(0, end),
    basePath: '',
    query: end < 0 ? '' : url.slice(end + 1),
    get headers() {
      return toHeaders(rawHeaders, body)
    },
    rawHeaders,
    body,
    remoteAddress: (trustProxy && last(forwarded)) || socket.remoteAddress,
    protocol: secure ? 'https' : 'http',
    host,
    // Lambda takes such a header from no client.
    requestId: trustProxy ? last(message.headers['lambda-web-request-id']) : undefined,
    identity: undefined,
  }
}

const last = (value: string | string[] | undefined): string | undefined => value?.toString().split(',').at(-1)?.trim()

function toHeaders(raw: readonly string[], body: Buffer | undefined): HttpHeaders {
  const headers: HttpHeaders = Object.create(null)
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase()
    const before = headers[name]
    headers[name] = before === undefined ? raw[i + 1]! : [before, raw[i + 1]!].flat()
  }
  // The body is whole: its length is known, and it has no framing any more.
  delete headers['transfer-encoding']
  if (body) headers['content-length'] = String(body.length)
  return headers
}

async function answerTo(handle: Handle, request: HttpRequest, invocation: Invocation): Promise<HttpResponse> {
  try {
    return await handle(request, invocation)
  } catch (error) {
    console.error(error)
    const body = '{"statusCode":500,"message":"Internal server error"}'
    return { status: 500, headers: { 'content-type': 'application/json' }, body }
  }
}

const isWhole = (body: HttpResponse['body']): body is Chunk | undefined =>
  body === undefined || typeof body === 'string' || body instanceof Uint8Array

async function send(target: ServerResponse, response: HttpResponse, gone: AbortSignal): Promise<void> {
  const { status, statusText, headers, body } = response
  if (isWhole(body)) {
    // A HEAD without a body tells nothing of the length that a GET would have.
    const isUnknown =
      status < 200 || status === 204 || status === 304 || (body === undefined && target.req.method === 'HEAD')
    const length = String(body === undefined ? 0 : Buffer.byteLength(body))
    const fields = isUnknown ? headers : { 'content-length': length, ...headers }
    target.writeHead(status, statusText, { ...fields }).end(body)
    return
  }
  target.writeHead(status, statusText, { ...headers })
  target.flushHeaders()
  await pump(body[Symbol.asyncIterator](), target, gone)
}

/** Reads no faster than the client takes, and ends the source where the client goes. */
async function pump(chunks: AsyncIterator<Chunk>, target: ServerResponse, gone: AbortSignal): Promise<void> {
  const stop = () => void Promise.resolve(chunks.return?.()).catch(() => {})
  gone.addEventListener('abort', stop, { once: true })
  if (gone.aborted) return stop()
  for (;;) {
    const { done, value } = await chunks.next()
    if (gone.aborted) return
    if (done) return void target.end()
    if (!target.write(value)) await drained(target)
  }
}

const drained = (target: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      target.off('drain', done).off('close', done)
      resolve()
    }
    target.on('drain', done).on('close', done)
  })
