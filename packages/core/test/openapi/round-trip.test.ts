// A document says what the schemas do: a value is valid by its JSON Schema if and only if the library takes it.
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { Ajv, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { type } from 'arktype'
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { contract, type Schema } from '../../src/contract.ts'
import { createApp } from '../../src/index.ts'
import { toOlder } from '../../src/openapi/downgrade.ts'
import { openapi } from '../../src/openapi.ts'

const kinds = ['a', 'b'] as const

const zodTree = z.object({
  value: z.number(),
  get children() {
    return z.array(zodTree).max(2)
  },
})

type Tree = { value: number; children: Tree[] }
const valibotTree: v.GenericSchema<Tree> = v.object({
  value: v.number(),
  children: v.pipe(v.array(v.lazy(() => valibotTree)), v.maxLength(2)),
})

const arkTree = type.scope({ tree: { value: 'number', children: 'tree[] <= 2' } }).export().tree

/** The same shapes in each library, without refinements, which have no JSON Schema. */
const libraries: Record<string, Record<string, Schema>> = {
  zod: {
    object: z.object({
      name: z.string().min(1).max(3),
      count: z.number().int().min(0).max(5),
      note: z.string().optional(),
    }),
    exclusive: z.object({ price: z.number().gt(0).lt(10) }),
    nullable: z.object({ name: z.string().nullable(), kind: z.enum(kinds).nullable() }),
    union: z.union([
      z.object({ kind: z.literal('a'), a: z.string() }),
      z.object({ kind: z.literal('b'), b: z.number() }),
    ]),
    lists: z.object({ tags: z.array(z.string()).min(1).max(2), pair: z.tuple([z.string(), z.number()]) }),
    record: z.object({ flags: z.record(z.string(), z.boolean()) }),
    strict: z.strictObject({ name: z.string() }),
    tree: zodTree,
  },
  valibot: {
    object: v.object({
      name: v.pipe(v.string(), v.minLength(1), v.maxLength(3)),
      count: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(5)),
      note: v.optional(v.string()),
    }),
    exclusive: v.object({ price: v.pipe(v.number(), v.gtValue(0), v.ltValue(10)) }),
    nullable: v.object({ name: v.nullable(v.string()), kind: v.nullable(v.picklist(kinds)) }),
    union: v.union([
      v.object({ kind: v.literal('a'), a: v.string() }),
      v.object({ kind: v.literal('b'), b: v.number() }),
    ]),
    lists: v.object({
      tags: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(2)),
      pair: v.strictTuple([v.string(), v.number()]),
    }),
    record: v.object({ flags: v.record(v.string(), v.boolean()) }),
    strict: v.strictObject({ name: v.string() }),
    tree: valibotTree,
  },
  arktype: {
    object: type({ name: '1 <= string <= 3', count: '0 <= number.integer <= 5', 'note?': 'string' }),
    exclusive: type({ price: '0 < number < 10' }),
    nullable: type({ name: 'string | null', kind: "'a' | 'b' | null" }),
    union: type({ kind: "'a'", a: 'string' }).or({ kind: "'b'", b: 'number' }),
    lists: type({ tags: '1 <= string[] <= 2', pair: ['string', 'number'] }),
    record: type({ flags: { '[string]': 'boolean' } }),
    strict: type({ '+': 'reject', name: 'string' }),
    tree: arkTree,
  },
}

/** Values of JSON near the schemas: each member right, wrong, or absent. */
const text = fc.constantFrom('', 'a', 'b', 'abc', 'abcd')
const number = fc.constantFrom(-1, 0, 1, 5, 6, 0.5, 10)
const loose = fc.oneof(text, number, fc.boolean(), fc.constant(null))
const members = (record: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.record(record) },
    { weight: 3, arbitrary: fc.record(record, { requiredKeys: [] }) },
    { weight: 2, arbitrary: fc.record({ ...record, extra: loose }, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.oneof(loose, fc.constant([])) },
  )
const mostly = (right: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 4, arbitrary: right }, { weight: 1, arbitrary: loose })
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 2 },
    fc.record({ value: mostly(number), children: fc.constant([]) }),
    fc.record({ value: mostly(number), children: mostly(fc.array(tie('tree'), { maxLength: 3 })) }),
  ),
}))

const values: Record<string, fc.Arbitrary<unknown>> = {
  object: members({ name: mostly(text), count: mostly(number), note: mostly(text) }),
  exclusive: members({ price: mostly(number) }),
  nullable: members({ name: loose, kind: loose }),
  union: members({ kind: mostly(fc.constantFrom('a', 'b', 'c')), a: mostly(text), b: mostly(number) }),
  lists: members({
    tags: mostly(fc.array(mostly(text), { maxLength: 3 })),
    pair: mostly(fc.oneof(fc.tuple(text, number), fc.array(loose, { maxLength: 3 }))),
  }),
  record: members({ flags: mostly(fc.dictionary(text, mostly(fc.boolean()), { maxKeys: 3 })) }),
  strict: members({ name: mostly(text) }),
  tree,
}

const cases = Object.entries(libraries).flatMap(([library, schemas]) =>
  Object.entries(schemas).map(([shape, schema]): [string, string, Schema] => [library, shape, schema]),
)

/** Valibot leaves JSON Schema to a package of its own. */
const described = (schema: Schema): Schema =>
  schema['~standard'].vendor === 'valibot' ? (toStandardJsonSchema(schema as never) as never) : schema

/** The schema of a body as the document has it, compiled with all that it refers to. */
function documented(schema: Schema, target: '3.1' | '3.0'): ValidateFunction {
  const app = createApp().post('/x', contract({ body: described(schema) }), () => 'x')
  const { document, warnings } = openapi(app, { title: 'x', version: '1', target })
  expect(warnings).toEqual([])
  const ajv = formats.default(
    target === '3.1' ? new Ajv2020({ strict: false }) : (new Ajv({ strict: false, logger: false }) as never),
  )
  ajv.addSchema(document.openapi === '3.1.1' ? document : asDraft7(document), 'document')
  return ajv.getSchema('document#/paths/~1x/post/requestBody/content/application~1json/schema')!
}

/** Draft 7 with numbers as exclusive bounds, which ajv reads, of 3.0's flags, which it does not. */
function asDraft7(value: unknown): object {
  if (Array.isArray(value)) return value.map(asDraft7)
  if (typeof value !== 'object' || value === null) return value as never
  const copy: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) copy[key] = asDraft7(member)
  for (const [flag, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (copy[flag] !== true) continue
    copy[flag] = copy[bound]
    delete copy[bound]
  }
  return copy
}

async function isTaken(schema: Schema, value: unknown): Promise<boolean> {
  return (await schema['~standard'].validate(value)).issues === undefined
}

describe.each(cases)('%s, %s', (_library, shape, schema) => {
  test('the document takes what the library takes, and nothing else', async () => {
    const validate = documented(schema, '3.1')
    const seen = { taken: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(values[shape]!, async (value) => {
        const taken = await isTaken(schema, value)
        seen[taken ? 'taken' : 'refused']++
        expect([value, validate(value)]).toEqual([value, taken])
      }),
      { numRuns: 200 },
    )
    // Values of one kind would prove nothing.
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(5)
  })

  test('3.0 takes what 3.1 takes; tuples alone are wider there', () => {
    const [newer, older] = [documented(schema, '3.1'), documented(schema, '3.0')]
    fc.assert(
      fc.property(values[shape]!, (value) => {
        if (newer(value)) expect([value, older(value)]).toEqual([value, true])
        else if (shape !== 'lists') expect([value, older(value)]).toEqual([value, false])
      }),
      { numRuns: 200 },
    )
  })
})

describe('the down-converter', () => {
  const leaf = fc.constantFrom<object>(
    { type: 'string', minLength: 2 },
    { type: ['string', 'null'] },
    { type: ['integer', 'string'] },
    { type: ['number', 'string', 'null'] },
    { type: 'null' },
    { const: 1 },
    { const: null },
    { enum: ['a', null, 1] },
    { type: 'number', exclusiveMinimum: 0, minimum: 1 },
    { type: 'number', exclusiveMinimum: 1, minimum: 0 },
    { type: 'number', exclusiveMaximum: 5 },
    { type: ['number', 'null'], exclusiveMinimum: 0, maximum: 5 },
    { type: ['string', 'null'], enum: ['a', null] },
    { type: 'string', enum: ['a', 'b'] },
    { type: 'string', const: 'a' },
    { type: 'boolean' },
    {},
  )
  const { schema } = fc.letrec((tie) => ({
    schema: fc.oneof(
      { maxDepth: 2 },
      leaf,
      fc.record({ type: fc.constant('object'), properties: fc.dictionary(fc.constantFrom('a', 'b'), tie('schema')) }),
      fc.record({ type: fc.constant('array'), items: tie('schema') }),
      fc.record({ type: fc.constant(['array', 'null']), items: tie('schema') }),
      fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
      fc.record({ anyOf: fc.tuple(tie('schema'), fc.constant({ type: 'null' })) }),
      fc.record({ not: leaf }),
      fc.record({ type: fc.constant('object'), additionalProperties: fc.oneof(fc.boolean(), tie('schema')) }),
    ),
  }))
  const value = fc.oneof(loose, fc.array(loose, { maxLength: 2 }), fc.dictionary(fc.constantFrom('a', 'b'), loose))

  test('means the same in 3.0, null and bounds included', () => {
    const newer = new Ajv2020({ strict: false })
    const older = new Ajv({ strict: false, logger: false })
    fc.assert(
      fc.property(
        schema as fc.Arbitrary<Record<string, unknown>>,
        fc.array(value, { minLength: 5 }),
        (given, samples) => {
          const before = newer.compile(given)
          const converted = toOlder(given)
          expect(JSON.stringify(converted)).not.toMatch(/"const":|"type":\[|"type":"null"|"exclusiveM\w+":\d/)
          const after = older.compile(asDraft7(converted))
          for (const sample of samples) {
            expect({ given, converted, sample, taken: after(sample) }).toEqual({
              given,
              converted,
              sample,
              taken: before(sample),
            })
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
