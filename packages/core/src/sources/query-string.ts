import { written } from './fields.ts'

type Members = Readonly<Record<string, unknown>> | null | undefined

/**
 * The query maps of an event as a raw query string: the multi-value map, and from the single-value map only the names
 * that it lacks.
 */
export function joinQuery(multi: Members, single: Members, encode: (text: string) => string): string {
  let query = ''
  for (const name in multi) query += pairs(name, multi[name], encode)
  for (const name in single) if (!multi || !Object.hasOwn(multi, name)) query += pairs(name, single[name], encode)
  return query.slice(1)
}

function pairs(name: string, value: unknown, encode: (text: string) => string): string {
  if (value === undefined || value === null) return ''
  if (!Array.isArray(value)) return `&${encode(name)}=${encode(written(value))}`
  let text = ''
  for (const item of value) text += `&${encode(name)}=${encode(written(item))}`
  return text
}

/** For members that the gateway decoded. A lone surrogate, which has no UTF-8 form, becomes U+FFFD. */
export const encodeMember = (text: string): string => encodeURIComponent(text.toWellFormed())

/** For members that stand in the event as the client sent them. */
export const verbatim = (text: string): string => text
