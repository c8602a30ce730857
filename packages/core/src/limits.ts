import { headerText } from './headers.ts'
import type { HttpHeaders, HttpRequest } from './message.ts'
import type { BufferedResponse, Source } from './source.ts'
import { isEncoded } from './sources/content.ts'

/**
 * The response as a result that the gateway takes: as it is, or compressed where that is needed and the client takes it.
 * `undefined` where it stays too large, which was logged then.
 */
export function fitResult<Event>(
  source: Source<Event>,
  response: BufferedResponse,
  request: HttpRequest,
  event: Event,
): unknown {
  const result = source.encode(response, event)
  if (isSmall(response, source.resultLimit)) return result
  const size = sizeOf(result)
  if (size <= source.resultLimit) return result
  const packed = pack(response, request)
  const smaller = packed && source.encode(packed, event)
  if (smaller !== undefined && sizeOf(smaller) <= source.resultLimit) return smaller
  console.error(
    `expressway: ${request.method} ${request.path} answered ${size} bytes as a result, and ${source.name} takes ` +
      `${source.resultLimit}. Stream the answer (@expressway/core/streaming), or redirect to a file in S3.`,
  )
  return undefined
}

// JSON writes six characters for a control character at worst; the headers that a gateway takes are far below the rest.
const isSmall = ({ body }: BufferedResponse, limit: number): boolean => (body?.length ?? 0) * 6 + 65_536 < limit

const sizeOf = (result: unknown): number => Buffer.byteLength(JSON.stringify(result))

function pack(response: BufferedResponse, request: HttpRequest): BufferedResponse | undefined {
  const { headers, body } = response
  const coding = preferredCoding(headerText(request.headers, 'accept-encoding') ?? '')
  if (body === undefined || coding === undefined || !isPackable(headers)) return undefined
  const { brotliCompressSync, constants, gzipSync } = process.getBuiltinModule('node:zlib')
  const params = { [constants.BROTLI_PARAM_QUALITY]: 4 }
  const packed = coding === 'br' ? brotliCompressSync(body, { params }) : gzipSync(body)
  return { ...response, headers: packedHeaders(headers, coding), body: packed }
}

const isPackable = (headers: HttpHeaders): boolean =>
  !isEncoded(headers) &&
  headers['content-range'] === undefined &&
  !/\bno-transform\b/i.test(headerText(headers, 'cache-control') ?? '')

function packedHeaders(headers: HttpHeaders, coding: string): HttpHeaders {
  const vary = headerText(headers, 'vary')
  const etag = headerText(headers, 'etag')
  const packed: HttpHeaders = Object.assign(Object.create(null), headers, { 'content-encoding': coding })
  packed.vary = !vary ? 'accept-encoding' : /\*|accept-encoding/i.test(vary) ? vary : `${vary}, accept-encoding`
  // The bytes are not those of the strong validator any more (RFC 9110 section 8.8.3).
  if (etag && !etag.startsWith('W/')) packed.etag = `W/${etag}`
  return packed
}

/** `br` or `gzip`, whichever the client takes, by RFC 9110 section 12.5.3. */
function preferredCoding(accept: string): 'br' | 'gzip' | undefined {
  const weights = new Map(accept.split(',').map(weightOf))
  const weight = (coding: string): number => weights.get(coding) ?? weights.get('*') ?? 0
  return weight('br') > 0 && weight('br') >= weight('gzip') ? 'br' : weight('gzip') > 0 ? 'gzip' : undefined
}

function weightOf(item: string): [coding: string, weight: number] {
  const [coding = '', ...parameters] = item.toLowerCase().split(';')
  const weight = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find(Boolean)
  return [coding.trim(), weight === undefined ? 1 : Number(weight)]
}
