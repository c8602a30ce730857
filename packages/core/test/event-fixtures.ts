import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('../../testing/fixtures/events/', import.meta.url)

/** A sample event, frozen to its depth: a source that changes an event fails in the test that sees it. */
export const fixture = <T = Record<string, unknown>>(path: string): T =>
  deepFreeze(JSON.parse(readFileSync(new URL(path, folder), 'utf8')) as T)

/** The sample events of one kind, by file name. */
export const fixtures = (kind: string): [name: string, event: Record<string, unknown>][] =>
  readdirSync(new URL(`${kind}/`, folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, fixture(`${kind}/${name}`)])

export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) deepFreeze(member)
  return Object.freeze(value)
}
