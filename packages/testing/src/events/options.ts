import type { IdentityOptions } from './identity.ts'

/** The time of events by default, so that tests get the same event in each run. */
export const defaultTime = Date.UTC(2025, 0, 1, 12, 0, 0)

/** The settings of the event source, as opposed to the request. Each has a fixed default. */
export interface EventOptions extends IdentityOptions {
  /** The deployment stage; default `prod` on a REST API, `$default` on an HTTP API. */
  stage?: string
  /** The custom domain's mapping: `/v1`. Setting it means that the client came by `domainName`, not by the stage. */
  basePath?: string
  /** The domain that the gateway was reached by; default is AWS's own name, or `api.example.com` with a `basePath`. */
  domainName?: string
  stageVariables?: Record<string, string>
  /** The resource or route that matched, such as `/users/{id}` or `/{proxy+}`. */
  resource?: string
  /** An HTTP API's route key, if it is not `ANY <resource>`: `GET /users/{id}`, `$default`. */
  routeKey?: string
  /** Overrides what `resource` finds in the path. */
  pathParameters?: Record<string, string>
  /** A REST API's `binaryMediaTypes`, such as `['image/png', 'application/*']`. */
  binaryMediaTypes?: readonly string[]
  /** The client's address; default `192.0.2.1`, from the range kept for examples (RFC 5737). */
  sourceIp?: string
  /** How the client reached the gateway; only an ALB can be reached by plain `http`. */
  protocol?: 'http' | 'https'
  /** HTTP version that the event names; default `HTTP/1.1`. */
  httpVersion?: string
  /** An ALB's target group attribute `lambda.multi_value_headers.enabled`. */
  multiValueHeaders?: boolean
  accountId?: string
  apiId?: string
  region?: string
  requestId?: string
  extendedRequestId?: string
  resourceId?: string
  deploymentId?: string
  /** The value of `x-amzn-trace-id` if the client sent none. */
  traceId?: string
  /** When the gateway received the request: milliseconds since 1970, or a Date. */
  time?: number | Date
  targetGroupArn?: string
  serviceArn?: string
  serviceNetworkArn?: string
}

/** The options with everything that has a default filled in. */
export type ResolvedOptions = EventOptions &
  Required<Pick<EventOptions, 'accountId' | 'apiId' | 'region' | 'requestId' | 'sourceIp' | 'protocol' | 'traceId'>> & {
    timeEpoch: number
  }

/** The options with their defaults; `sourceIp` of the options counts before that of the request. */
export function resolveOptions(options: EventOptions, sourceIp?: string): ResolvedOptions {
  const time = options.time ?? defaultTime
  return {
    ...options,
    accountId: options.accountId ?? '123456789012',
    apiId: options.apiId ?? 'a1b2c3d4e5',
    region: options.region ?? 'us-east-1',
    requestId: options.requestId ?? '00000000-0000-4000-8000-000000000001',
    sourceIp: options.sourceIp ?? sourceIp ?? '192.0.2.1',
    protocol: options.protocol ?? 'https',
    traceId: options.traceId ?? 'Root=1-00000000-000000000000000000000001',
    timeEpoch: typeof time === 'number' ? time : time.getTime(),
  }
}

/** The domain of an API Gateway API: AWS's own name, or a custom domain if there is a mapping. */
export function apiDomain(options: ResolvedOptions): string {
  if (options.domainName !== undefined) return options.domainName
  if (options.basePath !== undefined) return 'api.example.com'
  return `${options.apiId}.execute-api.${options.region}.amazonaws.com`
}

/** The common log format of API Gateway's `requestTime`: `01/Jan/2025:12:00:00 +0000`. */
export function requestTime(epoch: number): string {
  const [, day, month, year, clock] = new Date(epoch).toUTCString().split(' ')
  return `${day}/${month}/${year}:${clock} +0000`
}

/** `/v1` for `v1`, `/v1/` and `/v1`; `''` for none. */
export function normalBasePath(basePath: string | undefined): string {
  const inner = (basePath ?? '').replace(/^\/+|\/+$/g, '')
  return inner === '' ? '' : `/${inner}`
}
