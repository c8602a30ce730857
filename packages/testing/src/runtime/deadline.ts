import type { Clock, LambdaContext } from '../context.ts'
import { TimedOut } from './lambda-error.ts'

/** The limits on a run, besides the deadline of the context. */
export interface Patience {
  /** The clock that the context's deadline is measured on. */
  clock?: Clock
  /** Milliseconds after which the gateway stops waiting. */
  gatewayTimeoutMs?: number
  signal?: AbortSignal
}

/** A wait for the end of a run's time. */
export interface Watch {
  /** Rejects with {@link TimedOut} or with the signal's reason. */
  readonly expired: Promise<never>
  stop(): void
}

/** Waits for the function's deadline, the gateway's time-out and the caller's signal, whichever comes first. */
export function watch(context: LambdaContext, { clock, gatewayTimeoutMs, signal }: Patience): Watch {
  const totalMs = context.getRemainingTimeInMillis()
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timeOut = (by: 'function' | 'gateway', afterMs: number) =>
    reject(new TimedOut(by, afterMs, context.awsRequestId))
  const deadline = startTimer(totalMs, () => timeOut('function', totalMs))
  const stopListening = clock?.onAdvance(() => {
    const leftMs = context.getRemainingTimeInMillis()
    // On a frozen clock the timer only ends a handler that never answers while the test does not move the clock.
    if (leftMs <= 0) timeOut('function', totalMs)
    else if (!clock.frozen) deadline.restart(leftMs)
  })
  const patience =
    gatewayTimeoutMs === undefined || gatewayTimeoutMs >= totalMs
      ? undefined
      : startTimer(gatewayTimeoutMs, () => timeOut('gateway', gatewayTimeoutMs))
  const abort = () => reject(signal?.reason)
  signal?.addEventListener('abort', abort)
  // The deadline may pass when no code awaits this promise any more.
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

/** A delay in milliseconds that a timer can take: one above 2^31 - 1 (24.8 days) would fire at once. */
const clampDelay = (milliseconds: number): number => Math.min(Math.max(milliseconds, 0), 2 ** 31 - 1)
