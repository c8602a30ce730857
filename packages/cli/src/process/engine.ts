import type { WireRequest } from '@expressway/testing/gateway'
import { invoke } from '@expressway/testing/invoke'
import { type Invocation, type InvocationSettings, invocationSettings } from '@expressway/testing/process'
import type { LambdaHandler } from '@expressway/testing/runtime'

/** Sends requests through the gateway and the runtime to a handler, in this process or in another. */
export interface Engine {
  /**
   * Rejects only when the signal is aborted: the gateway answers for a handler that fails.
   * @param signal aborted when the client went away
   */
  invoke(request: WireRequest, signal: AbortSignal): Promise<Invocation>
  close(): Promise<void>
}

/** Runs the handler in this process. */
export const localEngine = (handler: LambdaHandler, settings: InvocationSettings): Engine => ({
  invoke: (request, signal) => invoke(handler, request, { ...invocationSettings(handler, settings), signal }),
  close: async () => {},
})
