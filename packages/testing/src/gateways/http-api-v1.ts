import { buildHttpApiV1Event } from '../events/http-api-v1.ts'
import type { WireRequest, WireResponse } from '../wire.ts'
import type { Gateway, GatewayOptions, Outcome } from './contract.ts'
import { corsOf, overrideCors } from './cors.ts'
import { answerWith } from './failure.ts'
import { answer, basePath, fail, gatewayTimeout, plainText, timeoutMs } from './http-api.ts'
import { mergedHeaders } from './multi-value.ts'
import * as response from './response.ts'

/** API Gateway HTTP API, payload format 1.0. */
export const httpApiV1: Gateway = {
  name: 'http-api-v1',
  answer: (request, options) => answer(request, options, buildHttpApiV1Event),
  toEvent: buildHttpApiV1Event,
  toResponse,
  streams: () => false,
  timeoutMs,
  basePath,
}

function toResponse(outcome: Outcome, request: WireRequest, options: GatewayOptions = {}): WireResponse {
  const answered = (result: unknown, warnings: string[]) => read(result, request, options, warnings)
  return gatewayTimeout(outcome) ?? answerWith(outcome, answered, fail)
}

/** SAM CLI's source: payload 1.0 infers nothing, so an answer without statusCode is an error; other keys are ignored. */
function read(result: unknown, request: WireRequest, options: GatewayOptions, warnings: string[]): WireResponse {
  if (!response.isObject(result)) {
    throw new response.Malformed(
      `The function returned ${response.describe(result)}: return { statusCode, headers, body }.`,
    )
  }
  const status = response.readStatus(result.statusCode)
  if (status === undefined) throw new response.Malformed('The answer has no statusCode: payload 1.0 requires one.')
  if ('cookies' in result) {
    warnings.push('cookies is ignored in payload 1.0: put them in multiValueHeaders["set-cookie"], or use payload 2.0.')
  }
  const merged = mergedHeaders(result, toText, 'single-first')
  response.checkCookies(merged, 'put each in multiValueHeaders["set-cookie"].', warnings)
  const lines = overrideCors(response.endToEnd(merged), request, corsOf(options), warnings)
  if (!lines.some(([name]) => name.toLowerCase() === 'content-type')) lines.push(['content-type', plainText])
  response.checkHeaderSize(lines)
  const text = response.readBody(result)
  const body = result.isBase64Encoded === true ? response.decodeBase64(text) : Buffer.from(text)
  const lower = lines.map(([name, value]): [string, string] => [name.toLowerCase(), value])
  return response.toWire({ status, lines: lower, body }, request, warnings)
}

function toText(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return String(value)
  throw new response.Malformed(`Header "${name}" is ${response.describe(value)}: return a string.`)
}
