import { toResponseHeaders } from '../http/header-fields.ts'

/** What an answer says, be it the client's response, a wire response or a handler's raw result. */
export interface Answer {
  status: number | undefined
  headers: Record<string, string | string[]>
  text: string
}

type Fields = Record<string, string | number | boolean | string[]>
type Shapes = {
  status?: number
  statusCode?: number
  headers?: Fields | [string, string][]
  multiValueHeaders?: Record<string, string[]>
  cookies?: string[]
  text?: string
  body?: unknown
  isBase64Encoded?: boolean
}

/**
 * Reads an answer in any of its shapes.
 * @throws TypeError for what is none.
 */
export function toAnswer(received: unknown): Answer {
  const shape = received as Shapes | null
  const status = shape?.status ?? shape?.statusCode
  if (typeof shape !== 'object' || shape === null || (status === undefined && shape.headers === undefined)) {
    throw new TypeError(
      `This is neither a response nor a Lambda result: ${process.getBuiltinModule('node:util').inspect(received)}`,
    )
  }
  return { status, headers: toResponseHeaders(linesOf(shape)), text: textOf(shape) }
}

function linesOf({ headers = {}, multiValueHeaders = {}, cookies = [] }: Shapes): [string, string][] {
  if (Array.isArray(headers)) return headers
  const single = Object.entries(headers).filter(([name]) => !Object.hasOwn(multiValueHeaders, name))
  const fields = [...single, ...Object.entries(multiValueHeaders), ['set-cookie', cookies] as const]
  return fields.flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, String(one)]))
}

function textOf({ text, body, isBase64Encoded }: Shapes): string {
  if (text !== undefined) return text
  if (typeof body === 'string') return isBase64Encoded ? Buffer.from(body, 'base64').toString() : body
  return body instanceof Uint8Array ? Buffer.from(body).toString() : ''
}
