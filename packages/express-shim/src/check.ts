/** @throws TypeError with the message where the condition does not hold. */
export function check(condition: unknown, message: string): asserts condition {
  if (condition) return
  const error = new TypeError(message)
  // The stack begins with whoever checked.
  Error.captureStackTrace(error, check)
  throw error
}
