import type { StandardSchemaV1 } from '@standard-schema/spec'
import { HttpError } from '../message/errors.ts'

/** A part of a request that a contract can describe. */
export type Part = 'params' | 'query' | 'headers' | 'cookies' | 'body'

/** One problem of a request or an answer. */
export interface ValidationIssue {
  readonly in: Part | 'response'
  /** Member names and array indexes that lead to the value; empty for the part itself. */
  readonly path: readonly (string | number)[]
  /** The schema's message, or `is not valid` if the schema's message repeats what the client sent. */
  readonly message: string
  /** The schema library's own kind of the problem, if it names one: Zod's and ArkType's `code`, Valibot's `type`. */
  readonly code?: string
}

/**
 * 422: the request was read, and a schema of its contract refuses it. It lists every problem of every part. No message
 * repeats a value of the client, since a password may be among them.
 */
export class RequestValidationError extends HttpError {
  readonly issues: readonly ValidationIssue[]

  constructor(issues: readonly ValidationIssue[]) {
    super(422, 'The request is not valid')
    this.issues = issues
  }

  /** Members of the answer besides status and message: `detail`, or `errors` of a problem (RFC 9457 section 3). */
  override members(format: 'json' | 'problem'): Record<string, unknown> {
    return format === 'json' ? { detail: this.issues.map(toDetail) } : { errors: this.issues.map(toProblem) }
  }
}

/** An answer that its contract refuses: a fault of the application, so the client gets a plain 500. */
export class ResponseValidationError extends Error {
  readonly issues: readonly ValidationIssue[]

  constructor(route: string, issues: readonly ValidationIssue[]) {
    super(`${route}: the answer does not match its contract: ${issues.map(describe).join('; ')}`)
    this.name = 'ResponseValidationError'
    this.issues = issues
  }
}

const toDetail = ({ in: part, path, message, code }: ValidationIssue) => ({
  loc: [part, ...path],
  message,
  ...(code !== undefined && { type: code }),
})

function toProblem({ in: part, path, message }: ValidationIssue) {
  return part === 'body'
    ? { detail: message, pointer: `#${pointerOf(path)}` }
    : { detail: message, in: part, name: path.join('.') }
}

/** A JSON pointer (RFC 6901). */
const pointerOf = (path: ValidationIssue['path']): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

const describe = ({ path, message }: ValidationIssue): string => `${pointerOf(path) || 'the body'}: ${message}`

/** A schema's issue in our form; `value` is what was validated. */
export function toIssue(part: ValidationIssue['in'], issue: StandardSchemaV1.Issue, value: unknown): ValidationIssue {
  const path = (issue.path ?? []).map((item) => toKey(typeof item === 'object' ? item.key : item))
  const { code = (issue as { type?: unknown }).type } = issue as { code?: unknown }
  const message = repeats(issue.message, at(value, path)) ? 'is not valid' : issue.message
  return { in: part, path, message, ...(typeof code === 'string' && { code }) }
}

const toKey = (key: PropertyKey): string | number => (typeof key === 'symbol' ? String(key) : key)

function at(value: unknown, path: readonly (string | number)[]): unknown {
  let found = value
  for (const key of path) found = (found as Record<string | number, unknown> | null | undefined)?.[key]
  return found
}

/** Whether a message contains the value, or anything in it. */
function repeats(message: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false
  if (typeof value === 'object') {
    return Object.entries(value).some(([key, member]) => quotes(message, key) || repeats(message, member))
  }
  const text = String(value)
  if (text === '') return false
  const escaped = JSON.stringify(text).slice(1, -1)
  // A text of one or two characters is part of many words.
  const contains = text.length > 2 ? includes : includesWord
  return contains(message, text) || contains(message, escaped)
}

const includes = (message: string, text: string): boolean => message.includes(text)

function includesWord(message: string, text: string): boolean {
  for (let from = message.indexOf(text); from >= 0; from = message.indexOf(text, from + 1)) {
    const around = message.charAt(from - 1) + message.charAt(from + text.length)
    if (!/\w/.test(around)) return true
  }
  return false
}

const quotes = (message: string, key: string): boolean =>
  ['"', "'", '`'].some((mark) => message.includes(mark + key + mark))
