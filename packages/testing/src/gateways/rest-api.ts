import { isBinaryType, mediaType } from '../events/body.ts'
import { lastValue } from '../events/fields.ts'
import { normalBasePath } from '../events/options.ts'
import { matchResource } from '../events/resource.ts'
import { buildRestApiEvent } from '../events/rest-api.ts'
import type { WireRequest, WireResponse } from '../wire.ts'
import type { Gateway, GatewayOptions, Outcome, StreamOutcome } from './contract.ts'
import { answerWith, guarded, reasonOf } from './failure.ts'
import { eventIsTooLarge, headerBytes, mebibytes, targetLength } from './limits.ts'
import { mergedHeaders } from './multi-value.ts'
import { readPrelude } from './prelude.ts'
import * as response from './response.ts'

/** API Gateway REST API, Lambda proxy integration. */
export const restApi: Gateway = {
  name: 'rest-api',
  answer,
  toEvent: buildRestApiEvent,
  toResponse,
  streams: (options) => options?.responseTransferMode === 'STREAM',
  timeoutMs: (options) => options?.timeoutMs ?? (options?.responseTransferMode === 'STREAM' ? 900_000 : 29_000),
  basePath: (options) =>
    options?.basePath === undefined ? `/${options?.stage ?? 'prod'}` : normalBasePath(options.basePath),
}

function answer(request: WireRequest, options: GatewayOptions = {}): WireResponse | undefined {
  const { resource, pathParameters } = options
  if (resource !== undefined && pathParameters === undefined && !matchResource(resource, request.path)) {
    // The message is API Gateway's for a path that no resource has, whatever its name says.
    return response.messageResponse(403, 'Missing Authentication Token')
  }
  // AWS: these have to be encoded in a query. The status is not documented.
  if (/[|{}]/.test(request.query)) return response.messageResponse(400, 'Bad Request')
  if (targetLength(request) > (options.endpointType === 'EDGE' ? 8192 : 10_240)) {
    return response.messageResponse(414, 'Request-URI Too Long')
  }
  if (headerBytes(request, 'values') > 10_240) {
    return response.messageResponse(options.endpointType === 'EDGE' ? 494 : 431, 'Request Header Fields Too Large')
  }
  if (
    (request.body?.length ?? 0) > mebibytes(10) ||
    eventIsTooLarge(request, () => buildRestApiEvent(request, options))
  ) {
    return response.messageResponse(413, 'Request Too Long')
  }
  return undefined
}

/** Recorded for a result that the API refuses, with the space in the text (V1_HandlesZeroStatusCodeRest). */
function fail(reason: string, warnings: string[]): WireResponse {
  const failed = response.ownResponse(502, '{"message": "Internal server error"}', 'application/json', [
    ...warnings,
    reason,
  ])
  failed.headers.push(['x-amzn-ErrorType', 'InternalServerErrorException'])
  return failed
}

function toResponse(outcome: Outcome, request: WireRequest, options: GatewayOptions = {}): WireResponse {
  if (outcome.kind === 'timeout' && outcome.by === 'gateway') {
    return response.messageResponse(504, 'Endpoint request timed out', [reasonOf(outcome)])
  }
  if (options.responseTransferMode === 'STREAM') return streamed(outcome)
  return answerWith(outcome, (result, warnings) => read(result, request, options, warnings), fail)
}

const known = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded', 'base64Encoded'])

function read(result: unknown, request: WireRequest, options: GatewayOptions, warnings: string[]): WireResponse {
  if (!response.isObject(result)) {
    throw new response.Malformed(
      `The function returned ${response.describe(result)}: return { statusCode, headers, body }.`,
    )
  }
  for (const key of Object.keys(result)) if (!known.has(key)) throw new response.Malformed(unknownKey(key))
  const status = response.readStatus(result.statusCode)
  // Recorded: `{ headers }` alone is a 200. Other documents call it malformed, so it is worth a warning.
  if (status === undefined) warnings.push('The answer has no statusCode and so counts as 200: always return one.')
  const lines = mergedHeaders(result, toText, 'multi-first')
  response.checkHeaderSize(lines)
  const text = response.readBody(result)
  const decoded = readBytes(result, text, request, options, warnings)
  if (decoded === undefined) return badBase64(warnings)
  const draft = { status: status ?? 200, lines: renamed(withContentType(lines)), body: decoded }
  return response.toWire(draft, request, warnings)
}

function unknownKey(key: string): string {
  if (key === 'cookies') {
    return 'A REST API refuses an answer with "cookies": put them in multiValueHeaders["set-cookie"].'
  }
  return `A REST API refuses an answer with the unknown key "${key}": remove it.`
}

/** Recorded: true is sent as "true"; a number or a list makes the answer malformed. */
function toText(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean') return String(value)
  throw new response.Malformed(`Header "${name}" is ${response.describe(value)}: return a string, String(value).`)
}

const has = (lines: [string, string][], name: string): boolean => lines.some(([field]) => field.toLowerCase() === name)

const withContentType = (lines: [string, string][]): [string, string][] =>
  has(lines, 'content-type') ? lines : [...lines, ['Content-Type', 'application/json']]

const remapped = new Set(['connection', 'content-length', 'date', 'server', 'www-authenticate', 'x-amzn-requestid'])

/** Recorded: fields that API Gateway writes itself keep the function's value under another name; Transfer-Encoding is dropped. */
function renamed(lines: [string, string][]): [string, string][] {
  return lines
    .filter(([name]) => name.toLowerCase() !== 'transfer-encoding')
    .map(([name, value]) => [remapped.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name, value])
}

/**
 * The body's bytes; `undefined` for wrong base64. Recorded: base64 is decoded only if the first type of the request's
 * Accept is among the binary media types; the answer's own content type does not count.
 */
function readBytes(
  result: Record<string, unknown>,
  text: string,
  request: WireRequest,
  options: GatewayOptions,
  warnings: string[],
): Uint8Array | undefined {
  // Read in SAM CLI's source, which found it by trials: base64Encoded wins.
  const base64 = (result.base64Encoded ?? result.isBase64Encoded) === true
  if (!base64) return Buffer.from(text)
  const accept = mediaType(lastValue(request.headers, 'accept')?.split(',', 1)[0])
  if (accept === '' || !isBinaryType(accept, options.binaryMediaTypes ?? [])) {
    warnings.push(
      `The client receives the body's base64 text: the first type of its Accept (${accept || 'none'}) is not among the API's ` +
        `binaryMediaTypes (${options.binaryMediaTypes?.join(', ') || 'none'}). Add the type, or "*/*", to them.`,
    )
    return Buffer.from(text)
  }
  try {
    return response.decodeBase64(text)
  } catch (error) {
    warnings.push((error as Error).message)
    return undefined
  }
}

/** Recorded: wrong base64 is a 500, whereas every other fault is a 502. */
const badBase64 = (warnings: string[]): WireResponse => response.messageResponse(500, 'Internal server error', warnings)

const preludeKeys = ['statusCode', 'headers', 'multiValueHeaders', 'cookies']

function streamed(outcome: Outcome): WireResponse {
  if (outcome.kind === 'result') {
    return fail(
      'The API expects a stream and the function returned a result: use streamifyResponse, or turn streaming off.',
      [],
    )
  }
  if (outcome.kind !== 'stream') return fail(reasonOf(outcome), [])
  return guarded((warnings) => readStream(outcome, warnings), fail)
}

function readStream(outcome: StreamOutcome, warnings: string[]): WireResponse {
  if (outcome.prelude === undefined) {
    throw new response.Malformed(
      'No metadata with eight NUL bytes came in the first 16 KB: use HttpResponseStream.from, and write("") before end().',
    )
  }
  const draft = readPrelude(outcome.prelude, preludeKeys, warnings)
  response.checkHeaderSize(draft.lines)
  return response.toStream({ ...draft, lines: renamed(withContentType(draft.lines)) }, outcome, warnings)
}
