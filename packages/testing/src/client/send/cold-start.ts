import { lambdaContext } from '../../context.ts'
import { gateway } from '../../gateway.ts'
import { eventFor } from '../../gateways/event-for.ts'
import { type Invoked, type InvokeOptions, invoke } from '../../invoke.ts'
import { Crash, type HandlerProcess, startHandlerProcess } from '../../process/handler-process.ts'
import { failingHandler, LoadFailure } from '../../process/load-failure.ts'
import type { Invocation } from '../../process/settings.ts'
import type { WireRequest } from '../../wire.ts'

/** Where the handler is. */
export interface HandlerModule {
  file: string
  exportName?: string
}

/** What `invoke` gives, and how long the module took to load. */
export type ColdInvoked = Invoked & { initMs?: number }

// Without them a process takes ids and times of its own; these are the ones that a warm request has.
const AS_WARM = {
  requestId: undefined,
  time: undefined,
  traceId: undefined,
  protocol: undefined,
  invokeMode: undefined,
  responseTransferMode: undefined,
}

/**
 * Invokes a handler in a process that is started for it, as Lambda does for a cold start.
 * @throws TypeError if the context has a clock, which another process cannot see
 */
export async function invokeCold(
  module: HandlerModule,
  request: WireRequest,
  options: InvokeOptions,
): Promise<ColdInvoked> {
  if (options.context?.clock) {
    throw new TypeError('.cold() runs the handler in a process of its own, which a clock of the test does not reach.')
  }
  const gate = gateway(options.gateway ?? 'http-api')
  const own = options.rawEvent === undefined ? gate.answer(request, options.gatewayOptions) : undefined
  if (own !== undefined) return invoke(async () => {}, request, options)
  const event = eventFor(gate, request, options)
  const started = performance.now()
  const child = startHandlerProcess(module)
  const stop = () => void child.end()
  options.signal?.addEventListener('abort', stop, { once: true })
  try {
    await child.ready
    const initMs = performance.now() - started
    const settings = {
      gateway: gate.name,
      gatewayOptions: { ...AS_WARM, ...options.gatewayOptions },
      context: { requestId: undefined, ...options.context },
    }
    const invocation = await child.invoke(request, settings, options.signal, event)
    const context = lambdaContext(options.context)
    return { ...(await untilDone(invocation, child)), context, initMs }
  } catch (error) {
    await child.end()
    options.signal?.throwIfAborted()
    return failed(error, request, { ...options, rawEvent: event, event: undefined })
  } finally {
    options.signal?.removeEventListener('abort', stop)
  }
}

/** The process ends with the invocation, or with the body if that is still coming. */
async function untilDone(invocation: Invocation, child: HandlerProcess): Promise<Invocation> {
  const { stream } = invocation.response
  if (stream !== undefined) invocation.response.stream = thenEnd(stream, child)
  else {
    await invocation.finished
    await child.end()
  }
  return invocation
}

async function* thenEnd(stream: AsyncIterable<Uint8Array>, child: HandlerProcess): AsyncGenerator<Uint8Array> {
  try {
    yield* stream
  } finally {
    await child.end()
  }
}

/** What the gateway answers for a module that does not load, or a process that ends. */
async function failed(error: unknown, request: WireRequest, options: InvokeOptions): Promise<Invoked> {
  if (error instanceof Crash) return invoke(failingHandler(error.error), request, options)
  if (error instanceof LoadFailure) return invoke(failingHandler(error), request, options)
  throw error
}
