import { finish } from '../finish/finish.ts'
import type { Request } from '../handler/request.ts'
import type { Response } from '../handler/response.ts'
import { beforeDeadline } from '../message/deadline.ts'
import { ServiceUnavailableError } from '../message/errors.ts'
import type { Invocation } from '../message/handle.ts'
import { type Chunk, createHeaders, type HttpResponse, isChunk } from '../message/message.ts'
import { nameOf, run } from './compose.ts'
import type { ErrorAnswer } from './error-answer.ts'
import type { Route } from './route-table.ts'

/**
 * Runs a route to its answer. Synchronous where all its handlers are: a promise costs more than a small route, and so does
 * the room for what a closure captures, which is why those stand in functions of their own.
 */
export function answer(
  route: Route,
  req: Request<never>,
  res: Response,
  errors: ErrorAnswer,
  invocation: Invocation,
): HttpResponse | Promise<HttpResponse> {
  let response: HttpResponse | Promise<HttpResponse>
  try {
    const pending = run(route, 0, req, res)
    response =
      pending === undefined ? complete(route, req, res) : settled(pending, route, req, res, invocation.streaming)
  } catch (error) {
    response = recover(error, route, req, res, errors)
  }
  return response instanceof Promise ? inTime(response, route, req, res, errors, invocation) : response
}

/** The answer, or 503 shortly before Lambda would end the invocation without one. */
function inTime(
  response: Promise<HttpResponse>,
  route: Route,
  req: Request<never>,
  res: Response,
  errors: ErrorAnswer,
  { context }: Invocation,
): Promise<HttpResponse> {
  const recovered = response.catch((error) => recover(error, route, req, res, errors))
  return beforeDeadline(recovered, context, (waited) => expire(waited, route, req, res, errors))
}

function complete(route: Route, req: Request<never>, res: Response): HttpResponse | Promise<HttpResponse> {
  if (res.chunked) res.end()
  else if (res.body !== undefined && !isChunk(res.body)) return completeStream(res.body, route, req, res)
  return finished(route, req, res)
}

const completeStream = async (
  body: AsyncIterable<Chunk>,
  route: Route,
  req: Request<never>,
  res: Response,
): Promise<HttpResponse> => finished(route, req, res.send(await begun(body)))

function finished(route: Route, req: Request<never>, res: Response): HttpResponse {
  const response = finish(route, req, res)
  if (response.body === undefined || isChunk(response.body)) req.end()
  else if (req.signalled) return { ...response, body: endingWith(response.body, req) }
  return response
}

/**
 * Waits for a stream's first chunk before anything is sent: what a generator sets until then, and a file that is not there,
 * still make the answer.
 */
async function begun(body: AsyncIterable<Chunk>): Promise<AsyncIterable<Chunk>> {
  const chunks = body[Symbol.asyncIterator]()
  const first = await chunks.next()
  return resume(first, chunks)
}

// No generator: one that was never started passes no `return()` on.
function resume(first: IteratorResult<Chunk>, chunks: AsyncIterator<Chunk>): AsyncIterable<Chunk> {
  let begun = false
  const next = (): Promise<IteratorResult<Chunk>> => {
    if (begun) return chunks.next()
    begun = true
    return Promise.resolve(first)
  }
  const end = async (): Promise<IteratorResult<Chunk>> => {
    await chunks.return?.()
    return { done: true, value: undefined }
  }
  return { [Symbol.asyncIterator]: () => ({ next, return: end }) }
}

// req.signal watches until the last chunk.
async function* endingWith(body: AsyncIterable<Chunk>, req: Request<never>): AsyncGenerator<Chunk> {
  try {
    yield* body
  } finally {
    req.end()
  }
}

/** The answer in place of one that did not come; what held it is logged. */
function expire(waited: number, route: Route, req: Request<never>, res: Response, errors: ErrorAnswer): HttpResponse {
  errors.report(
    new Error(`${route.name} was not answered in ${waited} ms, so 503 was: ${held(route, res)}`),
    route,
    req,
  )
  req.end()
  res.reset()
  errors.writeDefault(new ServiceUnavailableError(), route.name, res)
  const { status, headers, body } = finish(route, req, res)
  // A copy: whoever was late may still write to the response.
  return { status, headers: Object.assign(createHeaders(), headers), body }
}

function held({ steps }: Route, res: Response): string {
  const { body, entered } = res
  if (entered < 0) return 'an error handler did not return'
  if (body !== undefined && !isChunk(body) && !res.chunked) return 'the first chunk of the body did not come'
  if (res.answered) return 'it was answered, but a handler or middleware did not return'
  return `${nameOf(steps[entered]!, steps)} neither answered nor called next()`
}

function recover(error: unknown, route: Route, req: Request<never>, res: Response, errors: ErrorAnswer) {
  errors.notify(error, route, req)
  res.reset()
  res.entered = -1
  const finishing = (): HttpResponse => {
    try {
      return finished(route, req, res)
    } catch (thrown) {
      // What is done after the handlers failed itself, such as a function for CORS: then without it.
      res.reset()
      errors.writeDefault(thrown, route.name, res)
      return { status: res.statusCode, headers: res.headers, body: res.body }
    }
  }
  const pending = errors.write(error, route, req, res)
  return pending === undefined ? finishing() : pending.then(finishing)
}

/** When the handlers are done; where the answer streams, `res.write` sends it off while they still run. */
async function settled(
  pending: Promise<void>,
  route: Route,
  req: Request<never>,
  res: Response,
  streaming: boolean,
): Promise<HttpResponse> {
  await (streaming ? Promise.race([pending, res.started]) : pending)
  if (!streaming || !res.chunked) return complete(route, req, res)
  const response = finish(route, req, res)
  const ended = pending.then(
    () => res.end(),
    (error) => res.end(error),
  )
  ended.finally(() => req.end())
  return response
}
