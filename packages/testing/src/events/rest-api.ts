import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { WireRequest } from '../wire.ts'
import { encodeBody, isBinaryType, mediaType } from './body.ts'
import * as fields from './fields.ts'
import { identityV1, restAuthorizer } from './identity.ts'
import {
  apiDomain,
  type EventOptions,
  normalBasePath,
  type ResolvedOptions,
  requestTime,
  resolveOptions,
} from './options.ts'
import { type EventDescription, readFields, toWireRequest } from './request.ts'
import { matchResource, pathParameters } from './resource.ts'

/**
 * The event of an API Gateway REST API with Lambda proxy integration.
 * @example restApiEvent({ method: 'POST', path: '/users', body: { name: 'Ada' } })
 */
export function restApiEvent(description: EventDescription = {}): APIGatewayProxyEvent {
  return buildRestApiEvent(toWireRequest(description), description)
}

export function buildRestApiEvent(sent: WireRequest, options: EventOptions = {}): APIGatewayProxyEvent {
  const request = readFields(sent)
  const resolved = resolveOptions(options, request.sourceIp)
  const basePath = normalBasePath(options.basePath)
  // Recorded: `//proxy-value` reaches the function as `/proxy-value`, and only requestContext.path keeps both slashes.
  const path = request.path.replace(/^\/{2,}/, '/')
  const resource = options.resource ?? defaultResource(path)
  const lines = eventLines(request, resolved, apiDomain(resolved))
  const headers = fields.groupFields(lines, spelling)
  // AWS: a semicolon in the query splits the data.
  const query = fields.groupPairs(fields.queryPairs(request.query.replaceAll(';', '&'), true))
  const hasQuery = !fields.isEmpty(query)
  const method = methodOf(request)
  return {
    resource,
    path: basePath + path,
    httpMethod: method,
    headers: fields.mapValues(headers, (values) => values.at(-1)!),
    multiValueHeaders: headers,
    queryStringParameters: hasQuery ? fields.mapValues(query, (values) => values.at(-1)!) : null,
    multiValueQueryStringParameters: hasQuery ? query : null,
    pathParameters: pathParameters(resource, path, options.pathParameters),
    stageVariables: options.stageVariables ?? null,
    requestContext: requestContext(request, resolved, { resource, basePath, method, lines }),
    ...body(request, options),
  }
}

/** `{proxy+}` needs at least one segment, so the root is a resource of its own. */
const defaultResource = (path: string): string => (matchResource('/{proxy+}', path) ? '/{proxy+}' : '/')

/** AWS: `X-HTTP-Method-Override` changes the method at a REST API. */
const methodOf = (request: WireRequest): string =>
  fields.lastValue(request.headers, 'x-http-method-override')?.toUpperCase() ?? request.method

/** Recorded: a REST API keeps the client's spelling but for Authorization and User-Agent; Host it writes itself. */
const spellings = new Map([
  ['authorization', 'Authorization'],
  ['user-agent', 'User-Agent'],
  ['host', 'Host'],
])
const spelling = (name: string): string => spellings.get(name.toLowerCase()) ?? name

/** Recorded: Connection and Content-Length do not reach the event; the other hop-by-hop fields go with them. */
const dropped = ['connection', 'content-length', 'transfer-encoding', 'expect', 'te', 'proxy-authenticate']

function eventLines(request: WireRequest, options: ResolvedOptions, domainName: string): [string, string][] {
  let lines = fields.withoutFields(request.headers, dropped)
  if (fields.lastValue(lines, 'host') === undefined) lines.push(['Host', domainName])
  if (fields.lastValue(lines, 'x-amzn-trace-id') === undefined) lines.push(['X-Amzn-Trace-Id', options.traceId])
  lines = fields.setField(lines, 'X-Forwarded-For', fields.appendForwardedFor(lines, options.sourceIp))
  lines = fields.setField(lines, 'X-Forwarded-Port', options.protocol === 'http' ? '80' : '443')
  return fields.setField(lines, 'X-Forwarded-Proto', options.protocol)
}

interface Matched {
  resource: string
  basePath: string
  method: string
  lines: [string, string][]
}

function requestContext(
  request: WireRequest,
  options: ResolvedOptions,
  { resource, basePath, method, lines }: Matched,
): APIGatewayProxyEvent['requestContext'] {
  const stage = options.stage ?? 'prod'
  const domainName = apiDomain(options)
  const authorizer = restAuthorizer(options)
  const apiKey =
    options.apiKeyId === undefined ? options.apiKey : (options.apiKey ?? fields.lastValue(lines, 'x-api-key'))
  const identity = identityV1({ ...options, apiKey }, options.sourceIp, fields.lastValue(lines, 'user-agent'))
  const context = {
    resourceId: options.resourceId ?? 'abc123',
    resourcePath: resource,
    httpMethod: method,
    extendedRequestId: options.extendedRequestId ?? 'AAAAAAAAAAAAAAA=',
    requestTime: requestTime(options.timeEpoch),
    // A custom domain's path has the mapping in place of the stage.
    path: (options.basePath === undefined ? `/${stage}` : basePath) + request.path,
    accountId: options.accountId,
    protocol: options.httpVersion ?? 'HTTP/1.1',
    stage,
    domainPrefix: domainName.split('.', 1)[0]!,
    requestTimeEpoch: options.timeEpoch,
    requestId: options.requestId,
    identity,
    domainName,
    deploymentId: options.deploymentId ?? 'dep123',
    apiId: options.apiId,
    ...(authorizer === undefined ? {} : { authorizer }),
  }
  // The type wants every identity and authorizer key; recorded events leave out those of features that are off.
  return context as unknown as APIGatewayProxyEvent['requestContext']
}

/** A REST API looks at the type alone; a body without one counts as `application/json`. */
function body(request: WireRequest, options: EventOptions): Pick<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'> {
  if (request.body === undefined || request.body.length === 0) return { body: null, isBase64Encoded: false }
  const type = mediaType(fields.lastValue(request.headers, 'content-type')) || 'application/json'
  const encoded = encodeBody(request.body, isBinaryType(type, options.binaryMediaTypes ?? []))
  return { body: encoded.text, isBase64Encoded: encoded.isBase64Encoded }
}
