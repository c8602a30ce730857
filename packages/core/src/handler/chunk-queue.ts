import type { Chunk } from '../message/message.ts'

/**
 * Chunks from a writer to a reader, in step: `write` resolves when the reader has taken the chunk. If the answer is collected,
 * so that reading starts when the writer is done, it resolves at once.
 */
export class ChunkQueue implements AsyncIterable<Chunk> {
  readonly #collected: boolean
  readonly #waiting: { chunk: Chunk; taken: () => void }[] = []
  #wake: (() => void) | undefined
  #ended = false
  #error: unknown
  #abandoned = false

  constructor(collected: boolean) {
    this.#collected = collected
  }

  /**
   * Adds a chunk. Rejects if the reader has left.
   * @throws Error after `end()`.
   */
  write(chunk: Chunk): Promise<void> {
    if (this.#ended) throw new Error('write() after end()')
    if (this.#abandoned) return refused()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push({ chunk, taken: resolve })
    if (this.#collected) resolve()
    this.#wake?.()
    return promise
  }

  /** Ends the chunks; with an error, the reader gets it after the last chunk. */
  end(error?: unknown): void {
    this.#ended = true
    this.#error ??= error
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Chunk> {
    try {
      for (;;) {
        const next = this.#waiting.shift()
        if (next !== undefined) {
          try {
            yield next.chunk
          } finally {
            // Also if the reader leaves with this chunk.
            next.taken()
          }
        } else if (this.#ended) {
          if (this.#error !== undefined) throw this.#error
          return
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
        }
      }
    } finally {
      this.destroy()
    }
  }

  /** Called when the reader leaves: every waiting `write` resolves, so that the writer does not wait for ever. */
  destroy(): void {
    this.#abandoned = true
    for (const { taken } of this.#waiting.splice(0)) taken()
  }
}

// The rejection counts as handled: a writer that does not await it must not end the process, which other requests share.
function refused(): Promise<never> {
  const refusal = Promise.reject(new Error('The client has gone'))
  refusal.catch(() => {})
  return refusal
}
