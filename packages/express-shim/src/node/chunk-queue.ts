import type { Chunk } from '@expressway/core/handle'

/** What the reader of a stream tells the response that feeds it. */
export interface QueueOwner {
  /** Bytes were taken, this many are left. */
  taken(left: number): void
  /** All was read after the end: calls back when the response has closed. */
  drained(done: () => void): void
  /** The reader went away. */
  left(): void
}

interface Entry {
  readonly chunk: Chunk
  readonly size: number
  readonly written: ((error?: Error | null) => void) | undefined
}

interface Reader {
  resolve(result: IteratorResult<Chunk>): void
  reject(error: unknown): void
}

/** Chunks between a response that writes and one reader, who sets the pace. */
export class ChunkQueue implements AsyncIterableIterator<Chunk> {
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

  push(chunk: Chunk, size: number, written: Entry['written']): void {
    this.#entries.push({ chunk, size, written })
    this.size += size
    this.#serve()
  }

  end(): void {
    this.#ended = true
    this.#serve()
  }

  fail(error: unknown): void {
    this.#error = error
    for (const entry of this.#entries.splice(0)) entry.written?.(error as Error)
    this.size = 0
    this.#serve()
  }

  next(): Promise<IteratorResult<Chunk>> {
    this.#inHands?.written?.(null)
    this.#inHands = undefined
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
      this.#serve()
    })
  }

  return(): Promise<IteratorResult<Chunk>> {
    if (this.#error === undefined && !this.#isDone()) this.#owner.left()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #isDone(): boolean {
    return this.#ended && this.#entries.length === 0
  }

  #serve(): void {
    const reader = this.#reader
    if (!reader) return
    const entry = this.#entries.shift()
    if (!entry && !this.#ended && this.#error === undefined) return
    this.#reader = undefined
    if (entry) this.#hand(entry, reader)
    else if (this.#error !== undefined) reader.reject(this.#error)
    else this.#owner.drained(() => reader.resolve({ done: true, value: undefined }))
  }

  #hand(entry: Entry, reader: Reader): void {
    this.#inHands = entry
    this.size -= entry.size
    reader.resolve({ done: false, value: entry.chunk })
    this.#owner.taken(this.size)
  }
}
