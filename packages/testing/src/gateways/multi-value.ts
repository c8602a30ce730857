import { describe, Malformed, readRecord } from './response.ts'

/** How a gateway turns a header's value into text, or refuses it. */
export type ToText = (name: string, value: unknown) => string

/**
 * Both maps of payload 1.0 as lines. Recorded: the values of multiValueHeaders come first, then the one of headers unless
 * it is there already, under the spelling of multiValueHeaders.
 */
export function mergedHeaders(result: Record<string, unknown>, toText: ToText): [string, string][] {
  const lines: [string, string][] = []
  const spellings = new Map<string, string>()
  for (const [name, values] of readRecord(result.multiValueHeaders, 'multiValueHeaders')) {
    const spelling = spellings.get(name.toLowerCase()) ?? name
    spellings.set(name.toLowerCase(), spelling)
    for (const value of readList(name, values)) lines.push([spelling, toText(name, value)])
  }
  for (const [name, value] of readRecord(result.headers, 'headers')) {
    const spelling = spellings.get(name.toLowerCase()) ?? name
    const text = toText(name, value)
    if (!lines.some((line) => line[0] === spelling && line[1] === text)) lines.push([spelling, text])
  }
  return lines
}

/** Recorded: a value of multiValueHeaders that is no array makes the answer malformed. */
export function readList(name: string, values: unknown): unknown[] {
  if (Array.isArray(values)) return values
  throw new Malformed(`multiValueHeaders["${name}"] is ${describe(values)}: return an array of strings.`)
}
