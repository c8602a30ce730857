import type { Next } from '../types.ts'

/** Goes on with the reason where what a handler returned is a promise, and it is rejected. */
export function follow(returned: unknown, next: Next): void {
  const promise = returned as PromiseLike<unknown>
  if (typeof promise.then === 'function')
    promise.then(ignore, (reason) => next(reason || new Error('Rejected promise')))
}

function ignore(): void {}
