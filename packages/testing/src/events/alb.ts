import type { ALBEvent } from 'aws-lambda'
import type { WireRequest } from '../wire.ts'
import { encodeBody, isTextType } from './body.ts'
import * as fields from './fields.ts'
import { addGatewayFields } from './http-api.ts'
import { type EventOptions, resolveOptions } from './options.ts'
import { type EventDescription, readFields, toWireRequest } from './request.ts'

/**
 * The event of an Application Load Balancer's Lambda target.
 * @param description `multiValueHeaders: true` is the target group's attribute: lists in place of last values
 * @example albEvent({ path: '/users', query: 'q=a%20b', multiValueHeaders: true })
 */
export function albEvent(description: EventDescription = {}): ALBEvent {
  return buildAlbEvent(toWireRequest(description), description)
}

export function buildAlbEvent(sent: WireRequest, options: EventOptions = {}): ALBEvent {
  const request = readFields(sent)
  const resolved = resolveOptions(options, request.sourceIp)
  const domainName = options.domainName ?? `example-alb-1234567890.${resolved.region}.elb.amazonaws.com`
  const lines = addGatewayFields(fields.withoutFields(request.headers, ['transfer-encoding']), resolved, domainName)
  const headers = fields.groupFields(lines, (name) => name.toLowerCase())
  // AWS: neither names nor values are decoded, in both modes.
  const query = fields.groupPairs(fields.queryPairs(request.query, false))
  return {
    requestContext: { elb: { targetGroupArn: options.targetGroupArn ?? targetGroupArn(resolved) } },
    httpMethod: request.method,
    path: request.path,
    ...(options.multiValueHeaders === true
      ? { multiValueQueryStringParameters: query, multiValueHeaders: headers }
      : { queryStringParameters: lasts(query), headers: lasts(headers) }),
    ...body(request),
  }
}

/** AWS: without the attribute "the load balancer uses the last value", also of Cookie. */
const lasts = (values: Record<string, string[]>): Record<string, string> =>
  fields.mapValues(values, (each) => each.at(-1)!)

const targetGroupArn = ({ region, accountId }: { region: string; accountId: string }): string =>
  `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/example/0123456789abcdef`

/** AWS: text is what has one of five kinds of type and no content encoding; no body is the empty string. */
function body(request: WireRequest): Pick<ALBEvent, 'body' | 'isBase64Encoded'> {
  if (request.body === undefined || request.body.length === 0) return { body: '', isBase64Encoded: false }
  const encoded = fields.lastValue(request.headers, 'content-encoding') !== undefined
  const text = !encoded && isTextType(fields.lastValue(request.headers, 'content-type'))
  const result = encodeBody(request.body, !text)
  return { body: result.text, isBase64Encoded: result.isBase64Encoded }
}
