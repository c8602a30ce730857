import { Writable } from 'node:stream'
import { integrationType } from '../gateways/prelude.ts'

/** Both ends of a streaming function's response stream: the one it writes to, and the one its chunks are read from. */
export interface ResponseStream {
  /** What the handler gets: like Lambda's, a plain object with bound methods, no `stream.Writable`. */
  readonly handle: Record<string, unknown>
  readonly writable: Writable
  /** How often the handler has written. */
  writes(): number
  /** The type of the runtime's own answer; it is settled when the first chunk is there. */
  contentType(): string
  /** The next chunk, or `undefined` at the end. Rejects if the function failed. */
  next(): Promise<Buffer | undefined>
  /** Ends the stream with an error, after the chunks written before it. */
  fail(error: unknown): void
  /** The client went away: what the function still writes goes nowhere. */
  discard(): void
}

const methods = [
  'cork',
  'destroy',
  'end',
  'uncork',
  'write',
  'addListener',
  'on',
  'once',
  'prependListener',
  'prependOnceListener',
  'off',
  'removeListener',
  'removeAllListeners',
  'setMaxListeners',
  'getMaxListeners',
  'listeners',
  'rawListeners',
  'listenerCount',
  'eventNames',
  'emit',
  'setContentType',
] as const
const properties = [
  'writableFinished',
  'writableObjectMode',
  'writableEnded',
  'writableNeedDrain',
  'writableHighWaterMark',
  'writableCorked',
  'writableLength',
  'writable',
] as const

/** What Lambda's runtime client adds to a writable stream. */
type LambdaWritable = Writable & {
  setContentType(type: string): void
  _onBeforeFirstWrite?: (write: (chunk: string | Uint8Array) => unknown) => void
}

/**
 * @param highWaterMark bytes that may wait for the client before `write` answers false
 */
export function createResponseStream(highWaterMark?: number): ResponseStream {
  const queue = createQueue()
  let contentType = 'application/octet-stream'
  let writes = 0
  const writable = new Writable({
    ...(highWaterMark === undefined ? {} : { highWaterMark }),
    write: (chunk: Buffer, _encoding, taken) => queue.push(chunk, taken),
    final: (done) => {
      queue.end()
      done()
    },
    destroy: (error, done) => {
      queue.fail(error ?? new Error('The response stream was destroyed before its end.'))
      done(error)
    },
  }) as LambdaWritable
  // The reader of the chunks gets the failure; without this listener it would end the process as well.
  writable.on('error', () => {})
  writable.setContentType = (type) => {
    if (writes > 0) throw invalidOperation()
    contentType = type
  }
  const write = writable.write.bind(writable) as (chunk: unknown, ...rest: unknown[]) => boolean
  writable.write = ((chunk: { length: number }, ...rest: unknown[]) => {
    // Lambda's client reads the length before anything else, so null and undefined throw a TypeError here.
    const data = chunk.length !== undefined && isWritable(chunk) ? chunk : JSON.stringify(chunk)
    if (writes === 0) writable._onBeforeFirstWrite?.((part) => write(part))
    const room = write(data, ...rest)
    writes++
    return room
  }) as Writable['write']
  return {
    handle: toHandle(writable),
    writable,
    writes: () => writes,
    contentType: () => contentType,
    next: queue.next,
    discard: queue.discard,
    fail: queue.fail,
  }
}

const isWritable = (chunk: unknown): boolean => typeof chunk === 'string' || chunk instanceof Uint8Array

function invalidOperation(): Error {
  const error = new Error('Cannot set content-type, too late.')
  error.name = 'Runtime.InvalidStreamingOperation'
  return error
}

function toHandle(inner: LambdaWritable): Record<string, unknown> {
  const handle: Record<string, unknown> = {}
  for (const name of methods) handle[name] = (inner[name] as (...args: unknown[]) => unknown).bind(inner)
  for (const name of ['destroyed', '_onBeforeFirstWrite'] as const) {
    Object.defineProperty(handle, name, {
      get: () => inner[name],
      set: (value) => Object.defineProperty(inner, name, { value, configurable: true, writable: true }),
    })
  }
  for (const name of properties) Object.defineProperty(handle, name, { get: () => inner[name] })
  return handle
}

/** Chunks between a writer and one reader; a chunk is taken when the reader comes for it, which is the back-pressure. */
function createQueue() {
  const waiting: { chunk: Buffer; taken: () => void }[] = []
  let reader: (() => void) | undefined
  let ended = false
  let discarding = false
  let failure: { error: unknown } | undefined
  const wake = () => {
    reader?.()
    reader = undefined
  }
  return {
    push(chunk: Buffer, taken: () => void) {
      if (discarding || chunk.length === 0) return void process.nextTick(taken)
      waiting.push({ chunk, taken })
      wake()
    },
    end() {
      ended = true
      wake()
    },
    fail(error: unknown) {
      if (!ended) failure ??= { error }
      wake()
    },
    discard() {
      discarding = true
      for (const { taken } of waiting.splice(0)) taken()
      wake()
    },
    async next(): Promise<Buffer | undefined> {
      for (;;) {
        const first = waiting.shift()
        if (first !== undefined) {
          first.taken()
          return first.chunk
        }
        if (failure !== undefined && !discarding) throw failure.error
        if (ended || discarding) return undefined
        await new Promise<void>((resolve) => {
          reader = resolve
        })
      }
    },
  }
}

/** Lambda's `awslambda.HttpResponseStream`. */
export const HttpResponseStream = {
  /**
   * Sets status, headers and cookies, which are sent with the first `write` and not before it. Later changes to `prelude` have no
   * effect.
   */
  from<Stream>(stream: Stream, prelude: unknown): Stream {
    const target = stream as LambdaWritable
    target.setContentType(integrationType)
    const metadata = JSON.stringify(prelude)
    target._onBeforeFirstWrite = (write) => {
      write(metadata)
      write(new Uint8Array(8))
    }
    return stream
  },
}
