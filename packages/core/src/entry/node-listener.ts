import type { IncomingMessage, ServerResponse } from 'node:http'
import { release } from '../message/deadline.ts'
import type { Handle } from '../message/handle.ts'
import { encodeFields, fromRawHeaders, headerText, lastListItem } from '../message/headers.ts'
import type { HttpHeaders, HttpRequest, HttpResponse } from '../message/message.ts'
import { answerTo, isWhole, jsonError, pump } from './response.ts'

/** Options of {@link toNodeListener}. */
export interface NodeListenerOptions {
  /**
   * Whether exactly one proxy stands in front of the server. The client's address is then the last one of X-Forwarded-For,
   * and the protocol that of X-Forwarded-Proto, or https if that field is absent. Default: false. This is not Express's
   * setting `trust proxy`, which an application of the shim has for itself.
   */
  readonly trustProxy?: boolean
  /** The largest request body in bytes; a larger one is answered with 413. Default: 10 MB, the limit of API Gateway. */
  readonly bodyLimit?: number
}

/** A `request` listener of `node:http`. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void

/**
 * A handle as a Node listener: for `http.createServer`, a Lambda Web Function, or to mount it in an Express application.
 * The length, framing and connection of a response belong to the server: such fields of the handle are not sent, as on an
 * event source, except for the Content-Length of an answer to HEAD.
 * @example http.createServer(toNodeListener(app.handle)).listen(3000)
 * @throws TypeError if `handle` is not a function.
 */
export function toNodeListener(handle: Handle, options: NodeListenerOptions = {}): NodeListener {
  if (typeof handle !== 'function') {
    throw new TypeError(`toNodeListener() needs a handle, which is a function such as app.handle, not ${typeof handle}`)
  }
  const { trustProxy = false, bodyLimit = 10 * 1024 * 1024 } = options
  return (request, response) => {
    serve(handle, request, response, trustProxy, bodyLimit).catch((error) => {
      // The client sees that the answer is cut off; only the log can show why.
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
  if (body === null) return refuse(target, 413, 'Content Too Large')
  const request = toRequest(message, body, trustProxy)
  if (request === undefined) return refuse(target, 400, 'Bad Request')
  const response = await answerTo(handle, () => request, {
    source: 'node',
    event: message,
    context: { awsRequestId: request.requestId, functionName: process.env.AWS_LAMBDA_FUNCTION_NAME },
    streaming: true,
    disconnected: client.signal,
  })
  await send(target, response, client.signal)
}

/** `undefined` if the request has no body, `null` if it is too large. */
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
  // The connection closes: the rest of the request would be taken for the next one.
  target.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(text)
}

/** `undefined` if the target names no resource: `OPTIONS *`. A proxy's absolute form is accepted (RFC 9112 section 3.2.2). */
function toRequest(message: IncomingMessage, body: Buffer | undefined, trustProxy: boolean): HttpRequest | undefined {
  const { rawHeaders, socket } = message
  const url = message.url!.replace(/^https?:\/\/[^/?#]*/i, '').replace(/^(?=$|\?)/, '/')
  if (!url.startsWith('/')) return undefined
  const end = url.indexOf('?')
  const { host } = message.headers
  const received = { headers: fromRawHeaders(rawHeaders) }
  const secure = trustProxy
    ? (lastListItem(received, 'x-forwarded-proto') ?? 'https') === 'https'
    : 'encrypted' in socket
  return {
    method: message.method!,
    path: end < 0 ? url : url.slice(0, end),
    basePath: '',
    query: end < 0 ? '' : url.slice(end + 1),
    headers: withoutFraming(received.headers, body),
    rawHeaders,
    body,
    remoteAddress: (trustProxy && lastListItem(received, 'x-forwarded-for')) || socket.remoteAddress,
    protocol: secure ? 'https' : 'http',
    host,
    // Behind the proxy of a Lambda Web Function no client can set this field.
    requestId: trustProxy ? lastListItem(received, 'lambda-web-request-id') : undefined,
    identity: undefined,
  }
}

/** The body was read as a whole: its length is known, and it is no longer chunked. */
function withoutFraming(headers: HttpHeaders, body: Buffer | undefined): HttpHeaders {
  delete headers['transfer-encoding']
  if (body) headers['content-length'] = String(body.length)
  return headers
}

async function send(target: ServerResponse, response: HttpResponse, disconnected: AbortSignal): Promise<void> {
  if (response.status < 200) {
    // An interim status is no answer: the client would take the next response on the connection for this one's.
    console.error(`expressway: ${response.status} is not the status of an answer; sent 500`)
    release(response.body)
    return send(target, jsonError(500, 'Internal server error'), disconnected)
  }
  const { status, statusText, headers, body } = response
  // Node allows an array for each field, and refuses line breaks itself; encodeFields drops the fields of a connection.
  const fields: Record<string, string | string[]> = encodeFields(headers, (lines) => lines)
  const isHead = target.req.method === 'HEAD'
  if (isHead || status === 204 || status === 304) {
    release(body)
    const length = isHead ? lengthOf(response) : undefined
    target
      .writeHead(status, statusText, length === undefined ? { ...fields } : { ...fields, 'content-length': length })
      .end()
  } else if (isWhole(response)) {
    const length = response.body === undefined ? 0 : Buffer.byteLength(response.body)
    target.writeHead(status, statusText, { 'content-length': length, ...fields }).end(response.body)
  } else {
    target.writeHead(status, statusText, { ...fields })
    target.flushHeaders()
    await pump(body as AsyncIterable<string | Uint8Array>, target, disconnected).catch((error) => {
      if (!disconnected.aborted) throw error
    })
    target.end()
  }
}

/** The Content-Length for an answer to HEAD: that of the body, if it was given, otherwise what the handle says of it. */
function lengthOf(response: HttpResponse): string | undefined {
  if (response.body !== undefined && isWhole(response)) return String(Buffer.byteLength(response.body))
  const length = headerText(response.headers, 'content-length')
  return length !== undefined && /^\d+$/.test(length) ? length : undefined
}
