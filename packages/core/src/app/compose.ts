import type { Request } from '../handler/request.ts'
import type { Response } from '../handler/response.ts'
import { applyResult } from '../handler/result.ts'
import { isPromise } from '../message/promise.ts'

/**
 * Runs the rest of the chain and resolves when it is answered; code after `await next()` runs in reverse order.
 * An error passed to it is thrown, as in Express.
 */
export type Next = (error?: unknown) => Promise<void>

/** A middleware or, as the last of its chain, a handler. */
export type Step = (req: Request<never>, res: Response, next: Next) => unknown

/** Middleware and a handler, and the name that errors give them. */
export interface Chain {
  readonly steps: readonly Step[]
  readonly name: string
}

const done = Promise.resolve()

/**
 * Runs a chain from one of its steps on. Returns nothing if every step was synchronous, otherwise a promise.
 * @throws what a synchronous step throws.
 * @throws TypeError if a step returns or writes no answer.
 */
export function run(chain: Chain, index: number, req: Request<never>, res: Response): Promise<void> | undefined {
  const step = chain.steps[index]
  if (step === undefined)
    throw new TypeError(`${chain.name}: the last handler called next(), and nothing comes after it`)
  res.entered = index
  // A handler without the parameter `next` needs no function for it, and most chains consist of one such handler.
  if (index < chain.steps.length - 1 || step.length > 2) return runMiddleware(chain, step, index, req, res)
  const value = step(req, res, endOfChain)
  return isPromise(value)
    ? completeLater(chain, step, req, res, value)
    : complete(chain, step, req, res, value, undefined)
}

function runMiddleware(
  chain: Chain,
  step: Step,
  index: number,
  req: Request<never>,
  res: Response,
): Promise<void> | undefined {
  let rest: Promise<void> | undefined
  let failed = false
  const next: Next = (error) => {
    if (rest !== undefined) throw new Error(`${chain.name}: ${nameOf(step)} called next() twice`)
    rest = error === undefined ? start(chain, index + 1, req, res) : Promise.reject(error)
    if (rest === done) return rest
    // An error resets the response, so that a middleware which catches it starts clean. The rejection counts as handled
    // from here on, even if the middleware does not await it, as the chain awaits it below.
    rest.catch(() => {
      failed = true
      if (!res.sent) res.reset()
    })
    return rest
  }
  const value = step(req, res, next)
  if (value === done) return undefined
  if (!isPromise(value)) return complete(chain, step, req, res, value, rest)
  return Promise.resolve(value).then((result) => {
    const caught = failed && (result !== undefined || res.answered)
    return complete(chain, step, req, res, result, caught ? done : rest)
  })
}

async function completeLater(
  chain: Chain,
  step: Step,
  req: Request<never>,
  res: Response,
  value: PromiseLike<unknown>,
): Promise<void> {
  await complete(chain, step, req, res, await value, undefined)
}

const endOfChain: Next = (error) => {
  const refusal = Promise.reject(error ?? new TypeError('The last handler called next(), and nothing comes after it'))
  // A handler that does not await it must not end the process.
  refusal.catch(() => {})
  return refusal
}

// Always a promise, so that `next().finally(…)` works; `done` if nothing was asynchronous.
function start(chain: Chain, index: number, req: Request<never>, res: Response): Promise<void> {
  try {
    return run(chain, index, req, res) ?? done
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Writes what a step returned, and gives what is still running behind it. */
function complete(
  chain: Chain,
  step: Step,
  req: Request<never>,
  res: Response,
  value: unknown,
  rest: Promise<void> | undefined,
): Promise<void> | undefined {
  if (value !== undefined) applyResult(req, res, value, chain.name)
  else if (rest === undefined && !res.answered) throw unanswered(chain, step)
  return rest === done ? undefined : rest
}

function unanswered(chain: Chain, step: Step): TypeError {
  const fault =
    chain.steps.at(-1) === step
      ? 'the handler returned nothing and wrote nothing to res'
      : `${nameOf(step)} neither answered nor called next()`
  return new TypeError(`${chain.name}: ${fault}`)
}

/** The name of a step in errors and logs. */
export const nameOf = (step: Step, steps?: readonly Step[]): string =>
  steps?.at(-1) === step ? 'the handler' : step.name ? `middleware ${step.name}` : 'a middleware'
