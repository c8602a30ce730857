import { gunzipSync } from 'node:zlib'
import type { Expected } from './scenarios.ts'

interface Result {
  statusCode: number
  headers?: Record<string, unknown>
  multiValueHeaders?: Record<string, unknown[]>
  cookies?: string[]
  body?: string | null
  isBase64Encoded?: boolean
}

/**
 * Compares a handler's result with what the scenario expects, whatever way the framework put it.
 * @throws Error that names the difference.
 */
export function assertAnswer(given: unknown, expected: Expected): void {
  const result = given as Result
  const headers = fieldsOf(result)
  same('status', result.statusCode, expected.status)
  same('media type', headers.get('content-type')?.[0]?.split(';')[0], expected.type)
  same('content-encoding', headers.get('content-encoding')?.[0], expected.encoding)
  for (const [name, value] of Object.entries(expected.headers ?? {})) same(name, headers.get(name)?.[0], value)
  if (expected.cookie) same('cookie', result.cookies?.[0] ?? headers.get('set-cookie')?.[0], expected.cookie)
  const bytes = Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8')
  const body = expected.encoding === 'gzip' ? gunzipSync(bytes) : bytes
  same('body', body.toString(expected.isBase64 ? 'base64' : 'utf8'), expected.body)
}

/** Both maps of a result, by lower-case name: frameworks differ in which they use. */
function fieldsOf({ headers = {}, multiValueHeaders = {} }: Result): Map<string, string[]> {
  const fields = new Map<string, string[]>()
  for (const [name, value] of Object.entries(headers)) fields.set(name.toLowerCase(), [String(value)])
  for (const [name, values] of Object.entries(multiValueHeaders)) fields.set(name.toLowerCase(), values.map(String))
  return fields
}

function same(what: string, actual: unknown, expected: unknown): void {
  if (actual === expected) return
  throw new Error(`${what} is ${brief(actual)}, not ${brief(expected)}`)
}

const brief = (value: unknown): string => String(JSON.stringify(value)).slice(0, 120)
