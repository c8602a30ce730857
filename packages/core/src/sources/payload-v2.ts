import { encodeFields, joinLines, setCookies } from '../message/headers.ts'
import type { BufferedResponse } from '../message/source.ts'
import { encodeBody, needsBase64 } from './content.ts'
import type { EventReader } from './decoded-request.ts'
import { linesOf, valuesOfField } from './fields.ts'
import { identityV2 } from './identity.ts'
import { type Members, object, text, written } from './members.ts'
import { encodeMember, joinQuery, queryPairs } from './query-string.ts'

/** The members that Expressway reads of an event in payload format 2.0. */
export interface EventV2 {
  readonly type?: null
  readonly routeKey?: string
  readonly rawPath?: string
  readonly rawQueryString?: string
  readonly cookies?: readonly string[] | null
  readonly headers?: Members | null
  readonly queryStringParameters?: Members | null
  readonly pathParameters?: Members | null
  readonly body?: unknown
  readonly isBase64Encoded?: unknown
  readonly requestContext: {
    readonly http: { readonly method: string; readonly path?: string; readonly sourceIp?: string }
    readonly stage?: string
    readonly domainName?: string
    readonly requestId?: string
    readonly authorizer?: unknown
    readonly authentication?: unknown
  }
}

export interface ResultV2 {
  statusCode: number
  headers: Record<string, string>
  cookies?: string[]
  body: string
  isBase64Encoded: boolean
}

/** Whether a host is one of a service's own, whose first label is an id: `abc123.lambda-url.eu-west-1.on.aws`. */
export const isHostOf = (service: '.lambda-url.' | '.execute-api.', host: unknown): boolean =>
  typeof host === 'string' && host.startsWith(service, host.indexOf('.'))

/** By `requestContext.http`: a REST API's event has a `rawPath` too behind a custom domain (honojs/hono#5033). */
export function isV2(event: unknown): event is EventV2 {
  if (typeof event !== 'object' || event === null) return false
  const { requestContext, type } = event as Partial<EventV2>
  return typeof requestContext?.http === 'object' && requestContext.http !== null && !type
}

/** HTTP API 2.0 and function URLs. The query map joins repeated names with commas, so only the raw string is read. */
export const readerV2: EventReader<EventV2> = {
  rawHeaders: linesV2,
  fieldLines: ({ headers, cookies }, name) =>
    name === 'cookie' && hasCookies(cookies) ? [cookieLine(cookies)] : valuesOfField(undefined, headers, name),
  query: ({ rawQueryString, queryStringParameters }) =>
    typeof rawQueryString === 'string'
      ? rawQueryString
      : joinQuery(queryPairs(undefined, queryStringParameters), encodeMember),
  body: (event) => event.body,
  isBase64: (event) => event.isBase64Encoded === true,
  remoteAddress: (event) => text(event.requestContext.http.sourceIp),
  protocol: () => 'https',
  domainName: (event) => text(event.requestContext.domainName),
  requestId: (event) => text(event.requestContext.requestId),
  identity: ({ requestContext }) =>
    identityV2(object(requestContext.authorizer), object(requestContext.authentication)),
}

// `headers.cookie` may have the same cookies joined with commas, so the array is read.
function linesV2({ headers, cookies }: EventV2): string[] {
  const lines = linesOf(undefined, headers)
  if (!hasCookies(cookies)) return lines
  for (let i = lines.length - 2; i >= 0; i -= 2) if (lines[i]!.toLowerCase() === 'cookie') lines.splice(i, 2)
  lines.push('cookie', cookieLine(cookies))
  return lines
}

const hasCookies = (cookies: unknown): cookies is readonly unknown[] => Array.isArray(cookies) && cookies.length > 0

const cookieLine = (cookies: readonly unknown[]): string => cookies.map(written).join('; ')

/** The result in payload 2.0: values of a repeated field are joined, and cookies, which cannot be joined, have a list. */
export function encodeV2(response: BufferedResponse, event: EventV2): ResultV2 {
  const headers = encodeFields(response.headers, joinFields, event.requestContext?.http?.method === 'HEAD')
  const isBase64Encoded = needsBase64(response)
  const body = encodeBody(response.body, isBase64Encoded)
  const result: ResultV2 = { statusCode: response.status, headers, body, isBase64Encoded }
  // A single cookie is text and was copied like any field. With cookies the record is a copy, so it may be changed.
  if (headers['set-cookie'] !== undefined) delete headers['set-cookie']
  const cookies = setCookies(response.headers)
  return cookies.length > 0 ? { ...result, cookies } : result
}

/** Joins the values of a field; leaves cookies out, which have a list of their own. */
const joinFields = (lines: string[], name: string): string | undefined =>
  name === 'set-cookie' ? undefined : joinLines(lines)
