import { type ParsedBody, selectParser } from './parsers/select.ts'
import { decodeContent, isCoded } from './content-coding.ts'
import type { Exchange } from '../exchange.ts'
import { tooLarge } from '../send/failures.ts'
import { headerOf, toResponseHeaders } from '../http/header-fields.ts'
import { isBinary, typeOf } from '../http/media-type.ts'
import { type Message, toMessage } from './message.ts'
import { Response, type ResponseChunk } from './response.ts'
import type { Test } from '../request/test.ts'

/** When the request was sent, for the times of its chunks; and until when anybody waits. */
interface Reading {
  started: number
  signal: AbortSignal
}

/** Reads and parses the body as superagent does. */
export async function readResponse(test: Test, exchange: Exchange, reading: Reading): Promise<Response> {
  if (exchange.partial) return new Response(test, exchange, partialBody(exchange))
  if (test.method === 'HEAD') return new Response(test, exchange, {})
  const { chunks, error } = await readStream(test, exchange, reading)
  if (test.spec.parser) return parseMessage(test, exchange, test.spec.parser)
  const result = new Response(test, exchange, await parseBody(test, exchange))
  result.chunks = chunks
  result.streamError = error
  return result
}

/** What had come of a body when the test aborted: its text, as nothing whole can be parsed. */
function partialBody({ response }: Exchange): ParsedBody {
  const type = typeOf(headerOf(response.headers, 'content-type') ?? '')
  return isBinary(type) ? {} : { text: toBuffer(response.body).toString() }
}

async function parseBody({ spec }: Test, exchange: Exchange): Promise<ParsedBody> {
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

/** A body that is no JSON may be called so by the gateway only: then the type is what is wrong. */
function withGatewayHint(error: Error, { lambda }: Exchange): Error {
  const result = lambda?.result as { headers?: object; multiValueHeaders?: object } | undefined
  if (typeof result !== 'object' || result === null) return error
  const names = Object.keys({ ...result.headers, ...result.multiValueHeaders })
  if (names.some((name) => name.toLowerCase() === 'content-type')) return error
  error.message += ` (the handler named no content-type, so ${lambda!.gateway} calls the body JSON)`
  return error
}

// API Gateway and function URLs call an answer without a type JSON, a 204 too; the client of a server would see `{}`.
function isBodiless({ lambda, response }: Exchange): boolean {
  return lambda !== undefined && (response.status === 204 || response.status === 304)
}

function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)
}

/** Reads a streamed body into `response.body`, noting when each chunk came; stops early if the test disconnects. */
async function readStream(
  test: Test,
  { response }: Exchange,
  { started, signal }: Reading,
): Promise<{ chunks: ResponseChunk[]; error?: unknown }> {
  const chunks: ResponseChunk[] = []
  if (!response.stream) return { chunks }
  const { disconnectAfter: most = Number.POSITIVE_INFINITY, bytesPerSecond } = test.spec.stream ?? {}
  let error: unknown
  try {
    for await (const data of response.stream) {
      chunks.push({ data: toBuffer(data), at: performance.now() - started })
      test.emit('chunk', chunks.at(-1))
      if (chunks.length >= most) break
      if (bytesPerSecond !== undefined) await pause((data.length / bytesPerSecond) * 1000, signal)
    }
  } catch (broken) {
    if (!test.spec.stream) throw broken
    error = broken
  }
  response.body = Buffer.concat(chunks.map((chunk) => chunk.data))
  response.stream = undefined
  return { chunks, error }
}

/** What is not read yet stays where it is: that is what slows the sender down. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return process.getBuiltinModule('node:timers/promises').setTimeout(ms, undefined, { signal })
}

function parseMessage(test: Test, exchange: Exchange, parser: NonNullable<Test['spec']['parser']>): Promise<Response> {
  const message: Message = toMessage(exchange.response)
  return new Promise((resolve, reject) => {
    let left = test.spec.maxResponseSize
    message.on('data', (chunk: Buffer | string) => {
      left -= Buffer.byteLength(chunk)
      if (left < 0) reject(tooLarge())
    })
    message.once('error', reject)
    parser(message, (error, body, files) => {
      if (error) return reject(error)
      const text = message.text as string
      const given = body === undefined ? message.body : body
      resolve(new Response(test, exchange, { body: given, text, files: files as Record<string, unknown> }, message))
    })
  })
}
