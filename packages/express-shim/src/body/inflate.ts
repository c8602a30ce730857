import type { Transform } from 'node:stream'
import { getBuiltinModule } from '../builtin.ts'
import { httpError } from '../http/http-error.ts'
import { tooLarge } from './read-errors.ts'

type Zlib = typeof import('node:zlib')

// Content codings (RFC 9110, section 8.4.1) by what node:zlib calls their readers.
const READERS: Record<string, 'Gunzip' | 'Inflate' | 'BrotliDecompress' | 'ZstdDecompress'> = {
  gzip: 'Gunzip',
  deflate: 'Inflate',
  br: 'BrotliDecompress',
  zstd: 'ZstdDecompress',
}

// The bytes that node:zlib delivers at a time: a stream is found to be over its limit after a whole piece.
const PIECE = 16_384

/** Decodes one content coding. */
export interface Inflater {
  /**
   * The whole content at once.
   * @throws HttpError 413 as soon as it is over the limit, so that a small body cannot fill the memory.
   */
  whole(bytes: Uint8Array, limit: number): Buffer
  /** The same for a body that is still coming. */
  stream(): Transform
}

/**
 * How to read a content coding.
 * @throws HttpError 415 if this version of Node does not know it.
 */
export function inflaterOf(coding: string): Inflater {
  const name = Object.hasOwn(READERS, coding) ? READERS[coding] : undefined
  const zlib = name && getBuiltinModule('node:zlib')
  // zstd came with Node 22.15.
  if (!name || !zlib?.[`create${name}`]) {
    const properties = { encoding: coding, type: 'encoding.unsupported' }
    throw httpError(415, `unsupported content encoding "${coding}"`, properties)
  }
  return { whole: (bytes, limit) => inflateWhole(zlib, name, bytes, limit), stream: () => zlib[`create${name}`]() }
}

function inflateWhole(zlib: Zlib, name: string, bytes: Uint8Array, limit: number): Buffer {
  const inflate = `${name[0]!.toLowerCase()}${name.slice(1)}Sync` as 'gunzipSync'
  const most = limit === Number.POSITIVE_INFINITY ? undefined : Math.max(1, (Math.floor(limit / PIECE) + 1) * PIECE)
  const read = (options?: object): Buffer => {
    try {
      return zlib[inflate](bytes, { maxOutputLength: most, ...options })
    } catch (error) {
      throw (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(limit, most!) : error
    }
  }
  try {
    return checkSize(read(), limit)
  } catch (error) {
    // As a stream, which delivers the content before the cut: that may be over the limit already.
    if (CUT_OFF.has((error as { code?: string }).code ?? '')) checkSize(read(unfinished(zlib, name)), limit)
    throw error
  }
}

function checkSize(content: Buffer, limit: number): Buffer {
  if (content.length > limit) throw tooLarge(limit, content.length)
  return content
}

/** node:zlib's codes for a body that ends too early. */
const CUT_OFF = new Set(['Z_BUF_ERROR', 'ERR__ERROR_UNEXPECTED_END'])

/** The options that make a body that ends too early acceptable. */
function unfinished({ constants }: Zlib, name: string): object {
  if (name === 'BrotliDecompress') return { finishFlush: constants.BROTLI_OPERATION_FLUSH }
  return { finishFlush: name === 'ZstdDecompress' ? constants.ZSTD_e_flush : constants.Z_SYNC_FLUSH }
}
