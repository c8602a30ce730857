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

/** The values that {@link linesOf} has for one header field; `name` is in lower case. */
export function valuesOfField(multi: FieldMap, single: FieldMap, name: string): string[] {
  const values: string[] = []
  if (!addNamed(values, multi, name)) addNamed(values, single, name)
  return values
}

/** Adds the values of a field, and says whether the map has it, whatever the case of its name. */
function addNamed(values: string[], fields: FieldMap, name: string): boolean {
  let found = false
  for (const key in fields) {
    // Most names differ in length: no new text is made for those.
    if (key.length !== name.length || key.toLowerCase() !== name) continue
    found = true
    addValues(values, fields[key])
  }
  return found
}

const hasName = (fields: object, name: PropertyKey): boolean =>
  Object.hasOwn(fields, name) || addNamed([], fields as Members, String(name).toLowerCase())

function append(lines: string[], name: string, value: unknown): void {
  if (Array.isArray(value)) for (const item of value) lines.push(name, written(item))
  else if (value !== undefined && value !== null) lines.push(name, written(value))
}

function addValues(values: string[], value: unknown): void {
  if (Array.isArray(value)) for (const item of value) values.push(written(item))
  else if (value !== undefined && value !== null) values.push(written(value))
}
