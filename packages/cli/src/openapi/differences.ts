import { isDeepStrictEqual } from 'node:util'
import type { Document } from '@expressway/core/openapi'

/**
 * What has to change in a document to become another, a line for each operation, schema or other part; empty if the two are
 * equal, whatever the order of members.
 */
export function differences(known: Document, wanted: Document): string[] {
  const [before, after] = [partsOf(known), partsOf(wanted)]
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    if (!after.has(name)) return [`removed  ${name}`]
    if (!before.has(name)) return [`added    ${name}`]
    const places = placesOf(before.get(name), after.get(name))
    return places.length === 0 ? [] : [`changed  ${name}${at(places)}`]
  })
}

function partsOf(document: Document): Map<string, unknown> {
  const { paths = {}, components = {}, ...others } = plain(document)
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, unknown] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  )
  const named = Object.entries(components).flatMap(([kind, members]) =>
    Object.entries(members as object).map(([name, value]): [string, unknown] => [
      `${kind.replace(/s$/, '')} ${name}`,
      value,
    ]),
  )
  return new Map<string, unknown>([...operations, ...named, ...Object.entries(others)])
}

/** As JSON has it: without members that are undefined. */
const plain = (document: Document): Document => JSON.parse(JSON.stringify(document))

/** Where two values differ: the paths to the innermost members. */
function placesOf(before: unknown, after: unknown, path = ''): string[] {
  if (isDeepStrictEqual(before, after)) return []
  if (!isRecord(before) || !isRecord(after)) return [path]
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => placesOf(before[name], after[name], path === '' ? name : `${path}.${name}`))
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** More than these say no more. */
const shown = 3

function at(places: readonly string[]): string {
  const named = places.filter((place) => place !== '')
  if (named.length === 0) return ''
  const more = named.length > shown ? ` and ${named.length - shown} more` : ''
  return ` (${named.slice(0, shown).join(', ')}${more})`
}
