import { isBinary, isJson, isMultipart, typeOf } from '../../http/media-type.ts'
import type { ParsedBody } from './parsed-body.ts'

/** The status and headers of the response that is parsed. */
export interface ResponseHead {
  status: number
  headers: Record<string, unknown>
}

/** Reads the bytes of a body. */
export type BodyParser = (bytes: Buffer, head: ResponseHead) => ParsedBody | Promise<ParsedBody>

const parseText: BodyParser = (bytes) => ({ text: bytes.toString() })
const parseBinary: BodyParser = (bytes) => ({ body: bytes })

/** superagent's choice: by the media type, text for what it does not know. */
export function selectParser(contentType: string, responseType: string | undefined): BodyParser {
  const type = typeOf(contentType) || 'text/plain'
  if (responseType) return parseBinary
  if (isMultipart(type)) return parseMultipart
  if (isBinary(type) || type === 'application/octet-stream' || type === 'application/pdf') return parseBinary
  if (type === 'application/x-www-form-urlencoded') return parseForm
  return isJson(type) && !type.toLowerCase().startsWith('text/') ? parseJson : parseText
}

/** @throws SyntaxError that carries the response: `rawResponse`, `statusCode`, `status`, `headers`. */
function parseJson(bytes: Buffer, { status, headers }: ResponseHead): ParsedBody {
  const text = bytes.toString()
  const json = text.replace(/^\uFEFF/, '')
  try {
    return { text, body: json && JSON.parse(json) }
  } catch (error) {
    throw Object.assign(error as Error, { rawResponse: text || null, statusCode: status, status, headers })
  }
}

async function parseForm(bytes: Buffer): Promise<ParsedBody> {
  const { parseQuery } = await import('../../http/query-string.ts')
  const text = bytes.toString('ascii')
  return { text, body: await parseQuery(text) }
}

async function parseMultipart(bytes: Buffer, { headers }: ResponseHead): Promise<ParsedBody> {
  const multipart = await import('./multipart.ts')
  return multipart.parseMultipart(bytes, String(headers['content-type']))
}
