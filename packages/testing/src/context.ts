/**
 * The Lambda context, with a clock that a test moves.
 * @module
 */
import type { Context } from 'aws-lambda'

/** A clock that tests move: time runs on by itself unless it was started frozen. */
export interface Clock {
  /** Whether only `advance` moves it. */
  readonly frozen: boolean
  /** Milliseconds since 1970. */
  now(): number
  /** Moves the clock on by so many milliseconds; a deadline that is passed by it ends the invocation. */
  advance(milliseconds: number): void
  /** Calls back after each `advance`; the result stops that. */
  onAdvance(listener: () => void): () => void
}

/**
 * @param start milliseconds since 1970; with it the clock stands still and only `advance` moves it
 * @example const clock = createClock(Date.UTC(2025, 0, 1))
 */
export function createClock(start?: number): Clock {
  const listeners = new Set<() => void>()
  let offset = 0
  return {
    frozen: start !== undefined,
    now: () => (start ?? Date.now()) + offset,
    advance(milliseconds) {
      offset += milliseconds
      for (const listener of [...listeners]) listener()
    },
    onAdvance(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Members of the context; each has a fixed default. */
export interface ContextOptions {
  /** Milliseconds until Lambda stops the function; default 3000, Lambda's own default. */
  remainingMs?: number
  /** The clock that the deadline is measured on. */
  clock?: Clock
  functionName?: string
  functionVersion?: string
  memoryLimitInMB?: string
  requestId?: string
  region?: string
  accountId?: string
  invokedFunctionArn?: string
  logGroupName?: string
  logStreamName?: string
  /** Of a function with tenant isolation. */
  tenantId?: string
  xRayTraceId?: string
  identity?: Context['identity']
  clientContext?: Context['clientContext']
}

/** Lambda's context since Node.js 24: no callbacks, no `callbackWaitsForEmptyEventLoop`. */
export type LambdaContext = Omit<Context, 'callbackWaitsForEmptyEventLoop' | 'done' | 'fail' | 'succeed'> & {
  tenantId?: string
  xRayTraceId?: string
}

/**
 * The context that Lambda hands a function, with fixed ids and a clock that tests can move.
 * @example lambdaContext({ remainingMs: 500 }).getRemainingTimeInMillis() // 500, then less
 */
export function lambdaContext(options: ContextOptions = {}): LambdaContext {
  const { clock = createClock(), remainingMs = 3000, functionName = 'function', functionVersion = '$LATEST' } = options
  const { region = 'us-east-1', accountId = '123456789012' } = options
  const deadline = clock.now() + remainingMs
  return {
    clientContext: options.clientContext,
    identity: options.identity,
    invokedFunctionArn: options.invokedFunctionArn ?? `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
    awsRequestId: options.requestId ?? '00000000-0000-4000-8000-000000000002',
    tenantId: options.tenantId,
    xRayTraceId: options.xRayTraceId,
    getRemainingTimeInMillis: () => deadline - clock.now(),
    functionName,
    functionVersion,
    memoryLimitInMB: options.memoryLimitInMB ?? '128',
    logGroupName: options.logGroupName ?? `/aws/lambda/${functionName}`,
    logStreamName: options.logStreamName ?? '2025/01/01/[$LATEST]00000000000000000000000000000001',
  }
}
