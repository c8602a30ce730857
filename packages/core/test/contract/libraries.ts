// The same schemas in each library that implements Standard Schema.
import { type } from 'arktype'
import * as v from 'valibot'
import { z } from 'zod'
import type { Schema } from '../../src/contract.ts'

export interface Schemas {
  /** `{ id: text of digits }` */
  readonly params: Schema
  /** `{ page: text of digits, tags?: list of texts }` */
  readonly query: Schema
  /** `{ 'x-token': text of at least 8 characters }` */
  readonly headers: Schema
  /** `{ session: text of at least 8 characters }` */
  readonly cookies: Schema
  /** `{ title: text, count: number }` */
  readonly json: Schema
  /** `{ title: text, tags: list of texts }` */
  readonly form: Schema
  /** As `json`, and asynchronously refuses the title `taken`. */
  readonly asynchronous: Schema
}

const digits = /^\d+$/

const zod: Schemas = {
  params: z.object({ id: z.string().regex(digits) }),
  query: z.object({ page: z.string().regex(digits), tags: z.array(z.string()).optional() }),
  headers: z.object({ 'x-token': z.string().min(8) }),
  cookies: z.object({ session: z.string().min(8) }),
  json: z.object({ title: z.string(), count: z.number() }),
  form: z.object({ title: z.string(), tags: z.array(z.string()) }),
  asynchronous: z
    .object({ title: z.string(), count: z.number() })
    .refine(async ({ title }) => title !== 'taken', { path: ['title'], message: 'is not free' }),
}

const valibot: Schemas = {
  params: v.object({ id: v.pipe(v.string(), v.regex(digits)) }),
  query: v.object({ page: v.pipe(v.string(), v.regex(digits)), tags: v.optional(v.array(v.string())) }),
  headers: v.object({ 'x-token': v.pipe(v.string(), v.minLength(8)) }),
  cookies: v.object({ session: v.pipe(v.string(), v.minLength(8)) }),
  json: v.object({ title: v.string(), count: v.number() }),
  form: v.object({ title: v.string(), tags: v.array(v.string()) }),
  asynchronous: v.pipeAsync(
    v.object({ title: v.string(), count: v.number() }),
    v.forwardAsync(
      v.checkAsync(async ({ title }) => title !== 'taken', 'is not free'),
      ['title'],
    ),
  ),
}

/** ArkType has no asynchronous schemas; a Standard Schema can wrap one. */
const arkJson = type({ title: 'string', count: 'number' })
const arktype: Schemas = {
  params: type({ id: digits }),
  query: type({ page: digits, 'tags?': 'string[]' }),
  headers: type({ 'x-token': 'string >= 8' }),
  cookies: type({ session: 'string >= 8' }),
  json: arkJson,
  form: type({ title: 'string', tags: 'string[]' }),
  asynchronous: {
    '~standard': {
      version: 1,
      vendor: 'test',
      async validate(value) {
        const result = await arkJson['~standard'].validate(value)
        if (result.issues !== undefined || result.value.title !== 'taken') return result
        return { issues: [{ message: 'is not free', path: ['title'] }] }
      },
    },
  },
}

export const libraries: readonly [name: string, schemas: Schemas][] = [
  ['zod', zod],
  ['valibot', valibot],
  ['arktype', arktype],
]
