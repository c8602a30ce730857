import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { WireRequest } from '../wire.ts'
import * as fields from './fields.ts'
import { bodyV2, httpApiLines, resourceOf } from './http-api.ts'
import { type IdentityOptions, identityV1 } from './identity.ts'
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

/** Payload 1.0 of an HTTP API: a REST API's event with a version. */
export type HttpApiV1Event = APIGatewayProxyEvent & { version: '1.0' }

/**
 * The event of an API Gateway HTTP API, payload format 1.0.
 * @example httpApiV1Event({ path: '/users', headers: { accept: 'application/json' } })
 */
export function httpApiV1Event(description: EventDescription = {}): HttpApiV1Event {
  return buildHttpApiV1Event(toWireRequest(description), description)
}

export function buildHttpApiV1Event(sent: WireRequest, options: EventOptions = {}): HttpApiV1Event {
  const request = readFields(sent)
  const resolved = resolveOptions(options, request.sourceIp)
  const lines = httpApiLines(request, resolved)
  const headers = fields.groupFields(lines, titleCase)
  const query = fields.groupPairs(fields.queryPairs(request.query, true))
  const hasQuery = !fields.isEmpty(query)
  const path = pathV1(request, options)
  const resource = resourceOf(options)
  const { body = null, isBase64Encoded } = bodyV2(request)
  return {
    version: '1.0',
    resource: resource ?? '$default',
    path,
    httpMethod: request.method,
    headers: fields.mapValues(headers, (values) => values.at(-1)!),
    multiValueHeaders: headers,
    queryStringParameters: hasQuery ? fields.mapValues(query, (values) => values.at(-1)!) : null,
    multiValueQueryStringParameters: hasQuery ? query : null,
    // Recorded: the context's path is decoded, `path` is not.
    requestContext: contextV1(request, resolved, fields.decodePercent(path)),
    pathParameters:
      resource === undefined && options.pathParameters === undefined
        ? null
        : pathParameters(resource ?? '/', fields.decodePercent(request.path), options.pathParameters),
    stageVariables: options.stageVariables ?? null,
    body,
    isBase64Encoded,
  }
}

/** Recorded: names come as `X-Custom-Header`, whereas payload 2.0 has them in lower case. */
const titleCase = (name: string): string => name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())

/** AWS: payload 1.0 has the stage, or a custom domain's mapping, in `path`. Recorded: the path is percent-encoded. */
function pathV1(request: WireRequest, options: EventOptions): string {
  const stage = options.stage ?? '$default'
  const prefix =
    options.basePath === undefined ? (stage === '$default' ? '' : `/${stage}`) : normalBasePath(options.basePath)
  return prefix + request.path
}

function contextV1(
  request: WireRequest,
  options: ResolvedOptions,
  path: string,
): APIGatewayProxyEvent['requestContext'] {
  const domainName = apiDomain(options)
  const context = {
    accountId: options.accountId,
    apiId: options.apiId,
    authorizer: authorizerV1(options),
    domainName,
    domainPrefix: domainName.split('.', 1)[0]!,
    extendedRequestId: options.extendedRequestId ?? 'AAAAAAAAAAAAAAA=',
    httpMethod: request.method,
    identity: identityV1(options, options.sourceIp, fields.lastValue(request.headers, 'user-agent')),
    path,
    protocol: options.httpVersion ?? 'HTTP/1.1',
    requestId: options.requestId,
    requestTime: requestTime(options.timeEpoch),
    requestTimeEpoch: options.timeEpoch,
    resourceId: null,
    resourcePath: resourceOf(options) ?? '$default',
    stage: options.stage ?? '$default',
  }
  // The type is a REST API's, where resourceId is a string and identity has apiKey; AWS's sample of 1.0 has neither.
  return context as unknown as APIGatewayProxyEvent['requestContext']
}

/** AWS's sample: without an authorizer both members are there, and null. */
function authorizerV1(identity: IdentityOptions): Record<string, unknown> {
  if (identity.lambdaAuthorizer !== undefined) return { ...identity.lambdaAuthorizer }
  const claims = identity.jwt?.claims ?? identity.claims ?? identity.cognito
  return { claims: claims ?? null, scopes: identity.jwt?.scopes ? [...identity.jwt.scopes] : null }
}
