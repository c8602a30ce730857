import type { IncomingMessage } from 'node:http'
import { belowBasePath, type WireRequest } from '@expressway/testing/gateway'

/** No gateway takes more than 10 MiB; a byte beyond that is enough for it to refuse the request. */
const mostBytes = 10 * 1024 * 1024 + 1

/** Reads a request off the socket; of a body that no gateway takes, only as much as shows that it is too large. */
export async function receiveRequest(message: IncomingMessage, basePath: string): Promise<WireRequest> {
  const [path, query] = splitTarget(message.url ?? '/')
  const body = await readBody(message)
  return {
    method: message.method ?? 'GET',
    path: belowBasePath(path, basePath),
    query,
    headers: toLines(message.rawHeaders),
    ...(body.length === 0 ? {} : { body }),
    sourceIp: (message.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
  }
}

/** The target as sent; of one in absolute form (RFC 9112, 3.2.2) what follows the authority. */
function splitTarget(target: string): [path: string, query: string] {
  const origin = target.replace(/^https?:\/\/[^/?]*/i, '')
  const at = origin.indexOf('?')
  const path = at < 0 ? origin : origin.slice(0, at)
  return [path === '' ? '/' : path, at < 0 ? '' : origin.slice(at + 1)]
}

function toLines(raw: string[]): [name: string, value: string][] {
  const lines: [string, string][] = []
  for (let at = 0; at < raw.length; at += 2) lines.push([raw[at]!, raw[at + 1]!])
  return lines
}

function readBody(message: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    message.on('data', (chunk: Buffer) => {
      if (size >= mostBytes) return
      chunks.push(chunk)
      size += chunk.length
      if (size >= mostBytes) resolve(Buffer.concat(chunks))
    })
    message.once('end', () => resolve(Buffer.concat(chunks)))
    message.once('error', reject)
    message.once('close', () => reject(new Error('The client went away before its request was complete.')))
  })
}
