/** Where a call was made; the frames are formatted only if they are asked for. */
export interface CallSite {
  stack?: string
}

// As many of a test's own functions as supertest shows; each frame costs every expectation a little.
const FRAMES = 8

/** The function that a test called: frames from it down are not the test's. */
// biome-ignore lint/complexity/noBannedTypes: any function or class will do, as it is not called
export type Caller = Function

/** Remembers who called `above`. Cheap: V8 keeps the frames and writes the text at first reading. */
export function callSite(above: Caller): CallSite {
  const site: CallSite = {}
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = FRAMES
  Error.captureStackTrace(site, above)
  Error.stackTraceLimit = stackTraceLimit
  return site
}

/**
 * The error with the caller's frames in front, so that a failure points at the test's `.expect` line; the frames of the
 * check itself follow below `----`, as supertest has them.
 */
export function withCallSite<T>(error: T, site: CallSite): T {
  if (!(error instanceof Error) || !error.stack) return error
  const callers = frames(site.stack ?? '')
  const own = error.stack.replace(error.message, '').split('\n').slice(1)
  error.stack = [error.toString(), ...callers, '----', ...own].join('\n')
  return error
}

function frames(stack: string): string[] {
  return stack.split('\n').filter((line) => /^\s+at /.test(line))
}
