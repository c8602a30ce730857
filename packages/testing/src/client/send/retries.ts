import type { RequestSpec } from '../spec.ts'
import type { Outcome } from './execution.ts'

const CODES = new Set(
  'ETIMEDOUT ECONNRESET EADDRINUSE ECONNREFUSED EPIPE ENOTFOUND ENETUNREACH EAI_AGAIN ECONNABORTED'.split(' '),
)
const STATUSES = new Set([408, 413, 429, 500, 502, 503, 504, 521, 522, 524])

/** Whether superagent would send the request again: the test's own callback decides first. */
export function shouldRetry({ retryCallback }: RequestSpec, { error, response }: Outcome): boolean {
  try {
    const decided = retryCallback?.(error, response)
    if (typeof decided === 'boolean') return decided
  } catch (thrown) {
    console.error(thrown)
  }
  if (response && STATUSES.has(response.status)) return true
  return CODES.has((error as { code?: string } | null)?.code ?? '')
}
