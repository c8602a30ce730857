import type { LambdaContext } from './handle.ts'
import { type HttpResponse, isChunk } from './message.ts'

/**
 * How long before the end of the invocation each part stops: `ms` milliseconds, or `share` of the remaining time if that is
 * less, so that a function with a time-out of 100 ms still gets most of it.
 */
const margins = {
  /** `req.signal` comes first, so that the handler can still answer by itself. */
  signal: { ms: 100, share: 0.2 },
  /** An answer of the application: a 503 takes a few milliseconds to encode and send. */
  answer: { ms: 50, share: 0.1 },
  /** A streamed body: the stream has to end as failed before the runtime cuts it off. */
  stream: { ms: 50, share: 0.1 },
  /** An answer of the Express shim: loggers that listen for `close` run after the 503. */
  express: { ms: 250, share: 0.1 },
  /** An answer of a Node listener: as for Express, with Node's own machinery of sockets and ticks in between. */
  listener: { ms: 500, share: 0.1 },
} as const

/** What has to stop before the end of the invocation; each has its own margin. */
export type DeadlineKind = keyof typeof margins

/** The first number of milliseconds that a Node timer cannot wait for: it would fire at once instead. */
const timerLimit = 2 ** 31

/**
 * Milliseconds until the given part has to stop. `undefined` if there is no deadline: the context has no clock, or a mock
 * context says zero, a negative number, something that is not a number, or more than a timer can wait for (24.8 days).
 */
export function timeBefore(context: LambdaContext | undefined, kind: DeadlineKind): number | undefined {
  const remaining: unknown = context?.getRemainingTimeInMillis?.()
  if (typeof remaining !== 'number' || !(remaining > 0 && remaining < timerLimit)) return undefined
  const { ms, share } = margins[kind]
  return remaining - Math.min(ms, remaining * share)
}

/**
 * Waits for an answer, but no longer than until shortly before the invocation ends: then the answer is what `late` returns.
 * The body of an answer that comes later is released. The timer keeps the process alive: Lambda ends an invocation at once
 * if nothing is pending.
 * @param late gets the milliseconds waited; what it throws rejects the answer.
 * @example return beforeDeadline(answer, invocation.context, () => ({ status: 503, headers: {} }))
 */
export function beforeDeadline<Answer extends HttpResponse>(
  answer: Promise<Answer>,
  context: LambdaContext,
  late: (waitedMs: number) => Answer,
  kind: DeadlineKind = 'answer',
): Promise<Answer> {
  const wait = timeBefore(context, kind)
  if (wait === undefined) return answer
  return new Promise((resolve, reject) => {
    let over = false
    const timer = setTimeout(() => {
      over = true
      // In a promise, so that an error of `late` rejects the answer and does not end the process.
      resolve(Promise.resolve(Math.round(wait)).then(late))
    }, wait)
    answer.then(
      (response) => {
        clearTimeout(timer)
        if (over) release(response.body)
        resolve(response)
      },
      (error) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}

/** A Node stream or a chunk queue, as far as it is ended here. */
interface Disposable {
  destroy(): void
}

/** Ends a body that is not going to be read, so that it does not keep its file, socket or writer open. */
export function release(body: HttpResponse['body']): void {
  if (body === undefined || isChunk(body)) return
  // The iterator of a Node stream does not destroy the stream on `return()` unless it was started.
  if ('destroy' in body) (body as unknown as Disposable).destroy()
  else Promise.resolve(body[Symbol.asyncIterator]().return?.()).catch(() => {})
}
