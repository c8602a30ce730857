import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GatewayName, WireRequest } from '@expressway/testing/gateway'
import type { Engine } from '../process/engine.ts'
import { type History, type InvocationRecord, noteAnswer, noteChunk } from './history.ts'
import { receiveRequest } from './received-request.ts'
import { sendResponse } from './sent-response.ts'

/** What the requests of one server share. */
export interface ServerParts {
  readonly engine: Engine
  readonly gateway: GatewayName
  /** What may stand before the application's paths. */
  readonly basePath: string
  readonly history: History
  onDone(record: InvocationRecord): void
}

/** How often the history's listeners hear of a stream that goes on. */
const tellEveryMs = 250

/** One request of a real client, to its end. */
export async function serve(parts: ServerParts, message: IncomingMessage, target: ServerResponse): Promise<void> {
  let request: WireRequest
  try {
    request = await receiveRequest(message, parts.basePath)
  } catch {
    return void target.destroy()
  }
  if (!request.path.startsWith('/')) return refuse(target)
  const record = parts.history.begin(parts.gateway, request)
  const client = new AbortController()
  target.once('close', () => {
    if (target.writableFinished) return
    record.disconnected = true
    client.abort(new Error('The client went away.'))
  })
  // A body that was not read to its end would be taken for the next request.
  if (!message.complete) target.shouldKeepAlive = false
  await answer(parts, record, client.signal, target)
}

/** Sends the same request again; only the history gets the answer. */
export function replay(parts: ServerParts, of: InvocationRecord): InvocationRecord {
  const record = parts.history.begin(of.gateway, of.request, of.id)
  void answer(parts, record, new AbortController().signal)
  return record
}

async function answer(
  parts: ServerParts,
  record: InvocationRecord,
  signal: AbortSignal,
  target?: ServerResponse,
): Promise<void> {
  const started = performance.now()
  const elapsed = () => performance.now() - started
  try {
    const invocation = await parts.engine.invoke(record.request, signal)
    noteAnswer(record, invocation, elapsed())
    parts.history.changed(record)
    let told = elapsed()
    const onChunk = (chunk: Uint8Array) => {
      noteChunk(record, chunk, elapsed())
      if (elapsed() - told < tellEveryMs) return
      told = elapsed()
      parts.history.changed(record)
    }
    const { response } = invocation
    if (target !== undefined) await sendResponse(target, response, onChunk)
    else for await (const chunk of response.stream ?? [response.body]) onChunk(chunk)
    record.durationMs = elapsed()
    // What fails after the answer began is known only now.
    record.error ??= signal.aborted ? undefined : await invocation.finished
  } catch (error) {
    fail(record, signal, error, target)
  }
  record.durationMs ||= elapsed()
  record.state = 'done'
  parts.history.changed(record)
  parts.onDone(record)
}

/** The engine itself failed, or the client left; a handler's own failure is an answer. */
function fail(record: InvocationRecord, signal: AbortSignal, error: unknown, target?: ServerResponse): void {
  if (signal.aborted) return
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  record.error ??= { errorType: name, errorMessage: message, trace: stack?.split('\n') }
  // An answer that was begun cannot be taken back.
  if (target === undefined || record.status !== undefined) return void target?.destroy()
  record.status = 500
  target.writeHead(500, { 'content-type': 'text/plain' }).end('The local server failed; its console says why.')
}

/** `OPTIONS *` and `CONNECT host:port` name no resource that a gateway could route. */
function refuse(target: ServerResponse): void {
  target.writeHead(400, { 'content-type': 'application/json' }).end('{"message":"Bad Request"}')
}
