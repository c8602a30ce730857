import { describe, Malformed, readRecord } from './response.ts'

/** How a gateway turns a header's value into text, or refuses it. */
export type ToText = (name: string, value: unknown) => string

/**
 * Both maps of payload 1.0 as lines, under the spelling of multiValueHeaders; an exact pair that is there already is not
 * repeated. Recorded: a REST API puts the values of multiValueHeaders first, an HTTP API the one of headers
 * (V1_CombinesSingleAndMultiValueHeadersRest and -HttpV1).
 */
export function mergedHeaders(
  result: Record<string, unknown>,
  toText: ToText,
  order: 'multi-first' | 'single-first',
): [string, string][] {
  const spellings = new Map<string, string>()
  const multi = readRecord(result.multiValueHeaders, 'multiValueHeaders').flatMap(([name, values]) => {
    const spelling = spellings.get(name.toLowerCase()) ?? name
    spellings.set(name.toLowerCase(), spelling)
    return readList(name, values).map((value): [string, string] => [spelling, toText(name, value)])
  })
  const single = readRecord(result.headers, 'headers')
    .map(([name, value]): [string, string] => [spellings.get(name.toLowerCase()) ?? name, toText(name, value)])
    .filter(([name, value]) => !multi.some((line) => line[0] === name && line[1] === value))
  return order === 'multi-first' ? [...multi, ...single] : [...single, ...multi]
}

/**
 * The values of a name in multiValueHeaders.
 * @throws Malformed if they are not an array, as recorded.
 */
export function readList(name: string, values: unknown): unknown[] {
  if (Array.isArray(values)) return values
  throw new Malformed(`multiValueHeaders["${name}"] is ${describe(values)}: return an array of strings.`)
}
