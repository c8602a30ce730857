import type { TracedLayer } from '../exchange.ts'
import { type Expectation, mismatch, show } from './expectation.ts'

/** A layer of this name or path (`GET /users/:id`, `/users/:id`, `auth`), one that matches, or this function. */
export function expectHandledBy(layer: string | RegExp | ((...args: never[]) => unknown)): Expectation {
  return ({ trace = [] }) => {
    if (trace.some((entered) => isLayer(entered, layer))) return
    const entered = trace.map(describe)
    const wanted = typeof layer === 'function' ? layer.name || 'this function' : layer
    if (entered.length > 0) {
      return mismatch(`expected ${show(wanted)} to handle it, got: ${entered.join(', ')}`, wanted, entered)
    }
    return new Error(
      `expected ${show(wanted)} to handle it, but no layer was seen: the application has to run in this process, on ` +
        'Express 5.3 or later or the shim, whose routers publish their layers.',
    )
  }
}

function isLayer(entered: TracedLayer, wanted: string | RegExp | ((...args: never[]) => unknown)): boolean {
  if (typeof wanted === 'function') return entered.handler === wanted
  const { name, path, method } = entered
  const known = method ? [name, path, `${method} ${path}`] : [name, path]
  return typeof wanted === 'string' ? known.includes(wanted) : known.some((text) => wanted.test(text))
}

function describe({ name, path, method }: TracedLayer): string {
  return `${name} ${method ? `${method} ` : ''}${path}`
}
