import type { StandardSchemaV1 } from '@standard-schema/spec'

/** A schema of any library that implements Standard Schema (https://standardschema.dev): Zod, Valibot, ArkType and others. */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>

/** What a schema accepts. */
export type InputOf<S> = S extends Schema ? StandardSchemaV1.InferInput<S> : never

/** What a schema makes of what it accepts. */
export type OutputOf<S> = S extends Schema ? StandardSchemaV1.InferOutput<S> : never

/** A schema may be a function: ArkType's are. */
export function isSchema(value: unknown): value is Schema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  const standard = (value as Partial<Schema>)['~standard']
  return typeof standard?.validate === 'function'
}
