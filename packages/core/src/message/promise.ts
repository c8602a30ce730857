/**
 * Whether a value is a promise, of this process or of a library: whatever has a method `then` (ECMAScript's PromiseResolve
 * asks the same).
 */
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof (value as Partial<PromiseLike<unknown>>).then === 'function'
