import { type Members, written } from './members.ts'

/** A map of header fields or query parameters, which may be absent. */
export type FieldMap = Members | null | undefined

/**
 * Two maps of an event as lines: name, value, name, value. A name of the multi-value map is taken from there alone, since the
 * other map repeats its last value; names of header fields are compared without regard to case.
 */
export function linesOf(multi: FieldMap, single: FieldMap, has: typeof Object.hasOwn = hasName): string[] {
  const lines: string[] = []
  for (const name in multi) append(lines, name, multi[name])
  for (const name in single) if (!multi || !has(multi, name)) append(lines, name, single[name])
  return lines
}

/** Whether a map has a field, whatever the case of its name; `name` is in lower case. */
export function hasField(fields: FieldMap, name: string): boolean {
  // Most names differ in length: no new text is made for those.
  for (const key in fields) if (key.length === name.length && key.toLowerCase() === name) return true
  return false
}

const hasName = (fields: object, name: PropertyKey): boolean =>
  Object.hasOwn(fields, name) || hasField(fields as Members, String(name).toLowerCase())

function append(lines: string[], name: string, value: unknown): void {
  if (Array.isArray(value)) for (const item of value) lines.push(name, written(item))
  else if (value !== undefined && value !== null) lines.push(name, written(value))
}
