import { BadRequestError } from './errors.ts'

/** Names with a value, or with all values if a name stands more than once; without a prototype. */
export type FormRecord<Value = string> = Record<string, Value | Value[]>

/**
 * Parses `a=1&b=2&b=3` as the URL Standard's application/x-www-form-urlencoded does, but refuses a malformed escape.
 * @param part what the text is, for the error: `query string` or `form`.
 * @throws HttpError 400 on malformed percent-encoding.
 */
export function parseUrlencoded(text: string, part: string): FormRecord {
  const record: FormRecord = Object.create(null)
  let start = 0
  while (start < text.length) {
    let end = text.indexOf('&', start)
    if (end === -1) end = text.length
    if (end > start) {
      const equals = text.indexOf('=', start)
      const nameEnd = equals === -1 || equals > end ? end : equals
      addField(record, decode(text.slice(start, nameEnd), part), decode(text.slice(nameEnd + 1, end), part))
    }
    start = end + 1
  }
  return record
}

/** Adds one field; a second value of a name makes a list. */
export function addField<Value>(record: FormRecord<Value>, name: string, value: Value): void {
  const present = record[name]
  if (present === undefined) record[name] = value
  else if (Array.isArray(present)) present.push(value)
  else record[name] = [present, value]
}

function decode(text: string, part: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    throw new BadRequestError(`The ${part} has malformed percent-encoding: ${text}`)
  }
}
