import type { Chunk } from '@expressway/core/handle'

/** What the reader of a stream tells the response that feeds it. */
export interface QueueOwner {
  /** The reader took a chunk; this many bytes are left. */
  taken(left: number): void
  /** The reader took everything after the end; its iteration ends when `done` is called. */
  drained(done: () => void): void
  /** The reader left before the end: the client is gone. */
  left(): void
}

interface Entry {
  readonly chunk: Chunk
  readonly size: number
  readonly written: ((error?: Error | null) => void) | undefined
}

interface Reader {
  resolve(result: IteratorResult<Chunk, undefined>): void
  reject(error: unknown): void
}

/** The chunks between a response that writes and its one reader, which sets the pace. */
export class ChunkQueue implements AsyncIterableIterator<Chunk, undefined> {
  /** Bytes that were written and not taken. */
  size = 0
  readonly #owner: QueueOwner
  readonly #entries: Entry[] = []
  #inHands: Entry | undefined
  #reader: Reader | undefined
  #ended = false
  #error: unknown

  constructor(owner: QueueOwner) {
    this.#owner = owner
  }

  /**
   * Adds a chunk of `size` bytes. `written` is called once: when the reader asks for the next chunk, or with the error that
   * broke the stream off.
   */
  push(chunk: Chunk, size: number, written: Entry['written']): void {
    this.#entries.push({ chunk, size, written })
    this.size += size
    this.#serve()
  }

  /** No chunk will follow. */
  end(): void {
    this.#ended = true
    this.#serve()
  }

  /** The rest will never come. The reader gets the error, since a truncated answer is not a complete one. */
  fail(error: unknown): void {
    this.#error = error
    this.size = 0
    for (const entry of [this.#inHands, ...this.#entries.splice(0)]) entry?.written?.(error as Error)
    this.#inHands = undefined
    this.#serve()
  }

  /** All chunks up to now that have bytes, for an answer that ended before its reader came. */
  takeAll(): Chunk[] {
    const entries = this.#entries.splice(0)
    this.size = 0
    this.#owner.taken(0)
    for (const { written } of entries) written?.(null)
    return entries.filter(({ size }) => size > 0).map(({ chunk }) => chunk)
  }

  next(): Promise<IteratorResult<Chunk, undefined>> {
    this.#inHands?.written?.(null)
    this.#inHands = undefined
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
      this.#serve()
    })
  }

  return(): Promise<IteratorResult<Chunk, undefined>> {
    const isDone = this.#ended && this.#entries.length === 0
    if (this.#error === undefined && !isDone) this.#owner.left()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #serve(): void {
    const reader = this.#reader
    if (!reader) return
    this.#reader = undefined
    const entry = this.#nextEntry()
    if (entry) this.#hand(entry, reader)
    else if (this.#error !== undefined) reader.reject(this.#error)
    else if (this.#ended) this.#owner.drained(() => reader.resolve({ done: true, value: undefined }))
    else this.#reader = reader
  }

  /** The next entry with bytes: an empty chunk is nothing to read. */
  #nextEntry(): Entry | undefined {
    let entry = this.#entries.shift()
    while (entry?.size === 0) {
      entry.written?.(null)
      entry = this.#entries.shift()
    }
    return entry
  }

  #hand(entry: Entry, reader: Reader): void {
    this.#inHands = entry
    this.size -= entry.size
    reader.resolve({ done: false, value: entry.chunk })
    this.#owner.taken(this.size)
  }
}
