import { buildHttpApiEvent } from '../events/http-api.ts'
import { normalBasePath } from '../events/options.ts'
import { matchResource } from '../events/resource.ts'
import type { WireRequest, WireResponse } from '../wire.ts'
import type { Gateway, GatewayOptions, Outcome } from './contract.ts'
import { corsOf, overrideCors, preflight } from './cors.ts'
import { answerWith, reasonOf } from './failure.ts'
import { eventIsTooLarge, headerBytes, mebibytes, targetLength } from './limits.ts'
import { type PayloadV2Rules, readPayloadV2 } from './payload-v2.ts'
import * as response from './response.ts'

/** Recorded in both payload formats: the type of a result with a status and without a type. */
export const plainText = 'text/plain; charset=utf-8'

/** Milliseconds that an HTTP API waits: AWS allows at most 30 seconds, and no quota raises it. */
export const timeoutMs = (options?: GatewayOptions): number => Math.min(options?.timeoutMs ?? 30_000, 30_000)

/** The custom domain's mapping or the stage, as it precedes paths in the client's URLs; `''` for `$default`. */
export function basePath(options: GatewayOptions = {}): string {
  if (options.basePath !== undefined) return normalBasePath(options.basePath)
  const stage = options.stage ?? '$default'
  return stage === '$default' ? '' : `/${stage}`
}

/** The answers of an HTTP API without the function: preflight requests, limits, an unknown route. */
export function answer(
  request: WireRequest,
  options: GatewayOptions = {},
  toEvent: (request: WireRequest, options: GatewayOptions) => unknown,
): WireResponse | undefined {
  const { resource, pathParameters } = options
  const own = preflight(request, corsOf(options))
  if (own !== undefined) return own
  if (targetLength(request) + request.method.length + headerBytes(request, 'lines') > 10_240) {
    return response.messageResponse(431, 'Request Header Fields Too Large')
  }
  if (resource !== undefined && pathParameters === undefined && !matchResource(resource, request.path)) {
    return response.messageResponse(404, 'Not Found')
  }
  const tooLarge = (request.body?.length ?? 0) > mebibytes(10)
  if (tooLarge || eventIsTooLarge(request, () => toEvent(request, options))) {
    return response.messageResponse(413, 'Request Entity Too Large')
  }
  return undefined
}

/** Commonly seen is 500, with this spelling; AWS's page names 502. */
export const fail = (reason: string, warnings: string[]): WireResponse =>
  response.messageResponse(500, 'Internal Server Error', [...warnings, reason])

/** The answer after the API stopped waiting; `undefined` for any other outcome. */
export function gatewayTimeout(outcome: Outcome): WireResponse | undefined {
  if (outcome.kind !== 'timeout' || outcome.by !== 'gateway') return undefined
  return response.messageResponse(503, 'Service Unavailable', [reasonOf(outcome)])
}

function toResponse(outcome: Outcome, request: WireRequest, options: GatewayOptions = {}): WireResponse {
  const rules: PayloadV2Rules = {
    rename: (name) => name.toLowerCase(),
    cors: (lines, warnings) => overrideCors(lines, request, corsOf(options), warnings),
    defaultType: plainText,
  }
  const read = (result: unknown, warnings: string[]) => readPayloadV2(result, request, rules, warnings)
  return gatewayTimeout(outcome) ?? answerWith(outcome, read, fail)
}

/** API Gateway HTTP API, payload format 2.0. */
export const httpApi: Gateway = {
  name: 'http-api',
  answer: (request, options) => answer(request, options, buildHttpApiEvent),
  toEvent: buildHttpApiEvent,
  toResponse,
  streams: () => false,
  timeoutMs,
  basePath,
}
