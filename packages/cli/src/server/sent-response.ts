import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http'
import type { WireResponse } from '@expressway/testing/gateway'

/** Fields of one connection (RFC 9110 7.6.1): this one is the server's own. Node refuses a Trailer without chunks. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** What became of an answer on its way to the client. */
export interface Sent {
  bytes: number
  /** Why the body ended early: the function failed while it streamed. */
  error?: unknown
}

/**
 * Writes an answer to the socket, chunk by chunk if it streams: the next is asked for when the client has room.
 * @param onChunk sees each chunk of the body as it leaves
 */
export async function sendResponse(
  target: ServerResponse,
  response: WireResponse,
  onChunk: (chunk: Uint8Array) => void = () => {},
): Promise<Sent> {
  writeHead(target, response)
  if (response.stream === undefined) {
    if (response.body.length > 0) onChunk(response.body)
    target.end(response.body)
    return { bytes: response.body.length }
  }
  return sendStream(target, response.stream, onChunk)
}

async function sendStream(
  target: ServerResponse,
  stream: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): Promise<Sent> {
  let bytes = 0
  const gone = new Promise<void>((resolve) => target.once('close', resolve))
  target.flushHeaders()
  try {
    for await (const chunk of stream) {
      if (target.destroyed) break
      bytes += chunk.length
      onChunk(chunk)
      if (!target.write(chunk)) await Promise.race([new Promise((resolve) => target.once('drain', resolve)), gone])
    }
    target.end()
    return { bytes }
  } catch (error) {
    // An answer cut off without its last chunk is the only way left to say that it is not whole.
    target.destroy()
    return { bytes, error }
  }
}

function writeHead(target: ServerResponse, response: WireResponse): void {
  const lines = response.headers
    .filter(([name]) => !hopByHop.has(name.toLowerCase()))
    .flatMap((line) => toSendable(line, response.warnings))
  const statusText = /^[\t\x20-\x7E\x80-\xFF]*$/.test(response.statusText) ? response.statusText : ''
  target.writeHead(response.status, statusText, lines.flat())
}

/** Field lines as Node takes them: what cannot stand in a header is left out. */
function toSendable([name, value]: [string, string], warnings: string[]): [string, string][] {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return [[name, value]]
  } catch {
    warnings.push(`The header ${JSON.stringify(name)} is left out: no header can be ${JSON.stringify(value)}.`)
    return []
  }
}
