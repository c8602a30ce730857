import type { Chunk } from '../message/message.ts'
import type { Request } from './request.ts'
import { type Reply, reply } from './result.ts'

/** One server-sent event (HTML Standard, section 9.2). */
export interface ServerSentEvent {
  /** Text as it is, anything else as JSON. */
  readonly data?: unknown
  /** The event's type; without one the page's `onmessage` gets it. */
  readonly event?: string
  /** What the browser sends as `Last-Event-ID` when it reconnects. */
  readonly id?: string | number
  /** Milliseconds after which the browser reconnects. */
  readonly retry?: number
}

/** Options of {@link sse}. */
export interface SseOptions {
  /** Milliseconds of silence after which a comment keeps the connection open. Default 15,000; 0 for none. */
  readonly heartbeat?: number
  /** Milliseconds after which the browser reconnects when the stream ends. */
  readonly retry?: number
}

/**
 * Answers with server-sent events. The generator gets the id of the last event that the browser saw, and ends when the
 * browser leaves.
 * @example
 * app.get('/prices', (req) => sse(req, async function* () {
 *   for await (const price of prices(req.signal)) yield { event: 'price', data: price }
 * }))
 */
export function sse(
  req: Pick<Request, 'headers'>,
  events: (lastEventId: string | undefined) => AsyncIterable<ServerSentEvent>,
  options: SseOptions = {},
): Reply {
  const { heartbeat = 15_000, retry } = options
  const lines = writeEvents(events(req.headers.get('last-event-id')), retry)
  return reply({
    contentType: 'text/event-stream; charset=utf-8',
    // no-transform: a proxy that compresses would hold events back.
    headers: { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' },
    body: heartbeat > 0 ? withHeartbeat(lines, heartbeat) : lines,
  })
}

async function* writeEvents(events: AsyncIterable<ServerSentEvent>, retry: number | undefined): AsyncGenerator<Chunk> {
  // Sent at once, so that the browser is connected before the first event.
  yield retry === undefined ? ':\n\n' : `retry: ${retry}\n\n`
  for await (const event of events) yield writeEvent(event)
}

/** @throws TypeError if a field of one line has a line break. */
function writeEvent({ data, event, id, retry }: ServerSentEvent): string {
  const text = data === undefined ? undefined : typeof data === 'string' ? data : JSON.stringify(data)
  const dataLines = text === undefined ? '' : `data: ${text.split(/\r\n|\r|\n/).join('\ndata: ')}\n`
  return `${field('event', event)}${field('id', id)}${field('retry', retry)}${dataLines}\n`
}

function field(name: string, value: string | number | undefined): string {
  if (value === undefined) return ''
  if (/[\r\n\0]/.test(String(value)))
    throw new TypeError(`The ${name} of an event must be one line: ${JSON.stringify(value)}`)
  return `${name}: ${value}\n`
}

async function* withHeartbeat(chunks: AsyncIterable<Chunk>, milliseconds: number): AsyncGenerator<Chunk> {
  const iterator = chunks[Symbol.asyncIterator]()
  let next = iterator.next()
  try {
    for (;;) {
      const result = await orSilence(next, milliseconds)
      if (result === undefined) yield ':\n\n'
      else if (result.done) return
      else {
        yield result.value
        next = iterator.next()
      }
    }
  } finally {
    next.catch(() => {})
    Promise.resolve(iterator.return?.()).catch(() => {})
  }
}

async function orSilence<T>(next: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const quiet = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined)
  })
  try {
    return await Promise.race([next, quiet])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Answers with newline-delimited JSON, a line for each item as it comes.
 * @example app.get('/rows', () => ndjson(query.stream()))
 */
export const ndjson = (items: AsyncIterable<unknown> | Iterable<unknown>): Reply =>
  reply({ contentType: 'application/x-ndjson; charset=utf-8', body: writeLines(items) })

async function* writeLines(items: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<Chunk> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`
}
