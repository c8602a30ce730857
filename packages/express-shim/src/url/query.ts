import { getBuiltinModule } from '../builtin.ts'
import { type NestedOptions, parseNested } from './nested-query.ts'

type Query = Record<string, unknown>

const EXTENDED: NestedOptions = { arrayLimit: 20, depth: 5, parameterLimit: 1000 }

/**
 * Express's default `query parser`: `node:querystring`, which every Node process has loaded already.
 *
 * @example parseSimple('a=1&a=2&b[c]=3') // { a: ['1', '2'], 'b[c]': '3' }
 */
export function parseSimple(query: string): Query {
  return getBuiltinModule('node:querystring').parse(query)
}

/**
 * Express's `query parser` named `extended`: nested objects and arrays as `qs` reads them.
 *
 * @example parseExtended('a[b]=1&c[]=2') // { a: { b: '1' }, c: ['2'] }
 */
export function parseExtended(query: string): Query {
  return parseNested(query, EXTENDED)
}
