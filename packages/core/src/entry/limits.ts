import { compress, negotiateEncoding } from '../finish/compression.ts'
import { headerText } from '../message/headers.ts'
import { createHeaders, type HttpHeaders, type HttpRequest } from '../message/message.ts'
import type { BufferedResponse, Source } from '../message/source.ts'
import { isEncoded } from '../sources/content.ts'

/**
 * The response as a result that the gateway takes: as it is, or compressed where that is needed and the client takes it.
 * `undefined` where it stays too large, which was logged then.
 */
export function fitResult(source: Source, response: BufferedResponse, request: HttpRequest, event: unknown): unknown {
  const result = source.encode(response, event)
  const limit = source.resultLimit
  // JSON writes six bytes for a character at worst, and a gateway takes far fewer headers than the rest has room for.
  if ((response.body?.length ?? 0) * 6 + 65_536 < limit) return result
  const size = sizeOf(result)
  if (size <= limit) return result
  const packed = pack(response, headerText(request.headers, 'accept-encoding'))
  const smaller = packed && source.encode(packed, event)
  if (smaller !== undefined && sizeOf(smaller) <= limit) return smaller
  console.error(
    `expressway: ${request.method} ${request.path} answered ${size} bytes as a result, and ${source.name} takes ` +
      `${limit}. Stream the answer (@expressway/core/streaming), or redirect to a file in S3.`,
  )
  return undefined
}

const sizeOf = (result: unknown): number => Buffer.byteLength(JSON.stringify(result))

function pack(response: BufferedResponse, accept: string | undefined): BufferedResponse | undefined {
  const { headers, body } = response
  const encoding = negotiateEncoding(accept, ['br', 'gzip'])
  if (body === undefined || encoding === undefined || isEncoded(headers) || headers['content-range']) return undefined
  if (headerText(headers, 'cache-control')?.includes('no-transform')) return undefined
  return { ...response, headers: packedHeaders(headers, encoding), body: compress(body, encoding) }
}

function packedHeaders(headers: HttpHeaders, encoding: string): HttpHeaders {
  const { etag } = headers
  const vary = headerText(headers, 'vary')
  const packed: HttpHeaders = Object.assign(createHeaders(), headers, { 'content-encoding': encoding })
  packed.vary = !vary ? 'accept-encoding' : /\*|accept-encoding/i.test(vary) ? vary : `${vary}, accept-encoding`
  // The bytes are not those of the strong validator any more (RFC 9110 section 8.8.3).
  if (typeof etag === 'string' && !etag.startsWith('W/')) packed.etag = `W/${etag}`
  return packed
}
