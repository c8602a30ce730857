import { request as httpRequest, type IncomingMessage } from 'node:http'
import { fromFieldBytes, toFieldBytes } from '../src/wire.ts'

interface FunctionUrlEvent {
  rawPath: string
  rawQueryString: string
  headers: Record<string, string>
  cookies?: string[]
  body?: string
  isBase64Encoded: boolean
  requestContext: { http: { method: string } }
}

/**
 * A Lambda handler for function URL events that hands each request to a real server, byte for byte, as AWS's Lambda Web
 * Adapter does: the application behind it is the same, and no other library stands between. Header text is UTF-8 in the event
 * and in the result, and bytes at the server.
 */
export function createWebAdapter(origin: string) {
  return async (event: FunctionUrlEvent) => {
    const message = await exchange(origin, event)
    const chunks: Buffer[] = []
    for await (const chunk of message) chunks.push(chunk as Buffer)
    const { 'set-cookie': cookies = [], ...fields } = message.headersDistinct
    return {
      statusCode: message.statusCode,
      headers: Object.fromEntries(
        Object.entries(fields).map(([name, values]) => [name, fromFieldBytes(values!.join(', '))]),
      ),
      cookies,
      body: Buffer.concat(chunks).toString('base64'),
      isBase64Encoded: true,
    }
  }
}

function exchange(origin: string, event: FunctionUrlEvent): Promise<IncomingMessage> {
  const { rawPath, rawQueryString, headers, cookies, body, isBase64Encoded, requestContext } = event
  return new Promise((resolve, reject) => {
    const path = rawPath + (rawQueryString && `?${rawQueryString}`)
    const outgoing = httpRequest(origin, { path, method: requestContext.http.method, agent: false })
    for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, toFieldBytes(value))
    if (cookies) outgoing.setHeader('cookie', toFieldBytes(cookies.join('; ')))
    outgoing.once('response', resolve).once('error', reject)
    outgoing.end(body === undefined ? undefined : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'))
  })
}
