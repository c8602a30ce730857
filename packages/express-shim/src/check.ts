/** @throws TypeError with the message if the condition is falsy. */
export function check(condition: unknown, message: string): asserts condition {
  if (condition) return
  const error = new TypeError(message)
  // The stack begins at the caller.
  Error.captureStackTrace(error, check)
  throw error
}
