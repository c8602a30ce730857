import { isPromise } from '@expressway/core/base'
import type { Next } from '../types.ts'

/** Goes on with the reason if a handler returned a promise that is rejected. */
export function follow(returned: unknown, next: Next): void {
  if (isPromise(returned)) returned.then(ignore, (reason) => next(reason || new Error('Rejected promise')))
}

function ignore(): void {}
