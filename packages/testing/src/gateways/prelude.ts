import { type Draft, isObject, Malformed, readRecord, readStatus } from './response.ts'

/** The content type that `HttpResponseStream.from` gives a response stream. */
export const integrationType = 'application/vnd.awslambda.http-integration-response'

/** The metadata that a streaming function sends before its body. */
export interface Prelude {
  statusCode?: number | string
  headers?: Record<string, unknown>
  multiValueHeaders?: Record<string, unknown>
  cookies?: unknown
}

/**
 * Status and lines of a streaming answer's metadata. Keys that AWS does not name are ignored with a warning.
 * @throws Malformed if the metadata is not a JSON object of the right types.
 */
export function readPrelude(text: string, keys: readonly string[], warnings: string[]): Omit<Draft, 'body'> {
  const prelude = parse(text)
  for (const key of Object.keys(prelude)) {
    if (!keys.includes(key))
      warnings.push(`The metadata's "${key}" is ignored: a streaming answer has ${keys.join(', ')}.`)
  }
  const lines = readRecord(prelude.headers, 'headers').map(([name, value]): [string, string] => [
    name,
    toText(name, value),
  ])
  if (keys.includes('multiValueHeaders')) {
    for (const [name, values] of readRecord(prelude.multiValueHeaders, 'multiValueHeaders')) {
      for (const value of listOf(values, `multiValueHeaders["${name}"]`)) lines.push([name, toText(name, value)])
    }
  }
  for (const cookie of listOf(prelude.cookies ?? [], 'cookies'))
    lines.push(['set-cookie', toText('set-cookie', cookie)])
  return { status: readStatus(prelude.statusCode) ?? 200, lines }
}

function parse(text: string): Record<string, unknown> {
  let prelude: unknown
  try {
    prelude = JSON.parse(text)
  } catch {
    throw new Malformed('The metadata before the eight NUL bytes is not JSON: use awslambda.HttpResponseStream.from.')
  }
  if (isObject(prelude)) return prelude
  throw new Malformed('The metadata before the eight NUL bytes is no object: pass { statusCode, headers } to from().')
}

function listOf(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value
  throw new Malformed(`${key} of the metadata is not an array: put its values in one.`)
}

function toText(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new Malformed(`The value of header "${name}" in the metadata is no string: convert it.`)
}
