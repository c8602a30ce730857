import type { GatewayName, LambdaError, WireRequest } from '@expressway/testing/gateway'
import type { Invocation } from '@expressway/testing/process'

/** One request and all that came of it; it fills as the answer goes out. */
export interface InvocationRecord {
  readonly id: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly gateway: GatewayName
  readonly request: WireRequest
  /** The record that this one repeats. */
  readonly replayOf?: number
  state: 'running' | 'done'
  requestId?: string
  /** `undefined` if the gateway answered by itself. */
  event?: unknown
  /** What the function returned; `undefined` if it failed or streamed. */
  result?: unknown
  /** A streaming function's metadata. */
  prelude?: unknown
  error?: LambdaError
  /** `undefined` until there is an answer, and if the client went away before that. */
  status?: number
  headers: [name: string, value: string][]
  warnings: string[]
  streamed: boolean
  /** How many bytes of body the client was sent, and the first of them. */
  bytes: number
  body: Buffer
  chunks: { atMs: number; bytes: number }[]
  /** Until the answer began, and until it ended. */
  firstByteMs?: number
  durationMs: number
  disconnected: boolean
}

/** How much of an answer's body is kept for the page. */
const shownBytes = 256 * 1024
const shownChunks = 1000

export interface HistoryLimits {
  records: number
  /** Bytes of bodies, kept ones together. */
  bytes: number
}

/** The last invocations, newest last: 200, or fewer if their bodies have more than 64 MB together. */
export class History {
  readonly #records = new Map<number, InvocationRecord>()
  readonly #listeners = new Set<(record: InvocationRecord | undefined) => void>()
  readonly #limits: HistoryLimits
  #nextId = 1

  constructor(limits: HistoryLimits = { records: 200, bytes: 64 * 1024 * 1024 }) {
    this.#limits = limits
  }

  begin(gateway: GatewayName, request: WireRequest, replayOf?: number): InvocationRecord {
    const record: InvocationRecord = {
      id: this.#nextId++,
      at: Date.now(),
      gateway,
      request,
      ...(replayOf === undefined ? {} : { replayOf }),
      state: 'running',
      headers: [],
      warnings: [],
      streamed: false,
      bytes: 0,
      body: Buffer.alloc(0),
      chunks: [],
      durationMs: 0,
      disconnected: false,
    }
    this.#records.set(record.id, record)
    this.#dropOldest()
    this.changed(record)
    return record
  }

  get(id: number): InvocationRecord | undefined {
    return this.#records.get(id)
  }

  all(): InvocationRecord[] {
    return [...this.#records.values()]
  }

  clear(): void {
    for (const [id, record] of this.#records) if (record.state === 'done') this.#records.delete(id)
    for (const listener of this.#listeners) listener(undefined)
  }

  /** Tells those who listen that a record has changed. */
  changed(record: InvocationRecord): void {
    if (record.state === 'done') this.#dropOldest()
    for (const listener of this.#listeners) listener(record)
  }

  /** Calls back with each new or changed record, and without one when the history was cleared; the result ends that. */
  listen(listener: (record: InvocationRecord | undefined) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #dropOldest(): void {
    let bytes = 0
    let kept = 0
    for (const record of this.all().reverse()) {
      // A body stands in the request and again, as text, in the event.
      bytes += record.body.length + (record.request.body?.length ?? 0) * 2
      const fits = kept === 0 || (kept < this.#limits.records && bytes <= this.#limits.bytes)
      if (fits) kept++
      else this.#records.delete(record.id)
    }
  }
}

/** Takes down what the gateway and the runtime made of the request. */
export function noteAnswer(record: InvocationRecord, invocation: Invocation, firstByteMs: number): void {
  const { event, result, error, prelude, response, context } = invocation
  Object.assign(record, { event, result, error, prelude, firstByteMs, requestId: context.awsRequestId })
  record.status = response.status
  record.headers = response.headers
  record.warnings = response.warnings
  record.streamed = response.stream !== undefined
}

/** Takes down a chunk of the body that went out. */
export function noteChunk(record: InvocationRecord, chunk: Uint8Array, atMs: number): void {
  record.bytes += chunk.length
  if (record.streamed && record.chunks.length < shownChunks) record.chunks.push({ atMs, bytes: chunk.length })
  const room = shownBytes - record.body.length
  if (room > 0) record.body = Buffer.concat([record.body, chunk.subarray(0, room)])
}
