import type { StandardJSONSchemaV1 } from '@standard-schema/spec'
import type { Schema } from '../contract/schema.ts'

/** JSON Schema, draft 2020-12, which is the dialect of OpenAPI 3.1. */
export type JsonSchema = { [member: string]: unknown }

/** What a schema accepts, or what it makes of it. */
export type Direction = 'input' | 'output'

/** A schema as JSON Schema, and what of it has no form there. */
export interface Converted {
  readonly schema: JsonSchema
  readonly warning?: string
}

/** Gives the JSON Schema of schemas whose library does not: `undefined` for schemas that it does not know. */
export type ToJsonSchema = (schema: Schema, direction: Direction) => JsonSchema | undefined

/** How schemas become JSON Schema. */
export interface ConversionOptions {
  readonly toJsonSchema?: ToJsonSchema
  /** How the application writes a BigInt: its own option `json.bigint`. Default: `'string'`. */
  readonly bigint?: 'string' | 'number'
}

/** Converts a schema by its library's own JSON Schema (https://standardschema.dev/json-schema). */
export function convertSchema(schema: Schema, direction: Direction, options: ConversionOptions = {}): Converted {
  const given = options.toJsonSchema?.(schema, direction)
  if (given !== undefined) return { schema: given }
  const standard = schema['~standard'] as Partial<StandardJSONSchemaV1.Props> & Schema['~standard']
  const convert = standard.jsonSchema?.[direction]
  if (convert === undefined) return { schema: {}, warning: withoutJsonSchema(standard.vendor) }
  const lost: string[] = []
  const target = 'draft-2020-12'
  try {
    const converted = convert({ target, libraryOptions: lenient(lost, writtenBigint(direction, options)) })
    return { schema: converted, ...(lost.length > 0 && { warning: lost.join('; ') }) }
  } catch (error) {
    return { schema: {}, warning: messageOf(error) }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const withoutJsonSchema = (vendor: string): string =>
  vendor === 'valibot'
    ? 'Valibot schemas have no JSON Schema of their own: wrap this one in toStandardJsonSchema() of @valibot/to-json-schema'
    : `schemas of ${vendor} have no JSON Schema: give openapi() an option toJsonSchema`

/** JSON writes a date as text (ISO 8601). */
const date = { type: 'string', format: 'date-time' } as const

/** What JSON makes of a BigInt in an answer; no JSON body has one. */
function writtenBigint(direction: Direction, { bigint = 'string' }: ConversionOptions): JsonSchema | undefined {
  if (direction === 'input') return undefined
  return bigint === 'string' ? { type: 'string', pattern: '^-?\\d+$' } : { type: 'integer' }
}

/** What Zod cannot represent besides dates: with `unrepresentable: 'any'` it becomes any value, silently. */
const lostInZod = new Set(['bigint', 'symbol', 'undefined', 'void', 'map', 'set', 'transform', 'nan', 'function'])

interface ZodContext {
  readonly zodSchema: { readonly _zod: { readonly def: { readonly type: string } } }
  readonly jsonSchema: JsonSchema
  readonly path: readonly (string | number)[]
}

interface ArkContext {
  readonly base: JsonSchema
  readonly code: string
  readonly domain?: string
}

interface ValibotContext {
  readonly valibotSchema: { readonly type: string }
  readonly errors?: readonly string[]
}

/**
 * Options for each library, under its own names; a library ignores those of the others. A date is text, as JSON writes it, and
 * what has no JSON Schema is any value, and is added to `lost`.
 */
const lenient = (lost: string[], bigint: JsonSchema | undefined): Record<string, unknown> => ({
  // Zod
  unrepresentable: 'any',
  override({ zodSchema, jsonSchema, path }: ZodContext): void {
    const { type } = zodSchema._zod.def
    if (type === 'date') Object.assign(jsonSchema, date)
    else if (type === 'bigint' && bigint !== undefined) Object.assign(jsonSchema, bigint)
    else if (lostInZod.has(type)) lost.push(`${type} at ${path.join('.') || 'the top'} has no JSON Schema`)
  },
  // ArkType
  fallback: {
    date: ({ base }: ArkContext): JsonSchema => ({ ...base, ...date }),
    default({ base, code, domain }: ArkContext): JsonSchema {
      if (domain === 'bigint' && bigint !== undefined) return { ...base, ...bigint }
      // A predicate is a refinement: what it refines has a schema.
      if (code !== 'predicate') lost.push(`${domain ?? code} has no JSON Schema`)
      return base
    },
  },
  // Valibot
  errorMode: 'ignore',
  overrideSchema({ valibotSchema, errors }: ValibotContext): JsonSchema | undefined {
    if (valibotSchema.type === 'date') return date
    if (valibotSchema.type === 'bigint' && bigint !== undefined) return bigint
    lost.push(...(errors ?? []))
    return undefined
  },
})
