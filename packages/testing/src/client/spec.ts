import type FormData from 'form-data'
import type { ContextOptions } from '../context.ts'
import type { GatewayName, GatewayOptions } from '../gateway.ts'
import type { HeaderFields } from './http/header-fields.ts'
import type { Response } from './response/response.ts'

/** One part of a multipart body, kept until the request is sent, so that form-data loads only then. */
export interface FormPart {
  name: string
  value: unknown
  options?: PartOptions
}

/** What form-data takes beside a value: a file name, or an object with one and more. */
export type PartOptions = FormData.AppendOptions | string

/** What a request sets for the gateway and the runtime. */
export interface GatewaySettings {
  options?: GatewayOptions
  context?: ContextOptions
  // biome-ignore lint/suspicious/noExplicitAny: the event's type is that of the gateway the test chose
  event?: (event: any) => unknown
  rawEvent?: unknown
}

/**
 * Everything that the fluent calls gather before a request is sent. Plain data, which sending also brings up to date: a
 * redirect changes the method, path, headers and body.
 */
export interface RequestSpec {
  method: string
  /** Path, query and fragment as given to the verb. */
  path: string
  headers: HeaderFields
  /** Defaults that `.unset()` took away, in lower case. */
  unset: Set<string>
  data: unknown
  form: FormPart[]
  written: Uint8Array[]
  queryTexts: string[]
  queryParams: Record<string, unknown>
  sortQuery: boolean | ((a: string, b: string) => number)
  /** Cookies that an agent adds to the `Cookie` field. */
  cookies: string
  credentials?: { user: string; password: string }
  serializer?: (data: never) => unknown
  parser?: Parser
  responseType?: string
  buffer: boolean
  /** The body is piped to a stream of the test. */
  piped?: true
  maxResponseSize: number
  maxRedirects: number
  retries: number
  retryCallback?: (error: Error | null, response: Response | undefined) => unknown
  ok?: (response: Response) => boolean
  timeouts: { deadline?: number | false; response?: number | false; upload?: number | false }
  signal?: AbortSignal
  gateways: GatewayName[]
  gateway: GatewaySettings
  /** The methods that were called and need a Lambda handler, for the error that any other target gives. */
  lambdaOnly: string[]
  ignoredHeaders: string[]
  stream?: { disconnectAfter?: number; bytesPerSecond?: number }
  /** Whether to load the handler's module for this request alone. */
  cold?: boolean
  /** Whether to record the layers that the request enters. */
  traced?: boolean
  tls: Record<string, unknown>
  http2: boolean
  connectOverride?: Record<string, string | { host: string; port?: number | string }>
}

/** superagent's parser: reads the message's events and calls back with what becomes `res.body` and `res.files`. */
export type Parser = (
  // biome-ignore lint/suspicious/noExplicitAny: superagent types the message so, and parsers written for it rely on it
  message: any,
  callback: (error: Error | null, body?: unknown, files?: unknown) => void,
) => void

/** A request without body or settings. */
export function createSpec(method: string, path: string): RequestSpec {
  return {
    method,
    path,
    headers: new Map(),
    unset: new Set(),
    data: undefined,
    form: [],
    written: [],
    queryTexts: [],
    queryParams: {},
    sortQuery: false,
    cookies: '',
    buffer: true,
    maxResponseSize: 200_000_000,
    maxRedirects: 0,
    retries: 0,
    timeouts: {},
    gateways: [],
    gateway: {},
    lambdaOnly: [],
    ignoredHeaders: [],
    tls: {},
    http2: false,
  }
}

/** A copy that can change without the original: for each request of an agent, each gateway of `.viaAll()`. */
export function copySpec(spec: RequestSpec): RequestSpec {
  return {
    ...spec,
    headers: new Map(spec.headers),
    unset: new Set(spec.unset),
    form: [...spec.form],
    written: [...spec.written],
    queryTexts: [...spec.queryTexts],
    queryParams: { ...spec.queryParams },
    timeouts: { ...spec.timeouts },
    gateway: { ...spec.gateway },
    lambdaOnly: [...spec.lambdaOnly],
    tls: { ...spec.tls },
  }
}
