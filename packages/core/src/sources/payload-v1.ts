import { encodeFields, setMember } from '../message/headers.ts'
import type { BufferedResponse } from '../message/source.ts'
import { encodeBody, needsBase64 } from './content.ts'
import type { EventReader } from './decoded-request.ts'
import { linesOf, valuesOfField } from './fields.ts'
import { identityV1 } from './identity.ts'
import { type Members, object, text } from './members.ts'
import { encodeMember, joinQuery, queryPairs, queryRecord } from './query-string.ts'

/** The members that Expressway reads of an event in payload format 1.0. Each may be absent, since samples are often partial. */
export interface EventV1 {
  readonly version?: unknown
  readonly httpMethod: string
  readonly path?: string | null
  readonly resource?: string | null
  readonly headers?: Members | null
  readonly multiValueHeaders?: Members | null
  readonly queryStringParameters?: Members | null
  readonly multiValueQueryStringParameters?: Members | null
  readonly pathParameters?: Members | null
  readonly body?: unknown
  readonly isBase64Encoded?: unknown
  readonly requestContext?: {
    readonly path?: string
    readonly stage?: string
    readonly domainName?: string
    readonly requestId?: string
    readonly authorizer?: unknown
    readonly identity?: unknown
  } | null
}

/** A result in payload 1.0. A REST API answers 502 to a member that it does not know, so there are no others. */
export interface ResultV1 {
  statusCode: number
  headers: Record<string, string>
  multiValueHeaders?: Record<string, string[]>
  body: string
  isBase64Encoded: boolean
}

/**
 * Whether an event is in payload format 1.0: it has a method at the top, and no member that marks the similar events of a load
 * balancer, a WebSocket API, a Lambda authorizer or a Bedrock agent.
 */
export function isV1(event: unknown): event is EventV1 {
  const { httpMethod, requestContext, type, apiPath } = object(event) ?? {}
  if (typeof httpMethod !== 'string' || type || apiPath) return false
  const { elb, connectionId, eventType } = object(requestContext) ?? {}
  return !(elb || connectionId || eventType)
}

/**
 * REST API, and HTTP API with payload format 1.0: decoded query members, two maps of everything.
 * The protocol is https because API Gateway has no other (AWS, "Known issues and limitations for HTTP APIs" and "REST
 * API quotas"), whatever a client writes into X-Forwarded-Proto.
 */
export const readerV1: EventReader<EventV1> = {
  rawHeaders: (event) => linesOf(event.multiValueHeaders, event.headers),
  fieldLines: (event, name) => valuesOfField(event.multiValueHeaders, event.headers, name),
  query: (event) => joinQuery(pairsV1(event), encodeMember),
  decodedQuery: (event) => queryRecord(event.multiValueQueryStringParameters, event.queryStringParameters),
  body: (event) => event.body,
  isBase64: (event) => event.isBase64Encoded === true,
  remoteAddress: (event) => text(object(event.requestContext?.identity)?.sourceIp),
  protocol: () => 'https',
  domainName: (event) => text(event.requestContext?.domainName),
  requestId: (event) => text(event.requestContext?.requestId),
  identity: ({ requestContext }) => identityV1(object(requestContext?.authorizer), object(requestContext?.identity)),
}

export function pairsV1(event: EventV1): string[] {
  return queryPairs(event.multiValueQueryStringParameters, event.queryStringParameters)
}

/** The result in payload 1.0. A name is in one map only: API Gateway merges both, so a client would receive a value twice. */
export function encodeV1(response: BufferedResponse, { httpMethod }: EventV1): ResultV1 {
  let multiValueHeaders: Record<string, string[]> | undefined
  const headers = encodeFields<string>(
    response.headers,
    (lines, name) => {
      if (lines.length > 1) setMember((multiValueHeaders ??= {}), name, lines)
      return lines.length === 1 ? lines[0] : undefined
    },
    httpMethod === 'HEAD',
  )
  const isBase64Encoded = needsBase64(response)
  const body = encodeBody(response.body, isBase64Encoded)
  return multiValueHeaders === undefined
    ? { statusCode: response.status, headers, body, isBase64Encoded }
    : { statusCode: response.status, headers, multiValueHeaders, body, isBase64Encoded }
}
