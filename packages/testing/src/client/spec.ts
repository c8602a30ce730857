import type { GatewayName } from '../wire.ts'
import type { FormPart } from './request/form.ts'
import type { HeaderFields } from './http/header-fields.ts'
import type { GatewaySettings } from './send/lambda-transport.ts'
import type { Response } from './response/response.ts'

/** Everything that the fluent calls gather before a request is sent. Plain data: the sending reads it, nothing else. */
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
  /** The body goes to a stream of the test's own. */
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
  /** What the caller asked that only a Lambda handler can give, by method name, to say so to any other target. */
  lambdaOnly: string[]
  ignoredHeaders: string[]
  stream?: { disconnectAfter?: number; bytesPerSecond?: number }
  /** The handler's module is to be loaded for this request alone. */
  cold?: boolean
  /** The layers that the request enters are to be noted. */
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
