import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyEventV2WithJWTAuthorizer,
  APIGatewayProxyEventV2WithLambdaAuthorizer,
} from 'aws-lambda'
import type { WireRequest } from '../wire.ts'
import { encodeBody, isTextType } from './body.ts'
import * as fields from './fields.ts'
import { authorizerV2, clientCert } from './identity.ts'
import {
  apiDomain,
  type EventOptions,
  normalBasePath,
  type ResolvedOptions,
  requestTime,
  resolveOptions,
} from './options.ts'
import { type EventDescription, readFields, toWireRequest } from './request.ts'
import { pathParameters } from './resource.ts'

/** Payload 2.0. */
export type HttpApiEvent = APIGatewayProxyEventV2

/** Payload 2.0 with the authorizer that a description names. */
export type HttpApiEventFor<Description> = Description extends { lambdaAuthorizer: infer Context }
  ? APIGatewayProxyEventV2WithLambdaAuthorizer<Context>
  : Description extends { iam: object }
    ? APIGatewayProxyEventV2WithIAMAuthorizer
    : Description extends { jwt: object } | { claims: object } | { cognito: object }
      ? APIGatewayProxyEventV2WithJWTAuthorizer
      : HttpApiEvent

/**
 * The event of an API Gateway HTTP API, payload format 2.0.
 * @example httpApiEvent({ path: '/users', query: { page: 2 }, cookies: { theme: 'dark' } })
 */
export function httpApiEvent<Description extends EventDescription>(
  description?: Description,
): HttpApiEventFor<Description> {
  const event = buildHttpApiEvent(toWireRequest(description ?? {}), description)
  // The authorizer is there by the same condition that the type has.
  return event as HttpApiEventFor<Description>
}

export function buildHttpApiEvent(sent: WireRequest, options: EventOptions = {}): HttpApiEvent {
  const request = readFields(sent)
  const resolved = resolveOptions(options, request.sourceIp)
  const lines = httpApiLines(request, resolved)
  const route = routeKeyOf(options)
  const rawPath = httpApiPath(request, options)
  const resource = resourceOf(options)
  const parameters = resource === undefined ? undefined : fields.decodePercent(request.path)
  const cookies = fields.cookieList(lines)
  return {
    version: '2.0',
    routeKey: route,
    rawPath,
    rawQueryString: request.query,
    ...(cookies.length === 0 ? {} : { cookies }),
    // Recorded: an HTTP API moves the cookies out of the headers; a function URL leaves them in both places.
    headers: joinedHeaders(fields.withoutFields(lines, ['cookie'])),
    ...joinedQuery(request.query),
    // The page that takes the mapping out of rawPath says nothing of http.path, which is "the request path".
    requestContext: contextV2(request, resolved, {
      route,
      path: normalBasePath(options.basePath) + rawPath,
      domainName: apiDomain(resolved),
    }),
    ...parametersV2(pathParameters(resource ?? '/', parameters ?? '/', options.pathParameters)),
    ...bodyV2(request),
    ...(options.stageVariables === undefined ? {} : { stageVariables: options.stageVariables }),
  }
}

const parametersV2 = (parameters: Record<string, string> | null) =>
  parameters === null ? {} : { pathParameters: parameters }

/** The matched path pattern: `resource`, or what the route key names after its method. */
export const resourceOf = ({ resource, routeKey }: EventOptions): string | undefined =>
  resource ?? /^\S+ (\/.*)$/.exec(routeKey ?? '')?.[1]

export function routeKeyOf(options: EventOptions): string {
  return options.routeKey ?? (options.resource === undefined ? '$default' : `ANY ${options.resource}`)
}

/**
 * The stage, unless it is `$default` or a custom domain stands for it, then the path, decoded, up to a decoded `?`.
 * AWS: `rawPath` does not have a custom domain's mapping.
 */
export function httpApiPath(request: WireRequest, options: EventOptions): string {
  const stage = options.stage ?? '$default'
  const prefix = stage === '$default' || options.basePath !== undefined ? '' : `/${stage}`
  return (prefix + fields.decodePercent(request.path)).split('?', 1)[0]!
}

/** What reaches the event: names in lower case, the length of the body itself, the addresses that the gateway adds. */
export function httpApiLines(request: WireRequest, options: ResolvedOptions): [string, string][] {
  const lines = fields.withoutFields(request.headers, fields.connectionFields)
  return addGatewayFields(
    fields.setField(lines, 'content-length', String(request.body?.length ?? 0)),
    options,
    apiDomain(options),
  )
}

export function addGatewayFields(
  received: [string, string][],
  options: ResolvedOptions,
  domainName: string,
): [string, string][] {
  let lines = received
  if (fields.lastValue(lines, 'host') === undefined) lines.push(['host', domainName])
  if (fields.lastValue(lines, 'x-amzn-trace-id') === undefined) lines.push(['x-amzn-trace-id', options.traceId])
  lines = fields.setField(lines, 'x-forwarded-for', fields.appendForwardedFor(lines, options.sourceIp))
  lines = fields.setField(lines, 'x-forwarded-port', options.protocol === 'http' ? '80' : '443')
  return fields.setField(lines, 'x-forwarded-proto', options.protocol)
}

/** AWS: repeated fields are joined with commas, and so are repeated query parameters, which no reader can undo. */
export function joinedHeaders(lines: fields.FieldLines): Record<string, string> {
  const headers = fields.emptyRecord<string>()
  for (const [name, value] of lines) {
    const key = name.toLowerCase()
    headers[key] = key in headers ? `${headers[key]},${value}` : value
  }
  return headers
}

export function joinedQuery(query: string): { queryStringParameters?: Record<string, string> } {
  const values = fields.groupPairs(fields.queryPairs(query, true))
  return fields.isEmpty(values) ? {} : { queryStringParameters: fields.mapValues(values, (each) => each.join(',')) }
}

export interface Routed {
  route: string
  path: string
  domainName: string
}

export function contextV2(
  request: WireRequest,
  options: ResolvedOptions,
  { route, path, domainName }: Routed,
): HttpApiEvent['requestContext'] {
  const authorizer = authorizerV2(options)
  return {
    accountId: options.accountId,
    apiId: options.apiId,
    ...(options.clientCertificate === undefined
      ? {}
      : { authentication: { clientCert: clientCert(options.clientCertificate) } }),
    ...(authorizer === undefined ? {} : { authorizer }),
    domainName,
    domainPrefix: domainName.split('.', 1)[0]!,
    http: {
      method: request.method,
      path,
      protocol: options.httpVersion ?? 'HTTP/1.1',
      sourceIp: options.sourceIp,
      userAgent: fields.lastValue(request.headers, 'user-agent') ?? '',
    },
    requestId: options.requestId,
    routeKey: route,
    stage: options.stage ?? '$default',
    time: requestTime(options.timeEpoch),
    timeEpoch: options.timeEpoch,
  }
}

/** The body by its type; without a body the key is absent, as validators that refuse null require. */
export function bodyV2(request: WireRequest): { body?: string; isBase64Encoded: boolean } {
  if (request.body === undefined || request.body.length === 0) return { isBase64Encoded: false }
  const encoded = encodeBody(request.body, !isTextType(fields.lastValue(request.headers, 'content-type')))
  return { body: encoded.text, isBase64Encoded: encoded.isBase64Encoded }
}
