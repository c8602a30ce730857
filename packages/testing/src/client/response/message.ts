import type { Readable } from 'node:stream'
import type { WireResponse } from '../../wire.ts'
import { type ResponseHeaders, toResponseHeaders } from '../http/header-fields.ts'
import { codingOf, createDecoder, isCoded } from './content-coding.ts'

/** The response as Node's `IncomingMessage` would show it: what custom parsers and `res.res` rely on. */
export interface Message extends Readable {
  statusCode: number
  statusMessage: string
  headers: ResponseHeaders
  rawHeaders: string[]
  httpVersion: string
  text?: string
  body?: unknown
}

/** A readable message over the response, its content coding taken off. */
export function toMessage(response: WireResponse): Message {
  const { Readable, pipeline } = process.getBuiltinModule('node:stream')
  const headers = toResponseHeaders(response.headers)
  const raw = response.stream ? Readable.from(response.stream, { objectMode: false }) : fromBytes(response.body)
  const coded = isCoded(response.status, headers) && codingOf(headers)
  // A broken body shows as the decoder's own `error` event.
  const source = coded ? pipeline(raw, createDecoder(headers), () => {}) : raw
  return Object.assign(source as Readable, {
    statusCode: response.status,
    statusMessage: response.statusText,
    headers,
    rawHeaders: response.headers.flat(),
    httpVersion: '1.1',
  })
}

function fromBytes(body: Uint8Array): Readable {
  const { Readable } = process.getBuiltinModule('node:stream')
  return new Readable({
    read() {
      if (body.length > 0) this.push(body)
      this.push(null)
    },
  })
}
