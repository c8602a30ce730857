import type { Clock, LambdaContext } from '../context.ts'
import { TimedOut } from './lambda-error.ts'

export interface Patience {
  /** The clock that the context's deadline is measured on. */
  clock?: Clock
  /** Milliseconds after which the gateway stops waiting. */
  gatewayTimeoutMs?: number
  signal?: AbortSignal
}

export interface Watch {
  /** Rejects with {@link TimedOut} or with the signal's reason. */
  readonly expired: Promise<never>
  stop(): void
}

/** Waits for the function's deadline, the gateway's patience and the caller's signal, whichever comes first. */
export function watch(context: LambdaContext, { clock, gatewayTimeoutMs, signal }: Patience): Watch {
  const totalMs = context.getRemainingTimeInMillis()
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timeOut = (by: 'function' | 'gateway', afterMs: number) =>
    reject(new TimedOut(by, afterMs, context.awsRequestId))
  const deadline = startTimer(totalMs, () => timeOut('function', totalMs))
  const stopListening = clock?.onAdvance(() => {
    const leftMs = context.getRemainingTimeInMillis()
    // On a frozen clock the timer only guards against a handler that never answers while nobody moves the clock.
    if (leftMs <= 0) timeOut('function', totalMs)
    else if (!clock.frozen) deadline.restart(leftMs)
  })
  const patience =
    gatewayTimeoutMs === undefined || gatewayTimeoutMs >= totalMs
      ? undefined
      : startTimer(gatewayTimeoutMs, () => timeOut('gateway', gatewayTimeoutMs))
  const abort = () => reject(signal?.reason)
  signal?.addEventListener('abort', abort)
  // Nobody may be waiting any more when time is up.
  expired.catch(() => {})
  return {
    expired,
    stop() {
      deadline.stop()
      patience?.stop()
      stopListening?.()
      signal?.removeEventListener('abort', abort)
    },
  }
}

function startTimer(milliseconds: number, expire: () => void) {
  let timer = setTimeout(expire, clampDelay(milliseconds))
  return {
    stop: () => clearTimeout(timer),
    restart(left: number) {
      clearTimeout(timer)
      timer = setTimeout(expire, clampDelay(left))
    },
  }
}

/** What a timer can take: more than 24.8 days would fire at once. */
const clampDelay = (milliseconds: number): number => Math.min(Math.max(milliseconds, 0), 2 ** 31 - 1)
