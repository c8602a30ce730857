import { compress, negotiateEncoding } from '../finish/compression.ts'
import { addVary, markEncoded, mayEncode } from '../message/content-coding.ts'
import { fieldText } from '../message/headers.ts'
import { createHeaders, type HttpRequest } from '../message/message.ts'
import type { BufferedResponse, Source } from '../message/source.ts'

/**
 * The response as a result that the gateway takes: as it is, or compressed if it is too large and the client accepts that.
 * `undefined` if it is too large all the same; the log then says so.
 */
export function fitResult(source: Source, response: BufferedResponse, request: HttpRequest, event: unknown): unknown {
  const result = source.encode(response, event)
  const limit = source.resultLimit
  // JSON writes at most six bytes for a character (\u0000), and 64 KiB are more than any gateway takes of headers.
  if ((response.body?.length ?? 0) * 6 + 65_536 < limit) return result
  const size = sizeOf(result)
  if (size <= limit) return result
  const packed = pack(response, fieldText(request, 'accept-encoding'))
  const smaller = packed && source.encode(packed, event)
  if (smaller !== undefined && sizeOf(smaller) <= limit) return smaller
  console.error(
    `expressway: ${request.method} ${request.path} answered ${size} bytes as a result, and ${source.name} takes ` +
      `${limit}. Stream the answer by app.streamHandler, behind a function URL or a REST API, or redirect to a file in S3.`,
  )
  return undefined
}

const sizeOf = (result: unknown): number => Buffer.byteLength(JSON.stringify(result))

function pack(response: BufferedResponse, accept: string | undefined): BufferedResponse | undefined {
  const { status, headers, body } = response
  const encoding = negotiateEncoding(accept, ['br', 'gzip'])
  if (body === undefined || encoding === undefined || !mayEncode(status, headers)) return undefined
  const packed = Object.assign(createHeaders(), headers)
  addVary(packed, 'Accept-Encoding')
  markEncoded(packed, encoding)
  return { ...response, headers: packed, body: compress(body, encoding) }
}
