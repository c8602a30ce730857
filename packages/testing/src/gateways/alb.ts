import { buildAlbEvent } from '../events/alb.ts'
import type { WireRequest, WireResponse } from '../wire.ts'
import type { Gateway, GatewayOptions, Outcome } from './contract.ts'
import { answerWith, reasonOf } from './failure.ts'
import { eventIsTooLarge, headerBytes, mebibytes, targetLength } from './limits.ts'
import { lostNames } from './lost-headers.ts'
import { readList } from './multi-value.ts'
import * as response from './response.ts'

/** An Application Load Balancer whose target group has multi-value headers off. */
export const alb: Gateway = albGateway('alb', false)

/** An Application Load Balancer whose target group has multi-value headers on. */
export const albMultiValue: Gateway = albGateway('alb-multi-value', true)

function albGateway(name: 'alb' | 'alb-multi-value', multiValueHeaders: boolean): Gateway {
  const own = (options: GatewayOptions | undefined) => ({ multiValueHeaders, ...options })
  return {
    name,
    answer,
    toEvent: (request, options) => buildAlbEvent(request, own(options)),
    toResponse: (outcome, request, options) => toResponse(outcome, request, own(options)),
    streams: () => false,
    timeoutMs: (options) => options?.timeoutMs ?? 900_000,
    basePath: () => '',
  }
}

/** AWS: 1 MB of body, 16 KB of request line, 64 KB of all headers. */
function answer(request: WireRequest): WireResponse | undefined {
  if (targetLength(request) > 16 * 1024) return page(414, [])
  if (headerBytes(request, 'lines') > 64 * 1024) return page(400, [])
  if ((request.body?.length ?? 0) > mebibytes(1)) return page(413, [])
  return eventIsTooLarge(request, () => buildAlbEvent(request)) ? page(413, []) : undefined
}

/** A load balancer's own answers are small pages. */
function page(status: number, warnings: string[]): WireResponse {
  const title = `${status} ${response.statusTextOf(status)}`
  const html = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  return response.ownResponse(status, html, 'text/html', warnings)
}

const fail = (reason: string, warnings: string[]): WireResponse => page(502, [...warnings, reason])

function toResponse(outcome: Outcome, request: WireRequest, options: GatewayOptions): WireResponse {
  if (outcome.kind === 'timeout' && outcome.by === 'gateway') return page(504, [reasonOf(outcome)])
  return answerWith(outcome, (result, warnings) => read(result, request, options, warnings), fail)
}

function read(result: unknown, request: WireRequest, options: GatewayOptions, warnings: string[]): WireResponse {
  if (!response.isObject(result)) {
    throw new response.Malformed(
      `The function returned ${response.describe(result)}: return { statusCode, headers, body }.`,
    )
  }
  const size = Buffer.byteLength(JSON.stringify(result))
  if (size > mebibytes(1)) {
    throw new response.Malformed(
      `The answer's JSON has ${size} bytes of 1048576 allowed: send less, or use another gateway.`,
    )
  }
  const status = response.readStatus(result.statusCode)
  if (status === undefined) throw new response.Malformed('The answer has no statusCode: a load balancer requires one.')
  const lines = response.endToEnd(
    options.multiValueHeaders ? multiLines(result, warnings) : singleLines(result, warnings),
  )
  if ('cookies' in result) warnings.push(`cookies is ignored by a load balancer: ${cookieFix(options)}`)
  response.checkCookies(lines, cookieFix(options), warnings)
  const text = response.readBody(result)
  const body = result.isBase64Encoded === true ? response.decodeBase64(text) : Buffer.from(text)
  return response.toWire({ status, statusText: statusText(result.statusDescription), lines, body }, request, warnings)
}

const cookieFix = (options: GatewayOptions): string =>
  options.multiValueHeaders
    ? 'put each in multiValueHeaders["set-cookie"].'
    : 'spell the name differently for each cookie (set-cookie, Set-Cookie), or turn multi-value headers on.'

function singleLines(result: Record<string, unknown>, warnings: string[]): [string, string][] {
  warnLost('multiValueHeaders', lostNames(result.multiValueHeaders, result.headers), 'off', warnings)
  return response
    .readRecord(result.headers, 'headers')
    .map(([name, value]): [string, string] => [name, toText(name, value)])
}

function multiLines(result: Record<string, unknown>, warnings: string[]): [string, string][] {
  warnLost('headers', lostNames(result.headers, result.multiValueHeaders), 'on', warnings)
  return response
    .readRecord(result.multiValueHeaders, 'multiValueHeaders')
    .flatMap(([name, values]) => readList(name, values).map((value): [string, string] => [name, toText(name, value)]))
}

/** AWS: only the map that the target group's attribute names is read. */
function warnLost(key: string, names: string[], attribute: 'on' | 'off', warnings: string[]): void {
  if (names.length === 0) return
  const other = key === 'headers' ? 'multiValueHeaders' : 'headers'
  warnings.push(
    `${key} is ignored (${names.join(', ')}): the target group has multi-value headers ${attribute}, so return ${other}.`,
  )
}

/** Seen: a number among the header values makes the whole answer malformed. */
function toText(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw new response.Malformed(`Header "${name}" is ${response.describe(value)}: return a string, String(value).`)
}

/** AWS: `statusDescription` is the status with its reason, "200 OK". */
function statusText(description: unknown): string | undefined {
  return typeof description === 'string' ? description.replace(/^\d{3}\s*/, '') : undefined
}
