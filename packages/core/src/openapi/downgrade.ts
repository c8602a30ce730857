import type { Document } from './document.ts'
import type { JsonSchema } from './json-schema.ts'

/** Members of a schema whose value is a schema. */
const single = ['additionalProperties', 'items', 'not']
const lists = ['allOf', 'anyOf', 'oneOf']

/** JSON Schema that OpenAPI 3.0 does not have, and that only narrows what is valid. */
const dropped = [
  '$id',
  '$anchor',
  '$comment',
  '$dynamicAnchor',
  '$dynamicRef',
  '$schema',
  'contains',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
  'dependentRequired',
  'dependentSchemas',
  'else',
  'if',
  'maxContains',
  'minContains',
  'patternProperties',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]

/** The document in OpenAPI 3.0, whose schemas are of an older and smaller JSON Schema (https://spec.openapis.org/oas/v3.0.4). */
export function downgrade(document: Document): Document {
  const older = visit(document) as Document
  return { ...older, openapi: '3.0.4' }
}

/** Copies the document, and converts what stands where a schema does. */
function visit(value: unknown, key = ''): unknown {
  if (key === 'schema') return toOlder(value as JsonSchema)
  if (Array.isArray(value)) return value.map((item) => visit(item))
  if (typeof value !== 'object' || value === null) return value
  return mapMembers(value, (member, name) =>
    key === 'components' && name === 'schemas'
      ? mapMembers(member as object, (schema) => toOlder(schema as JsonSchema))
      : visit(member, name),
  )
}

const mapMembers = (value: object, map: (member: unknown, name: string) => unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([name, member]) => [name, map(member, name)]))

/** One schema of draft 2020-12 as a schema of OpenAPI 3.0. */
export function toOlder(schema: JsonSchema | boolean): JsonSchema {
  // 3.0 has no boolean schemas, except for additionalProperties.
  if (typeof schema === 'boolean') return schema ? {} : { not: {} }
  const { $ref, ...siblings } = schema
  // Members beside a reference are ignored in 3.0.
  if ($ref !== undefined)
    return Object.keys(siblings).length === 0 ? { $ref } : { allOf: [{ $ref }], ...toOlder(siblings) }
  const older: JsonSchema = {}
  for (const [name, value] of Object.entries(schema)) {
    if (!dropped.includes(name)) older[name] = member(name, value)
  }
  constant(older)
  examples(older)
  bounds(older)
  tuple(older)
  types(older)
  return nullable(older)
}

function member(name: string, value: unknown): unknown {
  if (name === 'properties') return mapMembers(value as object, (property) => toOlder(property as JsonSchema))
  if (lists.includes(name)) return (value as JsonSchema[]).map(toOlder)
  if (name === 'additionalProperties' && typeof value === 'boolean') return value
  return single.includes(name) ? toOlder(value as JsonSchema) : value
}

function constant(schema: JsonSchema): void {
  if (!('const' in schema)) return
  schema.enum = [schema.const]
  delete schema.const
}

function examples(schema: JsonSchema): void {
  if (!Array.isArray(schema.examples)) return
  if (schema.examples.length > 0) schema.example ??= schema.examples[0]
  delete schema.examples
}

/** The exclusive bounds of 3.0 are flags beside the bounds. */
function bounds(schema: JsonSchema): void {
  for (const [exclusive, bound, tighter] of [
    ['exclusiveMinimum', 'minimum', Math.max],
    ['exclusiveMaximum', 'maximum', Math.min],
  ] as const) {
    const limit = schema[exclusive]
    if (typeof limit !== 'number') continue
    const inclusive = schema[bound]
    delete schema[exclusive]
    if (typeof inclusive === 'number' && tighter(inclusive, limit) === inclusive && inclusive !== limit) continue
    schema[bound] = limit
    schema[exclusive] = true
  }
}

/** 3.0 knows no tuples: a list whose items are any of the tuple's. */
function tuple(schema: JsonSchema): void {
  const { prefixItems, items } = schema as { prefixItems?: JsonSchema[]; items?: unknown }
  delete schema.prefixItems
  if (prefixItems === undefined) {
    if (schema.type === 'array' && items === undefined) schema.items = {}
    return
  }
  const rest = typeof items === 'object' && items !== null && !('not' in items) ? [items] : []
  schema.items = { anyOf: [...prefixItems.map((item) => toOlder(item)), ...rest] }
}

/** A list of types becomes one type, `nullable`, or a choice. */
function types(schema: JsonSchema): void {
  if (schema.type === 'null') {
    // `nullable` needs a type beside it; the enum leaves none of the type's values.
    Object.assign(schema, { type: 'string', nullable: true, enum: [null] })
    return
  }
  if (!Array.isArray(schema.type)) return
  const named = schema.type.filter((type) => type !== 'null')
  const isNullable = named.length < schema.type.length
  delete schema.type
  if (named.length === 1) Object.assign(schema, { type: named[0] }, isNullable && { nullable: true })
  else schema.anyOf = schema.anyOf ?? named.map((type) => choice(type, isNullable))
}

const choice = (type: string, nullable: boolean): JsonSchema => ({
  type,
  ...(type === 'array' && { items: {} }),
  ...(nullable && { nullable }),
})

/** `anyOf: [{ type, … }, null]` becomes the schema with `nullable`; any other choice keeps its null as a choice. */
function nullable(schema: JsonSchema): JsonSchema {
  for (const list of ['anyOf', 'oneOf'] as const) {
    const choices = schema[list] as JsonSchema[] | undefined
    const others = choices?.filter((one) => !isNull(one))
    if (choices === undefined || others!.length !== 1 || choices.length !== 2 || others![0]!.type === undefined)
      continue
    const { [list]: _choices, ...rest } = schema
    const [other] = others as [JsonSchema]
    // `nullable` adds null to the type only: an enum has to name it (https://spec.openapis.org/oas/v3.0.4.html#schema-object).
    const values = other.enum as unknown[] | undefined
    return { ...other, ...rest, nullable: true, ...(values && { enum: [...new Set([...values, null])] }) }
  }
  return schema
}

const isNull = ({ nullable: isNullable, enum: values }: JsonSchema): boolean =>
  isNullable === true && Array.isArray(values) && values.length === 1 && values[0] === null
