import type { Request } from '../handler/request.ts'
import type { Response } from '../handler/response.ts'
import { applyResult } from '../handler/result.ts'

/**
 * Runs the rest of the chain and settles when it is answered; what stands after `await next()` runs in reverse order.
 * An error given to it is thrown, as in Express.
 */
export type Next = (error?: unknown) => Promise<void>

/** A middleware or, last of its chain, a handler. */
export type Step = (req: Request<never>, res: Response, next: Next) => unknown

/** Middleware and a handler, and how they are called in errors. */
export interface Chain {
  readonly steps: readonly Step[]
  readonly name: string
}

const done = Promise.resolve()

/** Runs a chain from one of its steps on. Returns nothing where every step was synchronous, else a promise. */
export function run(chain: Chain, index: number, req: Request<never>, res: Response): Promise<void> | undefined {
  const step = chain.steps[index]
  if (step === undefined)
    throw new TypeError(`${chain.name}: the last handler called next(), and nothing comes after it`)
  res.entered = index
  // The handler: most name no `next`, and most chains are nothing else.
  if (index < chain.steps.length - 1 || step.length > 2) return runMiddleware(chain, step, index, req, res)
  const value = step(req, res, endOfChain)
  return isThenable(value) ? settleLater(chain, step, res, value) : settle(chain, step, res, value, undefined)
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
    // An error takes back what was written: who catches it answers anew, and who does not even wait for it shall not
    // bring down the process, as the chain itself waits below.
    rest.catch(() => {
      failed = true
      if (!res.sent) res.reset()
    })
    return rest
  }
  const value = step(req, res, next)
  if (value === done) return undefined
  if (!isThenable(value)) return settle(chain, step, res, value, rest)
  return Promise.resolve(value).then((settled) => {
    const caught = failed && (settled !== undefined || res.answered)
    return settle(chain, step, res, settled, caught ? done : rest)
  })
}

async function settleLater(chain: Chain, step: Step, res: Response, value: PromiseLike<unknown>): Promise<void> {
  await settle(chain, step, res, await value, undefined)
}

const endOfChain: Next = (error) => {
  const refusal = Promise.reject(error ?? new TypeError('The last handler called next(), and nothing comes after it'))
  // Who does not wait for it shall not end the process.
  refusal.catch(() => {})
  return refusal
}

// Always a promise, so that `next().finally(…)` works; `done` where nothing was asynchronous.
function start(chain: Chain, index: number, req: Request<never>, res: Response): Promise<void> {
  try {
    return run(chain, index, req, res) ?? done
  } catch (error) {
    return Promise.reject(error)
  }
}

function settle(chain: Chain, step: Step, res: Response, value: unknown, rest: Promise<void> | undefined) {
  if (value !== undefined) applyResult(res, value, chain.name)
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

/** How a step is called in errors and logs. */
export const nameOf = (step: Step, steps?: readonly Step[]): string =>
  steps?.at(-1) === step ? 'the handler' : step.name ? `middleware ${step.name}` : 'a middleware'

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function'
