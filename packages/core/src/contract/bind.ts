import type { Step } from '../app/compose.ts'
import type { Request } from '../handler/request.ts'
import type { Response } from '../handler/response.ts'
import { HttpError } from '../message/errors.ts'
import { type CheckedAnswers, checkAnswers } from './answers.ts'
import type { BodyByKind, BoundContract, Contract, ContractSettings } from './definition.ts'
import { isSchema, type Schema } from './schema.ts'
import { type Input, type Validated, validateInputs } from './validate.ts'

const parts = ['params', 'query', 'headers', 'cookies', 'body', 'response'] as const
const bodyKinds = ['json', 'form', 'multipart'] as const

/** The kind of a body: how it was written. */
export type BodyKind = (typeof bodyKinds)[number]

/** A contract made ready for routes of core. */
export function bind<C extends Contract>(definition: C, settings: ContractSettings): BoundContract<C> {
  return {
    definition,
    attach(steps, methods, route) {
      assertContract(definition, settings, methods, route)
      const answers = checkAnswers(definition.response, settings.answers ?? 'off', route)
      return [validation(definition), ...steps.slice(0, -1), checked(steps.at(-1)!, answers)]
    },
  }
}

/** Validates the request and leaves the result in `req.valid`. */
function validation(definition: Contract): Step {
  return function validateRequest(req, _res, next) {
    const valid = validateInputs(inputsOf(definition, req))
    if (valid instanceof Promise) return valid.then((value) => proceed(req, value, next))
    return proceed(req, valid, next)
  }
}

function proceed(req: Request<never>, valid: Validated, next: () => Promise<void>): Promise<void> {
  Object.assign(req, { valid })
  return next()
}

function inputsOf({ params, query, headers, cookies, body }: Contract, req: Request<never>): Input[] {
  const inputs: Input[] = []
  if (params) inputs.push({ in: 'params', schema: params, value: req.params })
  if (query) inputs.push({ in: 'query', schema: query, value: req.query, fields: true })
  if (headers) inputs.push({ in: 'headers', schema: headers, value: req.headers.toJSON(), fields: true })
  if (cookies) inputs.push({ in: 'cookies', schema: cookies, value: req.cookies, fields: true })
  if (body) inputs.push(bodyInput(body, req))
  return inputs
}

function bodyInput(body: Schema | BodyByKind, req: Request<never>): Input {
  const schemas = schemasOf(body)
  const type = req.headers.get('content-type')
  const kind = type === undefined ? 'json' : kindOf(type)
  const schema = kind && schemas[kind]
  if (schema === undefined) {
    // Without a content type and without a body nothing is wrong with the type: the schema says whether a body is needed.
    const other = Object.values(schemas)[0]!
    if (type === undefined && req.bytes().length === 0) return { in: 'body', schema: other, value: undefined }
    throw unsupported(type, schemas)
  }
  if (kind !== 'json') return { in: 'body', schema, value: req.form(), fields: true }
  return { in: 'body', schema, value: req.bytes().length === 0 ? undefined : req.json() }
}

/** The schemas of a body by kind; a single schema is for JSON. */
export const schemasOf = (body: Schema | BodyByKind): BodyByKind => (isSchema(body) ? { json: body } : body)

/** The kind of body that a content type names; `undefined` for any other. */
export function kindOf(contentType: string): BodyKind | undefined {
  const type = contentType
    .split(';', 1)[0]!
    .replace(/^[ \t]+|[ \t]+$/g, '')
    .toLowerCase()
  if (type === 'application/json' || /^[^/]+\/[^/]+\+json$/.test(type)) return 'json'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  return type === 'multipart/form-data' ? 'multipart' : undefined
}

export const mediaTypes: Readonly<Record<BodyKind, string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
}

/** 415; the type that was sent is not repeated. */
export function unsupported(type: string | undefined, schemas: BodyByKind): HttpError {
  const accepted = bodyKinds.filter((kind) => schemas[kind]).map((kind) => mediaTypes[kind])
  const fault = type === undefined ? 'The request body has no content type' : 'The content type is not supported'
  // RFC 9110 section 15.5.16: what would have been accepted.
  return new HttpError(415, `${fault}: send ${accepted.join(' or ')}`, { headers: { accept: accepted.join(', ') } })
}

// As many parameters as the handler: one without `next` is called without the bookkeeping of a middleware.
function checked(handler: Step, answers: CheckedAnswers | undefined): Step {
  if (answers === undefined) return handler
  if (handler.length > 2) return (req, res, next) => answers(handler(req, res, next), res)
  return (req: Request<never>, res: Response) => answers((handler as (...args: unknown[]) => unknown)(req, res), res)
}

/** @throws TypeError if the contract is invalid for these methods; `undefined` stands for every method. */
export function assertContract(
  definition: Contract,
  { answers }: ContractSettings,
  methods: readonly string[] | undefined,
  route: string,
): void {
  for (const part of parts) assertPart(part, definition[part], route)
  if (answers !== undefined && !['off', 'log', 'enforce'].includes(answers)) {
    throw new TypeError(`${route}: answers is 'off', 'log' or 'enforce', not ${String(answers)}`)
  }
  const bodiless = methods?.find((method) => ['GET', 'HEAD'].includes(method.toUpperCase()))
  if (definition.body !== undefined && bodiless !== undefined) {
    // RFC 9110 section 9.3.1: content of a GET has no meaning, and gateways and proxies drop it.
    throw new TypeError(`${route}: a contract of ${bodiless} cannot have a body; use query, or another method`)
  }
}

function assertPart(part: (typeof parts)[number], value: unknown, route: string): void {
  if (value === undefined || isSchema(value)) return
  if (part === 'body' && isRecord(value)) assertKinds(value, route)
  else if (part === 'response' && isRecord(value)) assertResponses(value, route)
  else throw new TypeError(`${route}: ${part} of its contract is not a Standard Schema: ${shown(value)}`)
}

function assertKinds(body: Record<string, unknown>, route: string): void {
  const kinds = Object.keys(body)
  if (kinds.length === 0) throw new TypeError(`${route}: body of its contract names no kind: ${bodyKinds.join(', ')}`)
  for (const kind of kinds) {
    if (!bodyKinds.includes(kind as BodyKind)) {
      throw new TypeError(
        `${route}: body of its contract is a Standard Schema or has ${bodyKinds.join(', ')}, not ${kind}`,
      )
    }
    if (!isSchema(body[kind])) throw new TypeError(`${route}: body.${kind} of its contract is not a Standard Schema`)
  }
}

function assertResponses(responses: Record<string, unknown>, route: string): void {
  for (const [status, response] of Object.entries(responses)) {
    if (!/^[1-5]\d\d$/.test(status)) throw new TypeError(`${route}: ${status} is not a status that an answer can have`)
    const schema = isRecord(response) && !isSchema(response) ? response.schema : response
    if (schema !== undefined && schema !== null && !isSchema(schema)) {
      throw new TypeError(`${route}: response ${status} of its contract is not a Standard Schema: ${shown(schema)}`)
    }
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const shown = (value: unknown): string => (typeof value === 'object' ? 'an object without ~standard' : String(value))
