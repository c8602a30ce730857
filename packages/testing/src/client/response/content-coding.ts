import { tooLarge } from '../send/failures.ts'

/** Whether superagent would decode the body: it knows gzip, deflate and br, and skips what cannot have a body. */
export function isCoded(status: number, headers: Record<string, unknown>): boolean {
  if (status === 204 || status === 304 || headers['content-length'] === '0') return false
  return codingOf(headers) !== undefined
}

export function codingOf(headers: Record<string, unknown>): 'unzip' | 'br' | undefined {
  const coding = String(headers['content-encoding'] ?? '')
    .trim()
    .toLowerCase()
  return coding === 'gzip' || coding === 'deflate' ? 'unzip' : coding === 'br' ? 'br' : undefined
}

/**
 * The body without its content coding. A truncated one gives what can be decoded, as browsers and curl do.
 * @throws Error `ETOOLARGE` beyond `most` bytes, or zlib's error if the body is not coded as it says
 */
export function decodeContent(body: Uint8Array, headers: Record<string, unknown>, most: number): Buffer {
  const zlib = process.getBuiltinModule('node:zlib')
  const { BROTLI_OPERATION_FLUSH, Z_SYNC_FLUSH } = zlib.constants
  try {
    if (codingOf(headers) === 'unzip') {
      return zlib.unzipSync(body, { finishFlush: Z_SYNC_FLUSH, maxOutputLength: most })
    }
    return zlib.brotliDecompressSync(body, { finishFlush: BROTLI_OPERATION_FLUSH, maxOutputLength: most })
  } catch (error) {
    throw (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : error
  }
}

/** A stream that decodes as `decodeContent` does. */
export function createDecoder(headers: Record<string, unknown>): NodeJS.ReadWriteStream {
  const zlib = process.getBuiltinModule('node:zlib')
  if (codingOf(headers) === 'unzip') return zlib.createUnzip({ finishFlush: zlib.constants.Z_SYNC_FLUSH })
  return zlib.createBrotliDecompress({ finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH })
}
