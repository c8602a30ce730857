/** What the page's server sends about invocations, as JSON. Times are in milliseconds. */

/** A line of the list. */
export interface RecordSummary {
  id: number
  /** Milliseconds since 1970. */
  at: number
  method: string
  target: string
  gateway: string
  /** `null` until there is an answer, and when the client went away before that. */
  status: number | null
  state: 'running' | 'done'
  durationMs: number
  /** Bytes of the response's body. */
  bytes: number
  /** How many. */
  warnings: number
  failed: boolean
  streamed: boolean
  disconnected: boolean
  /** The id of the invocation that this one repeats. */
  replayOf: number | null
}

/** A body to look at: as text if it is text, otherwise as base64. */
export interface BodyView {
  bytes: number
  /** How many of the bytes are shown. */
  shown: number
  text?: string
  base64?: string
}

/** Field lines in their order. */
export type HeaderLines = [name: string, value: string][]

/** Everything about one invocation. */
export interface RecordDetail extends Omit<RecordSummary, 'warnings'> {
  requestId?: string
  request: { headers: HeaderLines; body: BodyView; sourceIp?: string }
  event?: unknown
  result?: unknown
  prelude?: unknown
  error?: { errorType: string; errorMessage: string; trace?: string[] }
  response: { headers: HeaderLines; body: BodyView }
  warnings: string[]
  /** Until the answer began. */
  firstByteMs?: number
  chunks: { atMs: number; bytes: number }[]
  /** The request as a curl command. */
  curl: string
}
