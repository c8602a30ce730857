import type { LambdaFunctionURLEvent, LambdaFunctionURLEventWithIAMAuthorizer } from 'aws-lambda'
import type { WireRequest } from '../wire.ts'
import * as fields from './fields.ts'
import { addGatewayFields, bodyV2, contextV2, joinedHeaders, joinedQuery } from './http-api.ts'
import { type EventOptions, type ResolvedOptions, resolveOptions } from './options.ts'
import { type EventDescription, readFields, toWireRequest } from './request.ts'

/**
 * The event of a Lambda function URL: payload 2.0 with an encoded path and no routes.
 * @example functionUrlEvent({ path: '/files/a%20b.txt' })
 */
export function functionUrlEvent<Description extends EventDescription>(
  description?: Description,
): FunctionUrlEventFor<Description> {
  const event = buildFunctionUrlEvent(toWireRequest(description ?? {}), description)
  // The authorizer is there by the same condition that the type has.
  return event as FunctionUrlEventFor<Description>
}

/** A function URL's event, with IAM where a description names a signer. */
export type FunctionUrlEventFor<Description> = Description extends { iam: object }
  ? LambdaFunctionURLEventWithIAMAuthorizer
  : LambdaFunctionURLEvent

export function buildFunctionUrlEvent(sent: WireRequest, options: EventOptions = {}): LambdaFunctionURLEvent {
  const request = readFields(sent)
  const { stage, routeKey, resource, jwt, claims, cognito, lambdaAuthorizer, clientCertificate, ...rest } = options
  const resolved = resolveOptions({ ...rest, accountId: accountOf(rest) }, request.sourceIp)
  const domainName = options.domainName ?? `${resolved.apiId}.lambda-url.${resolved.region}.on.aws`
  const lines = functionUrlLines(request, resolved, domainName)
  const cookies = fields.cookieList(lines)
  return {
    version: '2.0',
    routeKey: '$default',
    // Recorded: the path is handed on as it came, malformed escapes included.
    rawPath: request.path,
    rawQueryString: request.query,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers: joinedHeaders(joinCookies(lines)),
    ...joinedQuery(request.query),
    requestContext: contextV2(request, resolved, { route: '$default', path: request.path, domainName }),
    ...bodyV2(request),
  }
}

/** A caller that nobody signed for has no account. */
const accountOf = (options: EventOptions): string | undefined =>
  options.accountId ?? (options.iam === undefined ? 'anonymous' : undefined)

/** Recorded: TLS details stand among the headers, and a content length only where there is a body. */
function functionUrlLines(request: WireRequest, options: ResolvedOptions, domainName: string): [string, string][] {
  const lines = fields.withoutFields(request.headers, [...fields.connectionFields, 'content-length'])
  if (request.body !== undefined && request.body.length > 0) lines.push(['content-length', String(request.body.length)])
  for (const [name, value] of tls) if (fields.lastValue(lines, name) === undefined) lines.push([name, value])
  return addGatewayFields(lines, { ...options, protocol: 'https' }, domainName)
}

const tls = [
  ['x-amzn-tls-version', 'TLSv1.3'],
  ['x-amzn-tls-cipher-suite', 'TLS_AES_128_GCM_SHA256'],
] as const

/** Cookie lines join with `; `, as RFC 9113 section 8.2.3 has it; any other field joins with a comma. */
function joinCookies(lines: [string, string][]): [string, string][] {
  const cookies = fields.fieldValues(lines, 'cookie')
  return cookies.length === 0 ? lines : fields.setField(lines, 'cookie', cookies.join('; '))
}
