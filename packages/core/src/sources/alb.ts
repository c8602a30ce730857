import { encodeFields, joinLines, setCookies, setMember } from '../message/headers.ts'
import { warnOnce } from '../message/log.ts'
import type { HttpHeaders } from '../message/message.ts'
import type { Source } from '../message/source.ts'
import { encodeBody, needsBase64 } from './content.ts'
import { DecodedRequest, type EventReader } from './decoded-request.ts'
import { forwardedFor, forwardedProto } from './forwarded.ts'
import { object } from './members.ts'
import { encodedPath } from './path.ts'
import { type EventV1, pairsV1, readerV1 } from './payload-v1.ts'
import { joinQuery, verbatim } from './query-string.ts'
import { albResultLimit } from './result-limit.ts'
import { statusDescription } from './status-text.ts'

export interface AlbResult {
  statusCode: number
  statusDescription?: string
  headers?: Record<string, string>
  multiValueHeaders?: Record<string, string[]>
  body: string
  isBase64Encoded: boolean
}

/** Application Load Balancer. AWS, "Use Lambda functions as targets of an Application Load Balancer". */
export const alb: Source<EventV1, AlbResult> = {
  name: 'alb',
  resultLimit: albResultLimit,
  matches: (event): event is EventV1 => !!object(object(event)?.requestContext)?.elb,
  decode: (event) => new DecodedRequest(reader, event, event.httpMethod, encodedPath(event.path), ''),
  encode(response, event) {
    const isBase64Encoded = needsBase64(response)
    const isHead = event.httpMethod === 'HEAD'
    return {
      statusCode: response.status,
      ...statusDescription(response),
      // The target group's attribute decides which map the load balancer reads; the request shows which it is.
      ...(event.multiValueHeaders
        ? { multiValueHeaders: everyValue(response.headers, isHead) }
        : { headers: oneValue(response.headers, isHead) }),
      body: encodeBody(response.body, isBase64Encoded),
      isBase64Encoded,
    }
  },
}

const reader: EventReader<EventV1> = {
  ...readerV1,
  // An ALB passes names and values as the client encoded them (AWS, same page).
  query: (event) => joinQuery(pairsV1(event), verbatim),
  decodedQuery: undefined,
  remoteAddress: (_event, request) => forwardedFor(request),
  protocol: (_event, request) => forwardedProto(request, 'http'),
  domainName: () => undefined,
  // X-Amzn-Trace-Id carries what the client sent (AWS, "Request tracing for your Application Load Balancer"), so it is no id to trust.
  requestId: () => undefined,
  identity: () => undefined,
}

function everyValue(headers: HttpHeaders, isHead: boolean): Record<string, string[]> {
  const fields = encodeFields(headers, (lines) => (lines.length > 0 ? lines : undefined), isHead)
  // A copy: these may be the answer's own headers.
  const every: Record<string, string[]> = {}
  for (const name in fields) setMember(every, name, [fields[name]!].flat())
  return every
}

// The nine letters of `set-cookie`, each in two cases: 2^9.
const spellings = 512

// The map has one value for a name. HTTP takes `Set-Cookie` and `set-cookiE` for one field, a JSON object for two.
function oneValue(headers: HttpHeaders, isHead: boolean): Record<string, string> {
  const fields = encodeFields(headers, joinLines, isHead)
  const cookies = setCookies(headers)
  cookies.slice(0, spellings).forEach((cookie, i) => {
    fields[spell('set-cookie', i)] = cookie
  })
  if (cookies.length > spellings) {
    warnOnce(`An ALB without multi-value headers takes ${spellings} cookies; some were dropped`)
  }
  return fields
}

/** The name, with each letter in upper case whose bit is set in `index`. */
function spell(name: string, index: number): string {
  let bits = index * 2
  return name.replace(/[a-z]/g, (letter) => ((bits >>= 1) & 1 ? letter.toUpperCase() : letter))
}
