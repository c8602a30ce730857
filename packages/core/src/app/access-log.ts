import type { Hooks, ResponseInfo } from './hooks.ts'

/** One request in the log. Bodies are never in it. */
export interface AccessLogEntry {
  readonly method: string
  /** The route's pattern, since the path may hold names and keys; `undefined` if no route matched. */
  readonly route: string | undefined
  readonly status: number
  /** Milliseconds from the request to the answer, or to its last chunk if it streams; two decimals. */
  readonly durationMs: number
  /** Name of the event source. */
  readonly source: string
  /** The gateway's id of the request. */
  readonly requestId: string | undefined
  /** Lambda's id of the invocation. */
  readonly awsRequestId: string | undefined
  /** The X-Ray trace. */
  readonly traceId: string | undefined
  readonly params?: Record<string, unknown>
  readonly query?: Record<string, unknown>
  readonly headers?: Record<string, unknown>
}

/** What the access log has, and who gets it. */
export interface AccessLogOptions {
  /** Takes an entry. Default: `console.log`, with one line of JSON, or with an object if Lambda's own log format is JSON. */
  readonly log?: (entry: AccessLogEntry) => void
  /** Further parts of the request to log. Default: none. */
  readonly include?: readonly ('params' | 'query' | 'headers')[]
  /** Names, in any case, whose values are logged as `[redacted]`. Cookies, authorization and keys always are. */
  readonly redact?: readonly string[]
}

/** Names of credentials in headers, queries (those of an AWS presigned URL, OAuth's code) and paths. */
const secret = /authorization|cookie|token|secret|passw|signature|credential|api-?key|session|^code$/i

/**
 * Hooks that log each request when it is answered.
 * @throws TypeError if `include` names an unknown part.
 */
export function accessLog(options: AccessLogOptions): Hooks {
  const { log = defaultLog(), include = [], redact = [] } = options
  for (const part of include) {
    if (!['params', 'query', 'headers'].includes(part))
      throw new TypeError(`accessLog.include takes 'params', 'query' and 'headers', not ${String(part)}`)
  }
  const named = new Set(redact.map((name) => name.toLowerCase()))
  const redacted = (record: object): Record<string, unknown> => {
    const copy: Record<string, unknown> = Object.create(null)
    for (const [name, value] of Object.entries(record))
      copy[name] = secret.test(name) || named.has(name.toLowerCase()) ? '[redacted]' : value
    return copy
  }
  return {
    onResponse(info) {
      const entry: Record<string, unknown> = entryOf(info)
      for (const part of include) entry[part] = redacted(read(info, part))
      log(entry as unknown as AccessLogEntry) // `include` added its optional members.
    },
  }
}

function entryOf({ req, route, status, durationMs }: ResponseInfo): AccessLogEntry & Record<string, unknown> {
  return {
    method: req.method,
    route,
    status,
    durationMs: Math.round(durationMs * 100) / 100,
    source: req.source,
    requestId: req.requestId,
    awsRequestId: req.context.awsRequestId,
    traceId: req.traceId,
  }
}

function read({ req }: ResponseInfo, part: 'params' | 'query' | 'headers'): object {
  try {
    return part === 'headers' ? req.headers.toJSON() : req[part]
  } catch {
    // The query does not decode; the request was answered with 400.
    return {}
  }
}

const defaultLog = (): ((entry: AccessLogEntry) => void) =>
  process.env['AWS_LAMBDA_LOG_FORMAT'] === 'JSON'
    ? (entry) => console.log(entry)
    : (entry) => console.log(JSON.stringify(entry))
