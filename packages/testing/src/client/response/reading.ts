import type { Exchange } from '../exchange.ts'
import { headerOf, toResponseHeaders } from '../http/header-fields.ts'
import { isBinary, isJson, isMultipart, typeOf } from '../http/media-type.ts'
import { tooLarge } from '../send/failures.ts'
import type { Parser, RequestSpec } from '../spec.ts'
import { decodeContent, isCoded } from './content-coding.ts'
import { type Message, toMessage } from './message.ts'
import type { ParsedBody } from './parsers/parsed-body.ts'
import { selectParser } from './parsers/select.ts'
import { Response, type ResponseChunk, type ResponseOrigin } from './response.ts'

/** What reading needs beside the exchange. */
export interface ReadOptions {
  /** The request, as `res.request` shows it. */
  request: ResponseOrigin
  spec: RequestSpec
  /** When the request was sent, in `performance.now()`'s milliseconds: the times of chunks count from it. */
  started: number
  /** Aborts when the test no longer waits for the body. */
  signal: AbortSignal
  onChunk(chunk: ResponseChunk): void
  /** The body has ended. */
  onEnd(): void
}

/**
 * The response, its body read and parsed as superagent does, or left unread if the request says so.
 * @throws Error if the body breaks off, is larger than allowed, or cannot be parsed
 */
export async function readResponse(exchange: Exchange, options: ReadOptions): Promise<Response> {
  if (!isRead(options.spec, exchange)) return unreadResponse(exchange, options)
  const response = await readWhole(exchange, options)
  options.onEnd()
  return response
}

/** superagent reads what it parses itself whatever `.buffer(false)` says; a pipe gets anything as it comes. */
function isRead({ method, buffer, piped, responseType, parser }: RequestSpec, { response }: Exchange): boolean {
  if (buffer || method === 'HEAD') return true
  if (piped) return false
  const type = typeOf(headerOf(response.headers, 'content-type') ?? '')
  return isJson(type) || (!parser && (responseType !== undefined || isMultipart(type)))
}

function unreadResponse(exchange: Exchange, { request, spec, onEnd }: ReadOptions): Response {
  const message = toMessage(exchange.response)
  const response = new Response(request, exchange, {}, message)
  response.unread = true
  if (spec.parser) spec.parser(message, () => {})
  message.once('end', onEnd)
  return response
}

async function readWhole(exchange: Exchange, options: ReadOptions): Promise<Response> {
  const { request, spec } = options
  if (exchange.partial) return new Response(request, exchange, partialBody(exchange))
  if (spec.method === 'HEAD') return new Response(request, exchange, {})
  const { chunks, error } = await readStream(exchange, options)
  if (spec.parser) return parseMessage(exchange, options, spec.parser)
  const result = new Response(request, exchange, await parseBody(spec, exchange))
  result.chunks = chunks
  result.streamError = error
  return result
}

/** The body that had arrived when the test aborted, as text: a part cannot be parsed. */
function partialBody({ response }: Exchange): ParsedBody {
  const type = typeOf(headerOf(response.headers, 'content-type') ?? '')
  return isBinary(type) ? {} : { text: toBuffer(response.body).toString() }
}

async function parseBody(spec: RequestSpec, exchange: Exchange): Promise<ParsedBody> {
  const { status, body, headers: lines } = exchange.response
  const headers = toResponseHeaders(lines)
  const most = spec.maxResponseSize
  const bytes = isCoded(status, headers) ? decodeContent(body, headers, most) : toBuffer(body)
  if (bytes.length > most) throw tooLarge()
  const contentType = bytes.length === 0 && isBodiless(exchange) ? '' : headers['content-type']
  try {
    return await selectParser(contentType ?? '', spec.responseType)(bytes, { status, headers })
  } catch (error) {
    throw withGatewayHint(error as Error, exchange)
  }
}

/** If only the gateway calls the body JSON, the missing content type is the mistake, not the body. */
function withGatewayHint(error: Error, { lambda }: Exchange): Error {
  const result = lambda?.result as { headers?: object; multiValueHeaders?: object } | undefined
  if (typeof result !== 'object' || result === null) return error
  const names = Object.keys({ ...result.headers, ...result.multiValueHeaders })
  if (names.some((name) => name.toLowerCase() === 'content-type')) return error
  error.message += ` (the handler named no content-type, so ${lambda!.gateway} calls the body JSON)`
  return error
}

// API Gateway and function URLs add a JSON type to an answer without one, even to a 204; from a server, `res.body` is `{}`.
function isBodiless({ lambda, response }: Exchange): boolean {
  return lambda !== undefined && (response.status === 204 || response.status === 304)
}

function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)
}

/** Reads a streamed body into `response.body`, noting when each chunk came; stops early if the test disconnects. */
async function readStream(
  { response }: Exchange,
  { spec, started, signal, onChunk }: ReadOptions,
): Promise<{ chunks: ResponseChunk[]; error?: unknown }> {
  const chunks: ResponseChunk[] = []
  if (!response.stream) return { chunks }
  const { disconnectAfter: most = Number.POSITIVE_INFINITY, bytesPerSecond } = spec.stream ?? {}
  let error: unknown
  try {
    for await (const data of response.stream) {
      chunks.push({ data: toBuffer(data), at: performance.now() - started })
      onChunk(chunks.at(-1)!)
      if (chunks.length >= most) break
      if (bytesPerSecond !== undefined) await pause((data.length / bytesPerSecond) * 1000, signal)
    }
  } catch (broken) {
    if (!spec.stream) throw broken
    error = broken
  }
  response.body = Buffer.concat(chunks.map((chunk) => chunk.data))
  response.stream = undefined
  return { chunks, error }
}

/** Reading later leaves the data with the sender, which slows it down. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return process.getBuiltinModule('node:timers/promises').setTimeout(ms, undefined, { signal })
}

function parseMessage(exchange: Exchange, { request, spec }: ReadOptions, parser: Parser): Promise<Response> {
  const message: Message = toMessage(exchange.response)
  return new Promise((resolve, reject) => {
    let left = spec.maxResponseSize
    message.on('data', (chunk: Buffer | string) => {
      left -= Buffer.byteLength(chunk)
      if (left < 0) reject(tooLarge())
    })
    message.once('error', reject)
    parser(message, (error, body, files) => {
      if (error) return reject(error)
      const text = message.text as string
      const given = body === undefined ? message.body : body
      resolve(new Response(request, exchange, { body: given, text, files: files as Record<string, unknown> }, message))
    })
  })
}
