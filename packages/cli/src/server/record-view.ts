import { brotliDecompressSync, constants, unzipSync } from 'node:zlib'
import type { WireRequest } from '@expressway/testing/gateway'
import type { BodyView, RecordDetail, RecordSummary } from '../inspect-page/protocol.ts'
import { curlCommand } from './curl-command.ts'
import type { InvocationRecord } from './history.ts'

/** A line of the list. */
export const summaryOf = (record: InvocationRecord): RecordSummary => ({
  id: record.id,
  at: record.at,
  method: record.request.method,
  target: targetOf(record.request),
  gateway: record.gateway,
  status: record.status ?? null,
  state: record.state,
  durationMs: record.durationMs,
  bytes: record.bytes,
  warnings: record.warnings.length,
  failed: record.error !== undefined,
  streamed: record.streamed,
  disconnected: record.disconnected,
  replayOf: record.replayOf ?? null,
})

/** Everything about one invocation, as JSON. */
export const detailOf = (record: InvocationRecord, origin: string): RecordDetail => ({
  ...summaryOf(record),
  requestId: record.requestId,
  request: {
    headers: record.request.headers,
    body: bodyView(record.request.body ?? new Uint8Array(), record.request.body?.length ?? 0),
    sourceIp: record.request.sourceIp,
  },
  event: record.event,
  result: record.result,
  prelude: record.prelude,
  error: record.error,
  response: { headers: record.headers, body: bodyView(decoded(record), record.bytes) },
  warnings: record.warnings,
  firstByteMs: record.firstByteMs,
  chunks: record.chunks,
  curl: curlCommand(record.request, origin),
})

const targetOf = ({ path, query }: WireRequest): string => (query === '' ? path : `${path}?${query}`)

/** How much of a request's body is shown. */
const shownBytes = 256 * 1024

function bodyView(body: Uint8Array, bytes: number): BodyView {
  const shown = body.subarray(0, shownBytes)
  const size = { bytes, shown: shown.length }
  try {
    return { ...size, text: new TextDecoder('utf-8', { fatal: true }).decode(shown, { stream: true }) }
  } catch {
    return { ...size, base64: Buffer.from(shown).toString('base64') }
  }
}

/** How much of a compressed body is decoded, in bytes. */
const mostDecoded = 8 * 1024 * 1024

/** The body without its content coding. A part of a body gives what can be decoded of it. */
function decoded({ headers, body }: InvocationRecord): Uint8Array {
  const coding = headers
    .findLast(([name]) => name.toLowerCase() === 'content-encoding')?.[1]
    .trim()
    .toLowerCase()
  const { BROTLI_OPERATION_FLUSH, Z_SYNC_FLUSH } = constants
  try {
    if (coding === 'br') {
      return brotliDecompressSync(body, { finishFlush: BROTLI_OPERATION_FLUSH, maxOutputLength: mostDecoded })
    }
    if (coding !== 'gzip' && coding !== 'deflate') return body
    return unzipSync(body, { finishFlush: Z_SYNC_FLUSH, maxOutputLength: mostDecoded })
  } catch {
    return body
  }
}

/** Whether a record has every word: `5xx`, `warning`, `error`, or text anywhere in what is shown. */
export function matches(record: InvocationRecord, words: readonly string[]): boolean {
  const text = words.length === 0 ? '' : JSON.stringify(detailOf(record, '')).toLowerCase()
  return words.every((word) => {
    if (/^[1-5]xx$/.test(word)) return String(record.status ?? '').startsWith(word[0]!)
    if (word === 'warning') return record.warnings.length > 0
    if (word === 'error') return record.error !== undefined || (record.status ?? 0) >= 500
    return text.includes(word)
  })
}
