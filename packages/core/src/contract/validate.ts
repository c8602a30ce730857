import type { StandardSchemaV1 } from '@standard-schema/spec'
import { isPromise } from '../message/promise.ts'
import { type Part, RequestValidationError, toIssue, type ValidationIssue } from './issues.ts'
import type { Schema } from './schema.ts'

/** One part of a request, and the schema that it has to satisfy. */
export interface Input {
  readonly in: Part
  readonly schema: Schema
  readonly value: unknown
  /** Whether the value is a record whose single values could as well be lists of one: a query, a form, headers, cookies. */
  readonly fields?: boolean
}

/** What the schemas make of each part. */
export type Validated = Partial<Record<Part, unknown>>

interface Checked {
  readonly in: Part
  readonly value?: unknown
  readonly issues?: readonly ValidationIssue[]
}

/**
 * Validates all parts, and reports all their problems at once. Synchronous unless a schema is asynchronous.
 * @throws RequestValidationError if any part is not valid.
 */
export function validateInputs(inputs: readonly Input[]): Validated | Promise<Validated> {
  const checked = inputs.map(check)
  return checked.some(isPromise) ? Promise.all(checked).then(gather) : gather(checked as Checked[])
}

function gather(checked: readonly Checked[]): Validated {
  const issues = checked.flatMap((part) => part.issues ?? [])
  if (issues.length > 0) throw new RequestValidationError(issues)
  return Object.fromEntries(checked.map((part) => [part.in, part.value]))
}

type Result = StandardSchemaV1.Result<unknown>

function check(input: Input): Checked | Promise<Checked> {
  const result = input.schema['~standard'].validate(input.value)
  return isPromise(result) ? Promise.resolve(result).then((settled) => judge(input, settled)) : judge(input, result)
}

function judge(input: Input, result: Result): Checked | Promise<Checked> {
  if (result.issues === undefined) return { in: input.in, value: result.value }
  const issues = result.issues.map((issue) => toIssue(input.in, issue, input.value))
  const lists = input.fields ? withLists(input.value as Record<string, unknown>, issues) : undefined
  if (lists === undefined) return { in: input.in, issues }
  const again = input.schema['~standard'].validate(lists)
  const decide = (second: Result) => reconcile(input, issues, lists, second)
  return isPromise(again) ? Promise.resolve(again).then(decide) : decide(again)
}

/**
 * After a failure, each single value where the schema reports a problem becomes a list of one: the query `?tag=a` does not say
 * whether `tag` is a list. `undefined` if there is no such value.
 */
function withLists(fields: Record<string, unknown>, issues: readonly ValidationIssue[]): unknown {
  const names = issues.filter(({ path }) => path.length === 1 && isSingle(fields[path[0]!])).map(({ path }) => path[0]!)
  if (names.length === 0) return undefined
  const lists: Record<string, unknown> = Object.assign(Object.create(null), fields)
  for (const name of names) lists[name] = [fields[name]]
  return lists
}

/** A text, or a file of a form. */
const isSingle = (value: unknown): boolean => value !== undefined && !Array.isArray(value)

/** A field that is wrong as a list as well keeps the problem that it had as one value. */
function reconcile(input: Input, first: readonly ValidationIssue[], lists: unknown, second: Result): Checked {
  if (second.issues === undefined) return { in: input.in, value: second.value }
  const failing = new Set(second.issues.map((issue) => toIssue(input.in, issue, lists).path[0]))
  return { in: input.in, issues: first.filter(({ path }) => failing.has(path[0])) }
}
