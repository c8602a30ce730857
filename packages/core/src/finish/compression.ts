import loadNegotiator from '#libraries/negotiator.cjs'
import type { Response } from '../handler/response.ts'
import { type Chunk, isChunk } from '../message/message.ts'

export type Encoding = 'zstd' | 'br' | 'gzip' | 'deflate'

export interface CompressionOptions {
  /** Bodies of fewer bytes stay as they are. Default 1024. */
  readonly threshold?: number
  /** What may be used, best first where the client does not care. Default zstd (where Node has it), br, gzip, deflate. */
  readonly encodings?: readonly Encoding[]
}

/** Settled options. */
export interface Compression {
  readonly threshold: number
  readonly encodings: readonly Encoding[]
}

const known: readonly Encoding[] = ['zstd', 'br', 'gzip', 'deflate']

/** @throws TypeError on an unknown encoding or threshold. */
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
const isAvailable = (encoding: string): boolean => encoding !== 'zstd' || 'zstdCompressSync' in zlib()

// Reached when used: to load zlib takes 3 ms of a cold start.
const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib')

/** Compresses a whole body. Synchronous: a Lambda function has about one core, so a thread would only add its price. */
export function compress(body: Chunk, encoding: Encoding): Uint8Array {
  const { zstdCompressSync, brotliCompressSync, gzipSync, deflateSync, constants } = zlib()
  if (encoding === 'gzip') return gzipSync(body)
  if (encoding === 'deflate') return deflateSync(body)
  if (encoding === 'zstd') return zstdCompressSync(body)
  // Brotli's own default of 11 takes fifty times as long as 4 for a tenth of the size.
  return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
}

/** Compresses chunks as they come, each so that the client can read it at once. */
export function compressStream(body: AsyncIterable<Chunk>, encoding: Encoding): AsyncIterable<Chunk> {
  const { createZstdCompress, createBrotliCompress, createGzip, createDeflate, constants } = zlib()
  const { Readable, pipeline } = process.getBuiltinModule('node:stream')
  const zipped = {
    gzip: () => createGzip({ flush: constants.Z_SYNC_FLUSH }),
    deflate: () => createDeflate({ flush: constants.Z_SYNC_FLUSH }),
    zstd: () => createZstdCompress({ flush: constants.ZSTD_e_flush }),
    br: () =>
      createBrotliCompress({
        flush: constants.BROTLI_OPERATION_FLUSH,
        params: { [constants.BROTLI_PARAM_QUALITY]: 4 },
      }),
  }[encoding]()
  // Errors come out of the iteration of `zipped`, which pipeline() destroys.
  pipeline(Readable.from(body), zipped, () => {})
  return zipped
}

const compressible =
  /^(?:text\/(?!event-stream)|application\/(?:json|javascript|xml|wasm|graphql|.+\+(?:json|xml)|x-www-form-urlencoded|vnd\.ms-fontobject)|image\/(?:svg\+xml|bmp)|font\/(?:ttf|otf))/i

/**
 * Compresses the answer where it pays and the client takes it: never twice, never against `no-transform`.
 * `force` (a route's `compress: true`) leaves size and type out of account.
 */
export function compressResponse(
  res: Response,
  accept: string | undefined,
  options: Compression,
  force: boolean,
): void {
  const { body, headers } = res
  if (body === undefined || headers['content-encoding'] !== undefined) return
  if (/\bno-transform\b/i.test(String(headers['cache-control']))) return
  if (!force && !compressible.test(String(headers['content-type'] ?? ''))) return
  res.vary('Accept-Encoding')
  if (!force && isChunk(body) && Buffer.byteLength(body) < options.threshold) return
  const encoding = negotiateEncoding(accept, options.encodings)
  if (encoding === undefined) return
  res.send(isChunk(body) ? compress(body, encoding) : compressStream(body, encoding))
  headers['content-encoding'] = encoding
  delete headers['content-length']
  const tag = headers['etag']
  // The bytes are others now: the tag can only be weak (RFC 9110, section 8.8.1).
  if (typeof tag === 'string' && !tag.startsWith('W/')) headers['etag'] = `W/${tag}`
}
