import loadNegotiator from '#libraries/negotiator.cjs'
import type { Response } from '../handler/response.ts'
import { addVary, mayEncode } from '../message/content-coding.ts'
import { type Chunk, isChunk } from '../message/message.ts'

/** A content coding (RFC 9110, section 8.4.1; RFC 8878 for `zstd`). */
export type Encoding = 'zstd' | 'br' | 'gzip' | 'deflate'

type Zlib = typeof import('node:zlib')

/**
 * What zlib calls each encoding: for a whole body, for a stream, and the flush that lets the client read a chunk at once. The
 * best encoding first, if the client does not care.
 */
const encoders = {
  zstd: { whole: 'zstdCompressSync', stream: 'createZstdCompress', flush: 'ZSTD_e_flush' },
  br: { whole: 'brotliCompressSync', stream: 'createBrotliCompress', flush: 'BROTLI_OPERATION_FLUSH' },
  gzip: { whole: 'gzipSync', stream: 'createGzip', flush: 'Z_SYNC_FLUSH' },
  deflate: { whole: 'deflateSync', stream: 'createDeflate', flush: 'Z_SYNC_FLUSH' },
} as const satisfies Record<Encoding, { whole: keyof Zlib; stream: keyof Zlib; flush: keyof Zlib['constants'] }>

const known = Object.keys(encoders) as Encoding[]

/** Options of `compress`. */
export interface CompressionOptions {
  /** Bytes below which a body is not compressed. Default 1024. */
  readonly threshold?: number
  /** The encodings to use, the best first. Default zstd (from Node 22.15 on), br, gzip, deflate. */
  readonly encodings?: readonly Encoding[]
}

/** Options with their defaults. */
export interface Compression {
  readonly threshold: number
  readonly encodings: readonly Encoding[]
}

/** @throws TypeError if an encoding is unknown or the threshold is not a number of bytes. */
export function createCompression({ threshold = 1024, encodings = known }: CompressionOptions = {}): Compression {
  const unknown = encodings.find((encoding) => !known.includes(encoding))
  if (unknown !== undefined) throw new TypeError(`compress.encodings knows ${known.join(', ')}, not ${String(unknown)}`)
  if (!(threshold >= 0)) throw new TypeError(`compress.threshold must be a number of bytes, not ${String(threshold)}`)
  return { threshold, encodings }
}

/**
 * The encoding of `encodings` that the client likes best (RFC 9110, section 12.5.3), of equals the first; `undefined` if it
 * prefers the body as it is, or sent no `Accept-Encoding`.
 */
export function negotiateEncoding(accept: string | undefined, encodings: readonly Encoding[]): Encoding | undefined {
  if (!accept) return undefined
  const negotiator = new (loadNegotiator())({ headers: { 'accept-encoding': accept } })
  const accepted = negotiator.encodings([...encodings, 'identity'], { preferred: encodings })
  const best = (accepted as (Encoding | 'identity')[]).find(isAvailable)
  return best === 'identity' ? undefined : best
}

// zstd came with Node 22.15 and 23.8.
const isAvailable = (encoding: string): boolean => encoding !== 'zstd' || encoders.zstd.whole in zlib()

// Reached when used: loading zlib takes 3 ms of a cold start.
const zlib = (): Zlib => process.getBuiltinModule('node:zlib')

/**
 * Compresses a whole body. Synchronous, as a Lambda function has about one core and a thread would only add to the work.
 * @throws TypeError if the encoding is unknown, or is zstd and this Node.js has none.
 */
export const compress = (body: Chunk, encoding: Encoding): Uint8Array =>
  zlib()[encoderOf(encoding).whole](body, optionsOf(encoding))

/**
 * Compresses chunks as they come, each so that the client can read it at once.
 * @throws TypeError as {@link compress} does.
 */
export function compressStream(body: AsyncIterable<Chunk>, encoding: Encoding): AsyncIterable<Chunk> {
  const { Readable, pipeline } = process.getBuiltinModule('node:stream')
  const { stream, flush } = encoderOf(encoding)
  const compressor = zlib()[stream]({ ...optionsOf(encoding), flush: zlib().constants[flush] })
  // Errors reach the reader of `compressor`, which pipeline() destroys.
  pipeline(Readable.from(body), compressor, () => {})
  return compressor
}

/** Brotli's own default of 11 takes fifty times as long as 4, for a tenth less size. */
const optionsOf = (encoding: Encoding): object =>
  encoding === 'br' ? { params: { [zlib().constants.BROTLI_PARAM_QUALITY]: 4 } } : {}

function encoderOf(encoding: Encoding): (typeof encoders)[Encoding] {
  if (!known.includes(encoding)) throw new TypeError(`compress() knows ${known.join(', ')}, not ${String(encoding)}`)
  if (!isAvailable(encoding)) throw new TypeError(`zstd needs Node.js 22.15 or later; this is ${process.version}`)
  return encoders[encoding]
}

const compressible =
  /^(?:text\/(?!event-stream)|application\/(?:json|javascript|xml|wasm|graphql|.+\+(?:json|xml)|x-www-form-urlencoded|vnd\.ms-fontobject)|image\/(?:svg\+xml|bmp)|font\/(?:ttf|otf))/i

/**
 * The encoding for an answer, or none if it does not pay, the answer must not be changed or the client does not take it.
 * An answer that another client would get encoded says so in `Vary`.
 * @param force leaves size and type out of account: a route's `compress: true`.
 */
export function encodingFor(
  { body, headers, statusCode }: Response,
  accept: string | undefined,
  { threshold, encodings }: Compression,
  force: boolean,
): Encoding | undefined {
  if (body === undefined || !mayEncode(statusCode, headers)) return undefined
  if (!force && !compressible.test(String(headers['content-type'] ?? ''))) return undefined
  addVary(headers, 'Accept-Encoding')
  if (!force && isChunk(body) && Buffer.byteLength(body) < threshold) return undefined
  return negotiateEncoding(accept, encodings)
}
