import type { WireRequest, WireResponse } from '../wire.ts'
import { lostNames } from './lost-headers.ts'
import * as response from './response.ts'

/** The differences between an HTTP API and a function URL in payload 2.0. */
export interface PayloadV2Rules {
  /** The field's name in the response that the client gets. */
  rename(name: string): string
  /** Applies the gateway's own CORS. */
  cors(lines: [string, string][], warnings: string[]): [string, string][]
  /** The content type of a result with a status and without a type. */
  readonly defaultType: string
}

/**
 * The answer to a result in payload 2.0: by its members if it has a `statusCode`, otherwise inferred.
 * @throws Malformed if the gateway refuses the result.
 */
export function readPayloadV2(
  result: unknown,
  request: WireRequest,
  rules: PayloadV2Rules,
  warnings: string[],
): WireResponse {
  const draft = isStructured(result) ? structured(result, rules.defaultType, warnings) : inferred(result, warnings)
  const lines = rules.cors(response.endToEnd(draft.lines), warnings)
  response.checkHeaderSize(lines)
  const renamed = lines.map(([name, value]): [string, string] => [rules.rename(name), value])
  return response.toWire({ ...draft, lines: renamed }, request, warnings)
}

const isStructured = (result: unknown): result is Record<string, unknown> =>
  response.isObject(result) && result.statusCode !== undefined && result.statusCode !== null

/** AWS: a result without statusCode is the body of a 200, as JSON; a string goes out as it is (recorded: no quotes). */
function inferred(result: unknown, warnings: string[]): response.Draft {
  if (response.isObject(result) && ['headers', 'body', 'cookies', 'isBase64Encoded'].some((key) => key in result)) {
    warnings.push('The answer has no statusCode, so the client receives the whole of it as JSON: return a statusCode.')
  }
  const text = typeof result === 'string' ? result : JSON.stringify(result ?? null)
  return { status: 200, lines: [['content-type', 'application/json']], body: Buffer.from(text) }
}

function structured(result: Record<string, unknown>, defaultType: string, warnings: string[]): response.Draft {
  const lost = lostNames(result.multiValueHeaders, { 'set-cookie': result.cookies, ...readable(result.headers) })
  if (lost.length > 0) warnings.push(`multiValueHeaders is ignored (${lost.join(', ')}): ${listFix}`)
  const cookies = readCookies(result.cookies)
  const headers = response
    .readRecord(result.headers, 'headers')
    .map(([name, value]): [string, string] => [name, toText(name, value)])
  response.checkCookies(headers, 'put each in the cookies array.', warnings)
  // Observed: the array's cookies come first, then the header's.
  const lines = [...cookies, ...headers]
  if (!lines.some(([name]) => name.toLowerCase() === 'content-type')) lines.push(['content-type', defaultType])
  const text = response.readBody(result)
  const body = result.isBase64Encoded === true ? response.decodeBase64(text) : Buffer.from(text)
  return { status: response.readStatus(result.statusCode)!, lines, body }
}

const listFix = 'join values with ", " in headers, and put cookies in the cookies array.'
const readable = (headers: unknown) => (response.isObject(headers) ? headers : {})

function readCookies(cookies: unknown): [string, string][] {
  if (cookies === undefined || cookies === null) return []
  if (Array.isArray(cookies) && cookies.every((cookie) => typeof cookie === 'string')) {
    return cookies.map((cookie) => ['set-cookie', cookie])
  }
  throw new response.Malformed('cookies is not an array of strings: return one string for each cookie.')
}

function toText(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return String(value)
  throw new response.Malformed(`Header "${name}" is ${response.describe(value)}: return a string.`)
}
