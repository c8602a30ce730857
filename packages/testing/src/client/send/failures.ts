/** superagent's error for a body beyond `.maxResponseSize()`. */
export function tooLarge(): Error {
  return Object.assign(new Error('Maximum response size reached'), { code: 'ETOOLARGE' })
}

/** superagent's error for a request that the test aborted. */
export function aborted(method: string, url: string): Error {
  return Object.assign(new Error('Aborted'), { code: 'ABORTED', status: undefined, method, url })
}

/** Whether this is the error of {@link aborted}. */
export function isAborted(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ABORTED'
}

/** superagent's error for a limit that the test set itself. */
export function timedOut(what: 'Timeout' | 'Response timeout', limit: number): Error {
  const errno = what === 'Timeout' ? 'ETIME' : 'ETIMEDOUT'
  return Object.assign(new Error(`${what} of ${limit}ms exceeded`), { timeout: limit, code: 'ECONNABORTED', errno })
}

const SYSTEM_ERRORS: Record<string, string> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EPIPE: 'Broken pipe',
  ETIMEDOUT: 'Operation timed out',
}

/** supertest's short words for a target that cannot be reached. */
export function toConnectionError(error: Error & { code?: string; syscall?: string }): Error {
  const reason = error.syscall === 'connect' && error.code ? SYSTEM_ERRORS[error.code] : undefined
  return reason ? new Error(`${error.code}: ${reason}`, { cause: error }) : error
}
