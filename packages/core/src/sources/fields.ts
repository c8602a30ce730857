type Fields = Readonly<Record<string, unknown>> | null | undefined

/**
 * The header maps of an event as lines: name, value, name, value. A name of the multi-value map is taken from there
 * alone, since the other map repeats its last value; names are compared without regard to case.
 */
export function linesOf(multi: Fields, single: Fields): string[] {
  const lines: string[] = []
  for (const name in multi) append(lines, name, multi[name])
  for (const name in single) if (!multi || !hasName(multi, name)) append(lines, name, single[name])
  return lines
}

function hasName(fields: Readonly<Record<string, unknown>>, name: string): boolean {
  if (Object.hasOwn(fields, name)) return true
  const lower = name.toLowerCase()
  return Object.keys(fields).some((other) => other.toLowerCase() === lower)
}

function append(lines: string[], name: string, value: unknown): void {
  if (Array.isArray(value)) for (const item of value) lines.push(name, String(item))
  else if (value !== undefined && value !== null) lines.push(name, String(value))
}
