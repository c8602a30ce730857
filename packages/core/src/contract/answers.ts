import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Response } from '../handler/response.ts'
import { Reply } from '../handler/result.ts'
import { isPromise } from '../message/promise.ts'
import type { Contract, ContractSettings, ResponseSpec, Responses } from './definition.ts'
import { ResponseValidationError, toIssue } from './issues.ts'
import { isSchema, type Schema } from './schema.ts'

/** Gets what a handler returned, or its promise, and returns what is to be answered instead. */
export type CheckedAnswers = (returned: unknown, res: AnswerState) => unknown

/** What is read of a response of core, and of the stand-in for one of Express. */
export type AnswerState = Pick<Response, 'statusCode' | 'answered'> &
  Partial<Pick<Response, 'status' | 'body' | 'get' | 'json'>>

type Mode = NonNullable<ContractSettings['answers']>

/** What is done to what the handler returns; `undefined` if there is nothing to do. */
export function checkAnswers(response: Contract['response'], mode: Mode, route: string): CheckedAnswers | undefined {
  if (response === undefined) return undefined
  const responses = responsesOf(response)
  const success = onlySuccess(responses)
  if (mode === 'off' && success === undefined) return undefined
  const settle = (value: unknown, res: AnswerState): unknown => {
    // A handler has nothing to return for an answer without a body.
    if (value === undefined && success !== undefined && responses[success] === null && !res.answered)
      return new Reply({ status: success })
    if (success !== undefined && isPlain(value, res) && !res.answered) res.status?.(success)
    return mode === 'off' ? value : checkAnswer({ responses, mode, route }, value, res)
  }
  return (returned, res) =>
    isPromise(returned) ? Promise.resolve(returned).then((value) => settle(value, res)) : settle(returned, res)
}

/** Answers by status; a single schema is for 200. */
export const responsesOf = (response: Schema | Responses): Responses =>
  isSchema(response) ? { 200: response } : response

/** The schema of one answer; `undefined` if it has none. */
export const schemaOf = (response: Schema | ResponseSpec | null | undefined): Schema | undefined =>
  isSchema(response) ? response : (response?.schema ?? undefined)

/** The status of a returned value, if it is not 200: the only 2xx status that is declared. */
function onlySuccess(responses: Responses): number | undefined {
  const successes = Object.keys(responses).filter((status) => status.startsWith('2'))
  return successes.length === 1 && successes[0] !== '200' ? Number(successes[0]) : undefined
}

/** A value that becomes the body, and names no status of its own. */
const isPlain = (value: unknown, res: AnswerState): boolean =>
  value !== undefined && value !== res && !(value instanceof Reply)

interface Check {
  readonly responses: Responses
  readonly mode: Mode
  readonly route: string
}

/** Validates the answer, and returns it with what the schema makes of its body. */
function checkAnswer(check: Check, value: unknown, res: AnswerState): unknown {
  if (value instanceof Reply) {
    const { status = 200, body } = value.options
    return validated(check, status, body, (output) => new Reply({ ...value.options, body: output }))
  }
  if (value !== undefined && value !== res) return validated(check, res.statusCode, value, (output) => output)
  // Written by res.json(): the schema sees what the client would.
  if (typeof res.body !== 'string' || !/^application\/json\b/.test(String(res.get?.('content-type')))) return value
  return validated(check, res.statusCode, JSON.parse(res.body), (output) => res.json?.(output))
}

function validated(check: Check, status: number, body: unknown, replace: (output: unknown) => unknown): unknown {
  const { responses, route } = check
  if (!(status in responses))
    return fail(check, new ResponseValidationError(route, [undeclared(status)]), body, replace)
  const schema = schemaOf(responses[status])
  if (schema === undefined || isOpaque(body)) return replace(body)
  const judge = (result: StandardSchemaV1.Result<unknown>): unknown => {
    if (result.issues === undefined) return replace(check.mode === 'enforce' ? result.value : body)
    const issues = result.issues.map((issue) => toIssue('response', issue, body))
    return fail(check, new ResponseValidationError(route, issues), body, replace)
  }
  const result = schema['~standard'].validate(body)
  return isPromise(result) ? result.then(judge) : judge(result)
}

const undeclared = (status: number) =>
  ({ in: 'response', path: [], message: `the contract declares no answer of status ${status}` }) as const

/** Bytes and streams are sent as they are. */
const isOpaque = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && (ArrayBuffer.isView(body) || Symbol.asyncIterator in body)

function fail({ mode }: Check, error: ResponseValidationError, body: unknown, replace: (output: unknown) => unknown) {
  if (mode === 'enforce') throw error
  console.error(`expressway: ${error.message}`)
  return replace(body)
}
