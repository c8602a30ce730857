import { HttpError } from '../message/errors.ts'
import { trimOws } from '../message/grammar.ts'
import type { BodyByKind, Contract } from './definition.ts'
import { isSchema, type Schema } from './schema.ts'
import { type Input, type Validated, validateInputs } from './validate.ts'

export const bodyKinds = ['json', 'form', 'multipart'] as const

/** The kind of a body: how it was written. */
export type BodyKind = (typeof bodyKinds)[number]

/** A request of any framework, as a contract reads it: only the parts that the contract declares. */
export interface RequestParts {
  readonly params: unknown
  readonly query: unknown
  readonly headers: unknown
  readonly cookies: unknown
  readonly contentType: string | undefined
  readonly hasBody: boolean
  /** The parsed body; `undefined` if there is none. */
  body(kind: BodyKind): unknown
}

/**
 * Validates a request by a contract. Synchronous unless a schema is asynchronous.
 * @throws RequestValidationError (422) with every problem of every part.
 * @throws HttpError 415 if the body is of a type that the contract does not declare.
 */
export function validateRequest(
  { params, query, headers, cookies, body }: Contract,
  request: RequestParts,
): Validated | Promise<Validated> {
  const inputs: Input[] = []
  if (params) inputs.push({ in: 'params', schema: params, value: request.params })
  if (query) inputs.push({ in: 'query', schema: query, value: request.query, fields: true })
  if (headers) inputs.push({ in: 'headers', schema: headers, value: request.headers, fields: true })
  if (cookies) inputs.push({ in: 'cookies', schema: cookies, value: request.cookies, fields: true })
  if (body) inputs.push(bodyInput(body, request))
  return validateInputs(inputs)
}

function bodyInput(body: Schema | BodyByKind, request: RequestParts): Input {
  const schemas = schemasOf(body)
  const { contentType, hasBody } = request
  const kind = contentType === undefined ? 'json' : kindOf(contentType)
  const schema = kind && schemas[kind]
  if (schema !== undefined) return { in: 'body', schema, value: request.body(kind!), fields: kind !== 'json' }
  // A missing body is no wrong type: the schema says whether one is needed.
  if (contentType === undefined && !hasBody) return { in: 'body', schema: Object.values(schemas)[0]!, value: undefined }
  throw unsupported(contentType, schemas)
}

/** The schemas of a body by kind; a single schema is for JSON. */
export const schemasOf = (body: Schema | BodyByKind): BodyByKind => (isSchema(body) ? { json: body } : body)

/** The kind of body that a content type names; `undefined` for any other. */
export function kindOf(contentType: string): BodyKind | undefined {
  const type = trimOws(contentType.split(';', 1)[0]!).toLowerCase()
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
function unsupported(type: string | undefined, schemas: BodyByKind): HttpError {
  const accepted = bodyKinds.filter((kind) => schemas[kind]).map((kind) => mediaTypes[kind])
  const fault = type === undefined ? 'The request body has no content type' : 'The content type is not supported'
  // RFC 9110 section 15.5.16: what would have been accepted.
  return new HttpError(415, `${fault}: send ${accepted.join(' or ')}`, { headers: { accept: accepted.join(', ') } })
}
