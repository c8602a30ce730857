import { buildFunctionUrlEvent } from '../events/function-url.ts'
import type { WireRequest, WireResponse } from '../wire.ts'
import type { Gateway, GatewayOptions, Outcome, StreamOutcome } from './contract.ts'
import { addCors, corsOf, preflight } from './cors.ts'
import { answerWith, guarded, reasonOf } from './failure.ts'
import { eventIsTooLarge, mebibytes } from './limits.ts'
import { type PayloadV2Rules, readPayloadV2 } from './payload-v2.ts'
import { integrationType, readPrelude } from './prelude.ts'
import * as response from './response.ts'

/** A Lambda function URL, buffered or streaming by `invokeMode`. */
export const functionUrl: Gateway = {
  name: 'function-url',
  answer,
  toEvent: buildFunctionUrlEvent,
  toResponse,
  streams: (options) => options?.invokeMode === 'RESPONSE_STREAM',
  timeoutMs: (options) => options?.timeoutMs ?? 900_000,
  basePath: () => '',
}

function answer(request: WireRequest, options: GatewayOptions = {}): WireResponse | undefined {
  const own = preflight(request, corsOf(options))
  if (own !== undefined) return own
  const tooLarge = (request.body?.length ?? 0) > mebibytes(6)
  if (tooLarge || eventIsTooLarge(request, () => buildFunctionUrlEvent(request, options))) {
    return response.messageResponse(413, 'Request Entity Too Large')
  }
  return undefined
}

/** Recorded: a failed function is a 502 with this text. */
const fail = (reason: string, warnings: string[]): WireResponse =>
  response.ownResponse(502, 'Internal Server Error', 'text/plain', [...warnings, reason])

function toResponse(outcome: Outcome, request: WireRequest, options: GatewayOptions = {}): WireResponse {
  if (outcome.kind === 'timeout' && outcome.by === 'gateway') {
    return response.ownResponse(504, 'Gateway Timeout', 'text/plain', [reasonOf(outcome)])
  }
  if (options.invokeMode === 'RESPONSE_STREAM') return streamed(outcome, request, options)
  const rules: PayloadV2Rules = {
    rename: buffered,
    cors: (lines, warnings) => addCors(lines, request, corsOf(options), warnings),
    defaultType: 'application/json',
  }
  return answerWith(outcome, (result, warnings) => readPayloadV2(result, request, rules, warnings), fail)
}

const remap = (name: string): string => `x-amzn-Remapped-${name}`

/** Seen in public code: a function URL writes its own date, and keeps the function's under another name. */
const buffered = (name: string): string =>
  ['www-authenticate', 'date'].includes(name.toLowerCase()) ? remap(name) : name

function streamed(outcome: Outcome, request: WireRequest, options: GatewayOptions): WireResponse {
  if (outcome.kind === 'result') return envelope(outcome.result)
  if (outcome.kind !== 'stream') return fail(reasonOf(outcome), [])
  return guarded((warnings) => readStream(outcome, request, options, warnings), fail)
}

/** Recorded: a streaming URL does not read a result, and the client receives its JSON. */
function envelope(result: unknown): WireResponse {
  const warning =
    'The function returned a result behind a URL with InvokeMode RESPONSE_STREAM, so the client receives its JSON: ' +
    'wrap the handler in awslambda.streamifyResponse, or set the mode to BUFFERED.'
  return response.ownResponse(200, JSON.stringify(result), 'application/json', [warning])
}

const preludeKeys = ['statusCode', 'headers', 'cookies']

function readStream(
  outcome: StreamOutcome,
  request: WireRequest,
  options: GatewayOptions,
  warnings: string[],
): WireResponse {
  const draft = draftOf(outcome, warnings)
  response.checkCookies(draft.lines, 'put each in the cookies array.', warnings)
  warnOfEncoding(draft.lines, warnings)
  const lines = addCors(response.endToEnd(draft.lines), request, corsOf(options), warnings)
  const renamed = lines.map(([name, value]): [string, string] => [streaming(name), value])
  return response.toStream({ ...draft, lines: renamed }, outcome, warnings)
}

/**
 * Two reports: a streamed function URL decodes a gzip answer and drops its Content-Encoding, and behind CloudFront such answers end
 * as 502 now and then. No recording shows it, so the client gets what the function wrote.
 */
function warnOfEncoding(lines: [string, string][], warnings: string[]): void {
  const encoding = lines.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1]
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return
  warnings.push(
    `The answer is compressed (content-encoding: ${encoding}), and a function URL that streams was seen to decode such answers: ` +
      'send it as it is, and let CloudFront compress.',
  )
}

/** Seen: the length that a function writes is not that of the stream, so it is kept under another name. */
const streaming = (name: string): string => (name.toLowerCase() === 'content-length' ? remap(name) : buffered(name))

function draftOf(outcome: StreamOutcome, warnings: string[]): Omit<response.Draft, 'body'> {
  if (outcome.contentType !== integrationType) return { status: 200, lines: [['content-type', outcome.contentType]] }
  if (outcome.prelude === undefined) {
    throw new response.Malformed(
      'The stream ended or went on for 16 KB without its metadata: write("") before end(), even without a body.',
    )
  }
  const draft = readPrelude(outcome.prelude, preludeKeys, warnings)
  const typed = draft.lines.some(([name]) => name.toLowerCase() === 'content-type')
  return typed ? draft : { ...draft, lines: [...draft.lines, ['content-type', 'application/octet-stream']] }
}
