import type { LambdaContext } from './handle.ts'
import { type HttpResponse, isChunk } from './message.ts'

/** Milliseconds before the deadline at which an answer is given up: time to send 503. `req.signal` fires before. */
const margin = 50
const marginShare = 0.1
// What a timer can wait for: beyond, it would fire at once.
const longest = 2 ** 31

/**
 * The answer, or what `late` gives shortly before the invocation would be cut off without one. An answer that comes after
 * that is released. The timer keeps the process: with nothing else under way Lambda would end at once.
 */
export function beforeDeadline<Answer extends HttpResponse>(
  answer: Promise<Answer>,
  context: LambdaContext,
  late: (waited: number) => Answer,
): Promise<Answer> {
  const remaining = context.getRemainingTimeInMillis?.() ?? 0
  if (!(remaining > 0 && remaining < longest)) return answer
  const wait = remaining - Math.min(margin, remaining * marginShare)
  return new Promise((resolve, reject) => {
    let over = false
    const timer = setTimeout(() => {
      over = true
      // In a promise: what `late` throws is then the answer's error, and not the process's.
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

/** A Node stream, and our own queue, as far as they end here. */
interface Disposable {
  destroy(): void
}

/** Ends a body that nobody will read, so that it does not keep its file, socket or writer. */
export function release(body: HttpResponse['body']): void {
  if (body === undefined || isChunk(body)) return
  // A Node stream's iterator that was never started passes no `return()` on.
  if ('destroy' in body)
    (body as unknown as Disposable).destroy() // as it has the member
  else Promise.resolve(body[Symbol.asyncIterator]().return?.()).catch(() => {})
}
