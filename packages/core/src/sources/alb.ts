import { headerText, isConnectionField, setMember, wireValues } from '../headers.ts'
import { object } from '../identity.ts'
import { warnOnce } from '../log.ts'
import type { BufferedResponse, Source } from '../source.ts'
import { encodeBody, needsBase64 } from './content.ts'
import { DecodedRequest, type EventReader } from './decoded-request.ts'
import { forwardedFor, forwardedProto } from './forwarded.ts'
import { encodedPath } from './path.ts'
import { type EventV1, readerV1 } from './payload-v1.ts'
import { joinQuery, verbatim } from './query-string.ts'
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
  resultLimit: 1_048_576,
  matches: (event): event is EventV1 => object(object(event)?.requestContext)?.elb !== undefined,
  decode: (event) => new DecodedRequest(reader, event, event.httpMethod, encodedPath(event.path), ''),
  encode(response, event) {
    const isBase64Encoded = needsBase64(response)
    return {
      statusCode: response.status,
      ...statusDescription(response),
      // The target group's attribute decides which map the load balancer reads; the request shows which it is.
      ...(event.multiValueHeaders ? { multiValueHeaders: everyValue(response) } : { headers: oneValue(response) }),
      body: encodeBody(response.body, isBase64Encoded),
      isBase64Encoded,
    }
  },
}

const reader: EventReader<EventV1> = {
  ...readerV1,
  // An ALB passes names and values as the client encoded them.
  query: (event) => joinQuery(event.multiValueQueryStringParameters, event.queryStringParameters, verbatim),
  remoteAddress: (_event, headers) => forwardedFor(headers),
  protocol: (_event, headers) => forwardedProto(headers, 'http'),
  domainName: () => undefined,
  requestId: (_event, headers) => headerText(headers, 'x-amzn-trace-id'),
  identity: () => undefined,
}

function everyValue({ headers }: BufferedResponse): Record<string, string[]> {
  const fields: Record<string, string[]> = {}
  for (const name in headers) {
    if (isConnectionField(name)) continue
    const values = wireValues(name, headers[name])
    if (values.length > 0) setMember(fields, name, values)
  }
  return fields
}

function oneValue({ headers }: BufferedResponse): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const name in headers) {
    if (isConnectionField(name)) continue
    const values = wireValues(name, headers[name])
    if (name === 'set-cookie') setCookies(fields, values)
    else if (values.length > 0) setMember(fields, name, values.join(', '))
  }
  return fields
}

const spellings = 512

// One value for a name, but to HTTP `Set-Cookie` and `set-cookiE` are one field, and to a JSON object two.
function setCookies(fields: Record<string, string>, values: string[]): void {
  values.slice(0, spellings).forEach((value, i) => {
    fields[spell('set-cookie', i)] = value
  })
  if (values.length > spellings)
    warnOnce(`An ALB without multi-value headers takes ${spellings} cookies; some were dropped`)
}

/** The name with the letters in upper case whose bit is set in `index`. */
function spell(name: string, index: number): string {
  let bits = index
  return name.replace(/[a-z]/g, (letter) => {
    const upper = bits % 2 === 1
    bits = Math.floor(bits / 2)
    return upper ? letter.toUpperCase() : letter
  })
}
