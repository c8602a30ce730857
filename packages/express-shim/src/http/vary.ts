import { check } from '../check.ts'
import { splitList, TOKEN } from './media-type.ts'

/** Adds fields to a `Vary` value unless they are there; `*` stands for all (RFC 9110, section 12.5.5). */
export function addToVary(present: string, field: string | readonly string[]): string {
  check(field, 'field argument is required')
  const fields = Array.isArray(field) ? field : splitList(String(field))
  check(
    fields.every((name) => TOKEN.test(name)),
    'field argument contains an invalid header name',
  )
  const known = splitList(present.toLowerCase())
  if (present === '*' || known.includes('*') || fields.includes('*')) return '*'
  let value = present
  for (const name of fields) {
    if (known.includes(name.toLowerCase())) continue
    known.push(name.toLowerCase())
    value = value ? `${value}, ${name}` : name
  }
  return value
}
