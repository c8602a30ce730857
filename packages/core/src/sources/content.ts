import { BadRequestError } from '../message/errors.ts'
import { headerText } from '../message/headers.ts'
import type { Chunk, HttpHeaders } from '../message/message.ts'
import type { BufferedResponse } from '../message/source.ts'

/**
 * A request's body as text, or as bytes if the gateway sent base64; `undefined` if there is none.
 * @throws BadRequestError (400) if the base64 is malformed.
 */
export function decodeBody(body: unknown, isBase64: boolean): Chunk | undefined {
  if (body === undefined || body === null || body === '') return undefined
  const text = textOf(body)
  return isBase64 ? decodeBase64(text) : text
}

/** The length in bytes of what {@link decodeBody} gives, without decoding. */
export function bodyLength(body: unknown, isBase64: boolean): number {
  if (body === undefined || body === null || body === '') return 0
  const text = textOf(body)
  // Malformed base64 is a body too: the error comes when it is read.
  return isBase64 ? Math.max(1, decodedLength(text)) : Buffer.byteLength(text)
}

// Gateways send strings; hand-written events often hold the parsed body.
const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body))

// Buffer skips characters that are not base64, so the bytes are fewer than the length of the text says. It also takes the URL-safe
// alphabet, and may take a character beyond ASCII for another: these are checked here.
function decodeBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  const strict =
    text.length % 4 === 0 && bytes.length === decodedLength(text) && Buffer.byteLength(text) === text.length
  if (!strict || text.includes('-') || text.includes('_')) {
    throw new BadRequestError('The request body is not valid base64')
  }
  return bytes
}

const decodedLength = (text: string): number =>
  Math.floor((text.length * 3) / 4) - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0)

/**
 * Whether a result has to hold the response's body as base64. Text is sent as text, unless it has a content-encoding. Bytes of a
 * textual type or of no type are sent as text if they are UTF-8, so that a REST API without binary media types delivers HTML and
 * JSON that an application sent as a Buffer. Bytes of any other type are base64.
 */
export function needsBase64({ body, headers }: BufferedResponse): boolean {
  if (body === undefined || body.length === 0) return false
  if (isEncoded(headers)) return true
  if (typeof body === 'string') return false
  const type = headerText(headers, 'content-type')
  // node:buffer is loaded in every process, so this loads nothing.
  return type && !isTextual(type) ? true : !process.getBuiltinModule('node:buffer').isUtf8(body)
}

/** Whether a content-encoding other than `identity` was applied. */
export function isEncoded(headers: HttpHeaders): boolean {
  const encoding = headerText(headers, 'content-encoding')
  return encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity'
}

const textual =
  /^(?:text\/|application\/(?:json|javascript|xml|x-www-form-urlencoded|graphql|x-ndjson|yaml)|[^;]+\+(?:json|xml|yaml))/i

const isTextual = (type: string): boolean => textual.test(type.trim())

/** The body as the result holds it; `''` if there is none, since an ALB refuses `null`. */
export function encodeBody(body: Chunk | undefined, base64: boolean): string {
  if (body === undefined) return ''
  if (typeof body === 'string') return base64 ? Buffer.from(body).toString('base64') : body
  // Buffer#toString keeps a byte-order mark, as TextDecoder would not.
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString(base64 ? 'base64' : 'utf8')
}
