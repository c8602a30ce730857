/** Field lines in the order and case sent. */
export type FieldLines = readonly (readonly [name: string, value: string])[]

/** A record for names that come from outside: no prototype, so `__proto__` is a name like any other. */
export function emptyRecord<T>(): Record<string, T> {
  return Object.create(null)
}

/** All values of a field, in order, whatever its case. */
export function fieldValues(lines: FieldLines, name: string): string[] {
  const wanted = name.toLowerCase()
  const values: string[] = []
  for (const [field, value] of lines) if (field.toLowerCase() === wanted) values.push(value)
  return values
}

export function lastValue(lines: FieldLines, name: string): string | undefined {
  const wanted = name.toLowerCase()
  return lines.findLast(([field]) => field.toLowerCase() === wanted)?.[1]
}

export function withoutFields(lines: FieldLines, names: readonly string[]): [string, string][] {
  const kept: [string, string][] = []
  for (const [name, value] of lines) if (!names.includes(name.toLowerCase())) kept.push([name, value])
  return kept
}

/** Replaces all lines of a field by one at the end. */
export function setField(lines: FieldLines, name: string, value: string): [string, string][] {
  const kept = withoutFields(lines, [name.toLowerCase()])
  kept.push([name, value])
  return kept
}

/** Values by name; names that differ only in case are one field, under the spelling seen last. */
export function groupFields(lines: FieldLines, spell: (name: string) => string): Record<string, string[]> {
  const byName = new Map<string, { spelling: string; values: string[] }>()
  for (const [name, value] of lines) {
    const key = name.toLowerCase()
    const group = byName.get(key) ?? { spelling: spell(name), values: [] }
    group.values.push(value)
    byName.set(key, group)
  }
  const record = emptyRecord<string[]>()
  for (const { spelling, values } of byName.values()) record[spelling] = values
  return record
}

/** The same record with one value a name. */
export function mapValues<T, U>(record: Record<string, T>, convert: (value: T) => U): Record<string, U> {
  const mapped = emptyRecord<U>()
  for (const name of Object.keys(record)) mapped[name] = convert(record[name]!)
  return mapped
}

/** What is between two hops (RFC 9110 section 7.6.1) and does not reach a function. */
export const connectionFields = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'upgrade',
  'proxy-connection',
  'expect',
]

export const isEmpty = (record: object): boolean => Object.keys(record).length === 0

/** What a load balancer does to `X-Forwarded-For`: the address that it saw goes behind those it was sent. */
export function appendForwardedFor(lines: FieldLines, sourceIp: string): string {
  return [...fieldValues(lines, 'x-forwarded-for'), sourceIp].join(', ')
}

/** The pairs of a query string; decoded as forms are (`+` is a space) or as they stand. */
export function queryPairs(query: string, decode: boolean): [string, string][] {
  const pairs: [string, string][] = []
  if (query === '') return pairs
  for (const part of query.split('&')) {
    if (part === '') continue
    const at = part.indexOf('=')
    const name = at < 0 ? part : part.slice(0, at)
    const value = at < 0 ? '' : part.slice(at + 1)
    pairs.push(decode ? [decodeForm(name), decodeForm(value)] : [name, value])
  }
  return pairs
}

/** Values by name, case kept: query parameters are case-sensitive. */
export function groupPairs(pairs: FieldLines): Record<string, string[]> {
  const record = emptyRecord<string[]>()
  for (const [name, value] of pairs) {
    const values = record[name]
    if (values === undefined) record[name] = [value]
    else values.push(value)
  }
  return record
}

const decodeForm = (text: string): string => decodePercent(text.replaceAll('+', ' '))

/** Percent-decoding that leaves escapes alone which are not UTF-8: a gateway never fails on them. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes)
    } catch {
      return escapes
    }
  })
}

/** The cookies of all Cookie lines, one string each, as payload 2.0 lists them. */
export function cookieList(lines: FieldLines): string[] {
  return fieldValues(lines, 'cookie')
    .flatMap((line) => line.split(';'))
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '')
}
