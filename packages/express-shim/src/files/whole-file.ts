import type { ServerResponse } from 'node:http'
import { getBuiltinModule } from '../builtin.ts'
import { INVOCATION } from '../node/message-state.ts'
import { Outgoing } from '../node/outgoing.ts'
import { PHASE } from '../node/outgoing-state.ts'

/** The members of a transfer that a file in one piece uses. */
interface WholeTransfer {
  readonly res: ServerResponse
  readonly events: { stream?(): void; end?(): void }
}

const { write, end } = Outgoing.prototype

/**
 * Whether a file can be read at once and without a stream, because the answer goes out in one piece and nothing observes its
 * parts: a response of ours that is not streamed, and whose `write` and `end` were not replaced.
 */
export function takesWhole(response: ServerResponse): boolean {
  // The classes have the same members, typed for their own code.
  const res = response as unknown as Outgoing
  if (!res[PHASE] || res.req[INVOCATION]?.streaming !== false) return false
  return res.write === write && res.end === end && res.listenerCount('pipe') === 0
}

/** Reads a part of a file and ends the response with it. */
export function sendWhole(
  path: string,
  start: number,
  length: number,
  { res, events }: WholeTransfer,
  fail: (error: Error) => void,
): void {
  const fs = getBuiltinModule('node:fs')
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, length))
  const finish = (file: number, error: Error | null, read: number) => {
    fs.close(file, () => {})
    if (error) fail(error)
    else {
      // A file that became shorter in the meantime ends early, as its stream would.
      res.end(bytes.subarray(0, read))
      events.end?.()
    }
  }
  const readOn = (file: number, offset: number): void => {
    fs.read(file, bytes, offset, bytes.length - offset, start + offset, (error, count) => {
      if (error || count === 0 || offset + count === bytes.length) finish(file, error, offset + (count ?? 0))
      else readOn(file, offset + count)
    })
  }
  events.stream?.()
  fs.open(path, (error, file) => {
    if (error) fail(error)
    else if (bytes.length === 0) finish(file, null, 0)
    else readOn(file, 0)
  })
}
