import type { EventDescription } from '../src/events.ts'
import { toWireRequest } from '../src/events.ts'
import type { GatewayName, GatewayOptions, Outcome, WireResponse } from '../src/gateway.ts'
import { gateway } from '../src/gateway.ts'

/** What a client receives for a function's result. */
export function answer(
  name: GatewayName,
  result: unknown,
  request: EventDescription = {},
  options: GatewayOptions = {},
): WireResponse {
  return gateway(name).toResponse({ kind: 'result', result }, toWireRequest(request), options)
}

export const settle = (name: GatewayName, outcome: Outcome, options: GatewayOptions = {}): WireResponse =>
  gateway(name).toResponse(outcome, toWireRequest({}), options)

export const text = (response: WireResponse): string => Buffer.from(response.body).toString()

/** A header's lines, its name in the case sent. */
export const lines = (response: WireResponse, name: string): [string, string][] =>
  response.headers.filter(([field]) => field.toLowerCase() === name.toLowerCase())

export const value = (response: WireResponse, name: string): string | undefined => lines(response, name)[0]?.[1]

export const failure: Outcome = { kind: 'error', error: { errorType: 'Error', errorMessage: 'broken', trace: [] } }

export const timeout = (by: 'function' | 'gateway'): Outcome => ({
  kind: 'timeout',
  by,
  afterMs: 3000,
  error: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 3.00 seconds' },
})

export async function* chunksOf(...chunks: string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}
