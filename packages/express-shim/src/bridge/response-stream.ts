import type { Chunk } from '@expressway/core/handle'

type Callback = (error?: Error | null) => void
type Result = IteratorResult<Chunk, undefined>

interface Waiting {
  resolve(result: Result): void
  reject(error: Error): void
}

interface Entry {
  chunk: Chunk
  size: number
  callback: Callback | null | undefined
}

/** Who wants to know what becomes of the chunks. */
export interface StreamOwner {
  /** The reader took a chunk. */
  onTaken(callback: Callback | null | undefined): void
  /** The reader took all there was. */
  onEmpty(): void
  /** The reader left before the end: the client is gone. */
  onLeft(): void
}

/** The chunks of an answer while it is written: what the reader has not taken yet is counted against the writer. */
export class ResponseStream implements AsyncIterableIterator<Chunk, undefined> {
  /** Bytes written and not taken. */
  size = 0
  #entries: Entry[] = []
  #ended = false
  #error: Error | undefined
  #waiting: Waiting | undefined
  readonly #owner: StreamOwner

  constructor(owner: StreamOwner) {
    this.#owner = owner
  }

  push(chunk: Chunk, size: number, callback: Callback | null | undefined): void {
    this.#entries.push({ chunk, size, callback })
    this.size += size
    if (this.#waiting) this.#serve()
  }

  /** No chunk will follow. */
  end(): void {
    this.#ended = true
    if (this.#waiting) this.#serve()
  }

  /** The rest will never come: the reader learns it as an error, as a truncated answer is not a complete one. */
  fail(error: Error): void {
    this.#error = error
    this.size = 0
    for (const entry of this.#entries.splice(0)) if (entry.callback) process.nextTick(entry.callback, error)
    if (this.#waiting) this.#serve()
  }

  /** All chunks up to now, taken at once. */
  takeAll(): Chunk[] {
    const chunks: Chunk[] = []
    while (this.#entries.length > 0) {
      const chunk = this.#take()
      if (chunk.length > 0) chunks.push(chunk)
    }
    return chunks
  }

  next(): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#serve()
    })
  }

  return(): Promise<Result> {
    if (!this.#ended) this.#owner.onLeft()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #serve(): void {
    while (this.#waiting && this.#entries.length > 0) {
      const chunk = this.#take()
      if (chunk.length > 0) this.#settle().resolve({ done: false, value: chunk })
    }
    if (!this.#waiting) return
    if (this.#error) this.#settle().reject(this.#error)
    else if (this.#ended) this.#settle().resolve({ done: true, value: undefined })
  }

  #settle(): Waiting {
    const waiting = this.#waiting!
    this.#waiting = undefined
    return waiting
  }

  #take(): Chunk {
    const entry = this.#entries.shift()!
    this.size -= entry.size
    this.#owner.onTaken(entry.callback)
    if (this.#entries.length === 0) this.#owner.onEmpty()
    return entry.chunk
  }
}
