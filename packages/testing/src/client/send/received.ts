import type { Readable } from 'node:stream'

/** An answer's status and headers; its body is still to be read. */
export interface Received {
  status: number
  statusText: string
  headers: [string, string][]
  body: Readable
}
