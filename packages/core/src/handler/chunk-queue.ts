import type { Chunk } from '../message/message.ts'

/**
 * Chunks that one side writes and the other reads, in step: `write` settles when the reader has taken the chunk.
 * Where nobody reads before the writer is done (`collected`), it settles at once.
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

  /** @throws Error after the end. Rejects where the reader has gone. */
  write(chunk: Chunk): Promise<void> {
    if (this.#ended) throw new Error('write() after end()')
    if (this.#abandoned) return refused()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push({ chunk, taken: resolve })
    if (this.#collected) resolve()
    this.#wake?.()
    return promise
  }

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
            // Also where the reader left with this chunk.
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

  /** Nobody reads on: who waits to go on writing shall not wait for ever. */
  destroy(): void {
    this.#abandoned = true
    for (const { taken } of this.#waiting.splice(0)) taken()
  }
}

// Handled here: who writes without waiting shall not end the process, which other requests share.
function refused(): Promise<never> {
  const refusal = Promise.reject(new Error('The client has gone'))
  refusal.catch(() => {})
  return refusal
}
