import type { WireRequest } from '../wire.ts'

export const mebibytes = (count: number): number => count * 1024 * 1024

/** Lambda's limit on the JSON of a synchronous invocation: 6 MB, with a little room, each way. */
export const invocationLimit = 6_291_556

/** Whether Lambda refuses the event. Base64 grows a body by a third and escapes can double it, so the small are let by. */
export function eventIsTooLarge(request: WireRequest, toEvent: () => unknown): boolean {
  if ((request.body?.length ?? 0) < mebibytes(0.9)) return false
  return Buffer.byteLength(JSON.stringify(toEvent())) > invocationLimit
}

/** The bytes of the path and query together. */
export const targetLength = (request: WireRequest): number =>
  Buffer.byteLength(request.path) + (request.query === '' ? 0 : Buffer.byteLength(request.query) + 1)

/** The bytes of all header values, or of all lines as they go over the wire: `name: value\r\n`. */
export function headerBytes(request: WireRequest, what: 'values' | 'lines'): number {
  return request.headers.reduce((sum, [name, value]) => {
    // One character per byte.
    return sum + value.length + (what === 'values' ? 0 : name.length + 4)
  }, 0)
}
