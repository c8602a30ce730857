import { addField, type FormRecord } from '../message/query.ts'
import { type FieldMap, linesOf } from './fields.ts'
import { written } from './members.ts'

/**
 * The query maps of an event as pairs: name, value, name, value. A name of the multi-value map is not read from the other map, which
 * has only its last value.
 */
export const queryPairs = (multi: FieldMap, single: FieldMap): string[] => linesOf(multi, single, Object.hasOwn)

/**
 * The same maps, which the gateway decoded, as a record. A lone surrogate becomes U+FFFD, as in the text that
 * {@link joinQuery} writes.
 */
export function queryRecord(multi: FieldMap, single: FieldMap): FormRecord {
  const record: FormRecord = Object.create(null)
  for (const name in multi) addMember(record, name, multi[name])
  for (const name in single) if (!multi || !Object.hasOwn(multi, name)) addMember(record, name, single[name])
  return record
}

function addMember(record: FormRecord, name: string, value: unknown): void {
  if (Array.isArray(value))
    for (const item of value) addField(record, name.toWellFormed(), written(item).toWellFormed())
  else if (value !== undefined && value !== null) addField(record, name.toWellFormed(), written(value).toWellFormed())
}

/** Pairs as a raw query string. */
export function joinQuery(pairs: readonly string[], encode: (text: string) => string): string {
  let query = ''
  for (let i = 0; i < pairs.length; i += 2) query += `&${encode(pairs[i]!)}=${encode(pairs[i + 1]!)}`
  return query.slice(1)
}

/** For names and values that the gateway decoded. A lone surrogate, which has no UTF-8 form, becomes U+FFFD. */
export const encodeMember = (text: string): string => encodeURIComponent(text.toWellFormed())

/** For names and values that are in the event as the client sent them. */
export const verbatim = (text: string): string => text
