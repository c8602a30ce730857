import type { WireRequest } from '../wire.ts'
import { encodeBody, isTextType } from './body.ts'
import * as fields from './fields.ts'
import { type EventOptions, type ResolvedOptions, resolveOptions } from './options.ts'
import { type EventDescription, readFields, toWireRequest } from './request.ts'

/** A VPC Lattice event, version 1: no request context, one value a name. */
export interface LatticeEventV1 {
  raw_path: string
  method: string
  headers: Record<string, string>
  query_string_parameters: Record<string, string>
  body: string | null
  is_base64_encoded: boolean
}

/** A VPC Lattice event, version 2.0: values in lists. */
export interface LatticeEventV2 {
  version: '2.0'
  path: string
  method: string
  headers: Record<string, string[]>
  queryStringParameters: Record<string, string[]>
  body: string | null
  isBase64Encoded: boolean
  requestContext: {
    serviceNetworkArn: string
    serviceArn: string
    targetGroupArn: string
    identity: Record<string, string>
    region: string
    /** Microseconds since 1970, as a string. */
    timeEpoch: string
  }
}

/**
 * The event of a VPC Lattice Lambda target; version 2 unless told otherwise.
 * @example latticeEvent({ path: '/orders', version: 1 })
 */
export function latticeEvent(description: EventDescription & { version: 1 }): LatticeEventV1
export function latticeEvent(description?: EventDescription & { version?: 2 }): LatticeEventV2
export function latticeEvent(
  description: EventDescription & { version?: 1 | 2 } = {},
): LatticeEventV1 | LatticeEventV2 {
  const request = toWireRequest(description)
  return description.version === 1
    ? buildLatticeV1Event(request, description)
    : buildLatticeV2Event(request, description)
}

export function buildLatticeV1Event(sent: WireRequest, options: EventOptions = {}): LatticeEventV1 {
  const request = readFields(sent)
  const { headers, query, body } = parts(request, resolveOptions(options, request.sourceIp))
  return {
    raw_path: request.path,
    method: request.method,
    headers: fields.mapValues(headers, (values) => values.join(',')),
    query_string_parameters: fields.mapValues(query, (values) => values.at(-1)!),
    body: body?.text ?? null,
    is_base64_encoded: body?.isBase64Encoded ?? false,
  }
}

export function buildLatticeV2Event(sent: WireRequest, options: EventOptions = {}): LatticeEventV2 {
  const request = readFields(sent)
  const resolved = resolveOptions(options, request.sourceIp)
  const { headers, query, body } = parts(request, resolved)
  const arn = (rest: string) => `arn:aws:vpc-lattice:${resolved.region}:${resolved.accountId}:${rest}`
  return {
    version: '2.0',
    path: request.path,
    method: request.method,
    headers,
    queryStringParameters: query,
    body: body?.text ?? null,
    isBase64Encoded: body?.isBase64Encoded ?? false,
    requestContext: {
      serviceNetworkArn: options.serviceNetworkArn ?? arn('servicenetwork/sn-0123456789abcdef0'),
      serviceArn: options.serviceArn ?? arn('service/svc-0123456789abcdef0'),
      targetGroupArn: options.targetGroupArn ?? arn('targetgroup/tg-0123456789abcdef0'),
      identity: identityOf(resolved),
      region: resolved.region,
      timeEpoch: `${resolved.timeEpoch}000`,
    },
  }
}

function parts(request: WireRequest, options: ResolvedOptions) {
  const body = request.body
  const host = options.domainName ?? `example.0123456.vpc-lattice-svcs.${options.region}.on.aws`
  const lines = fields.withoutFields(request.headers, ['connection', 'transfer-encoding'])
  if (fields.lastValue(lines, 'host') === undefined) lines.push(['host', host])
  const forwarded = fields.setField(lines, 'x-forwarded-for', fields.appendForwardedFor(lines, options.sourceIp))
  return {
    headers: fields.groupFields(forwarded, (name) => name.toLowerCase()),
    query: fields.groupPairs(fields.queryPairs(request.query, true)),
    body: body === undefined || body.length === 0 ? undefined : encodeBody(body, !isText(request)),
  }
}

/** AWS does not say which bodies become base64; an ALB's rule stands in. */
const isText = (request: WireRequest): boolean =>
  fields.lastValue(request.headers, 'content-encoding') === undefined &&
  isTextType(fields.lastValue(request.headers, 'content-type'))

function identityOf(options: ResolvedOptions): Record<string, string> {
  const sourceVpcArn = `arn:aws:ec2:${options.region}:${options.accountId}:vpc/vpc-0123456789abcdef0`
  if (options.iam === undefined) return { sourceVpcArn }
  const principal = options.iam.userArn ?? 'arn:aws:iam::123456789012:user/example'
  return {
    sourceVpcArn,
    type: 'AWS_IAM',
    principal,
    ...(options.iam.principalOrgId === undefined ? {} : { principalOrgID: options.iam.principalOrgId }),
  }
}
