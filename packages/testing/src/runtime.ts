/**
 * Calls a handler as Lambda's Node.js runtime does, buffered or streamed.
 * @module
 */
import type { LambdaContext } from './context.ts'
import { invocationLimit } from './gateways/limits.ts'
import { watch } from './runtime/deadline.ts'
import { isStreaming, type LambdaHandler, refusal } from './runtime/handler.ts'
import { copyPlain } from './runtime/json-copy.ts'
import { failureOf, formatError, named } from './runtime/lambda-error.ts'
import type { Run, RunOptions } from './runtime/run.ts'
import { runStreaming } from './runtime/streaming.ts'

export { installStreaming, isStreaming, type LambdaHandler } from './runtime/handler.ts'
export type { Run, RunOptions } from './runtime/run.ts'
export { collect } from './runtime/streaming.ts'

/**
 * Calls the handler as Lambda's Node.js runtime does: a copy of the event that went through JSON, two parameters (three
 * for a streaming handler), an end at the deadline, and the result through JSON again.
 * @throws TypeError if the handler is not a function
 * @example const { outcome } = await runHandler(handler, event, lambdaContext())
 */
export async function runHandler(
  handler: LambdaHandler,
  event: unknown,
  context: LambdaContext,
  options: RunOptions = {},
): Promise<Run> {
  if (typeof handler !== 'function') {
    throw new TypeError(`A Lambda handler is a function, this is ${handler === null ? 'null' : typeof handler}`)
  }
  options.signal?.throwIfAborted()
  const refused = refusal(handler)
  if (refused !== undefined) return failed(refused)
  const copy = event === undefined ? null : (copyPlain(event) ?? JSON.parse(JSON.stringify(event)))
  return isStreaming(handler)
    ? runStreaming(handler, copy, context, options)
    : runBuffered(handler, copy, context, options)
}

const failed = (error: unknown): Run => ({
  outcome: failureOf(error),
  finished: Promise.resolve(formatError(error)),
})

async function runBuffered(
  handler: LambdaHandler,
  event: unknown,
  context: LambdaContext,
  options: RunOptions,
): Promise<Run> {
  const { expired, stop } = watch(context, options)
  try {
    const result = await Promise.race([(async () => handler(event, context))(), expired])
    return { outcome: { kind: 'result', result: throughJson(result) }, finished: Promise.resolve(undefined) }
  } catch (error) {
    options.signal?.throwIfAborted()
    return failed(error)
  } finally {
    stop()
  }
}

/** The result as the gateway gets it: undefined has become null, a Buffer an object, and a BigInt an error. */
function throughJson(result: unknown): unknown {
  if (result === undefined) return null
  const copied = copyPlain(result, invocationLimit)
  if (copied !== undefined) return copied
  const json = serialize(result)
  // The runtime's native client takes only strings, and a function or a symbol has no JSON.
  if (json === undefined) throw new TypeError('Wrong arguments')
  if (Buffer.byteLength(json) > invocationLimit) {
    throw named(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${invocationLimit} bytes).`,
    )
  }
  return JSON.parse(json)
}

function serialize(result: unknown): string | undefined {
  try {
    return JSON.stringify(result)
  } catch {
    throw named('Runtime.JSONStringifyError', 'Unable to stringify response body')
  }
}
