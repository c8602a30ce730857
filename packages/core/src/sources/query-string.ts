import { type FieldMap, linesOf } from './fields.ts'

/** The query maps of an event as pairs: name, value, name, value; from the single-value map only what the other lacks. */
export const queryPairs = (multi: FieldMap, single: FieldMap): string[] => linesOf(multi, single, Object.hasOwn)

/** Pairs as a raw query string. */
export function joinQuery(pairs: readonly string[], encode: (text: string) => string): string {
  let query = ''
  for (let i = 0; i < pairs.length; i += 2) query += `&${encode(pairs[i]!)}=${encode(pairs[i + 1]!)}`
  return query.slice(1)
}

/** For members that the gateway decoded. A lone surrogate, which has no UTF-8 form, becomes U+FFFD. */
export const encodeMember = (text: string): string => encodeURIComponent(text.toWellFormed())

/** For members that stand in the event as the client sent them. */
export const verbatim = (text: string): string => text
