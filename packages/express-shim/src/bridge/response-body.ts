import type { Chunk } from '@expressway/core/handle'

/**
 * A chunk in the form that a message has: well-formed text, or bytes. Text in another encoding than UTF-8 is bytes.
 * @throws TypeError ERR_UNKNOWN_ENCODING, as Node does.
 */
export function toChunk(data: Chunk, encoding: BufferEncoding | null | undefined): Chunk {
  if (typeof data !== 'string') return data
  // A half of a surrogate pair goes out as U+FFFD, even if the next chunk begins with the other half.
  if (!encoding || encoding === 'utf8' || /^utf-?8$/i.test(encoding)) return data.toWellFormed()
  return Buffer.from(data, encoding)
}

/** Chunks as one: text as long as all are text. */
export function joinChunks(chunks: readonly Chunk[]): Chunk | undefined {
  if (chunks.length < 2) return chunks[0]
  if (chunks.every((chunk) => typeof chunk === 'string')) return chunks.join('')
  return Buffer.concat(chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)))
}
