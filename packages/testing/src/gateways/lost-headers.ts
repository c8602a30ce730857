import { isObject } from './response.ts'

/** The names in a map that the gateway does not read, whose values the map that it reads does not have. */
export function lostNames(ignored: unknown, read: unknown): string[] {
  if (!isObject(ignored)) return []
  const kept = new Map(Object.entries(isObject(read) ? read : {}).map(([name, value]) => [name.toLowerCase(), value]))
  return Object.entries(ignored)
    .filter(([name, value]) => !has(kept.get(name.toLowerCase()), [value].flat()))
    .map(([name]) => name)
}

function has(kept: unknown, values: unknown[]): boolean {
  const texts = [kept].flat().map(String)
  return kept !== undefined && values.every((value) => texts.some((text) => text.includes(String(value))))
}
