import type { Next, ParamHandler, Params, RoutedRequest, RoutedResponse } from '../types.ts'
import { follow } from './follow.ts'
import type { Layer, Match } from './layer.ts'
import { isTraced, traceParam } from './tracing.ts'

/** What a parameter's callbacks made of one value, so that they run once for it however many layers have the name. */
interface Call {
  match: unknown
  value: unknown
  error: unknown
}

/** The calls of one walk, by parameter. */
export type Calls = Record<string, Call>

/** Whether a matched parameter has callbacks. */
export function hasParamHandlers(handlers: Record<string, ParamHandler[]>, match: Match): boolean {
  for (const name in handlers) if (match.params[name] !== undefined) return true
  return false
}

/** Runs the `router.param` callbacks of a matched layer, in the order of its parameters. */
export function processParams(
  handlers: Record<string, ParamHandler[]>,
  layer: Layer,
  keys: string[],
  calls: Calls,
  req: RoutedRequest,
  res: RoutedResponse,
  done: Next,
): void {
  // Asked for at each use: a callback may put others in their place.
  const params = () => req.params as Params
  let at = 0
  nextKey()

  function nextKey(error?: unknown): unknown {
    if (error) return done(error)
    while (at < keys.length) {
      const key = keys[at++] as string
      const value = params()[key]
      const list = handlers[key]
      if (value === undefined || !list) continue
      const earlier = calls[key]
      if (!earlier || (earlier.match !== value && (!earlier.error || earlier.error === 'route'))) {
        return run(key, value, list)
      }
      params()[key] = earlier.value
      if (earlier.error) return done(earlier.error)
    }
    done()
  }

  function run(key: string, value: unknown, list: ParamHandler[]): void {
    const call: Call = { match: value, value, error: null }
    calls[key] = call
    let turn = 0
    step()

    function step(error?: unknown): unknown {
      const handler = list[turn++]
      call.value = params()[key]
      call.error = error || null
      if (error || !handler) return nextKey(error)
      if (isTraced()) return traceParam(layer, handler, req, res, step, value, key)
      try {
        const returned = handler(req, res, step, value, key)
        if (returned) follow(returned, step)
      } catch (thrown) {
        step(thrown)
      }
    }
  }
}
