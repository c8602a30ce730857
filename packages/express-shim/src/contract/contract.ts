import { isHttpError, isPromise } from '@expressway/core/base'
import {
  assertContract,
  type BodyOutput,
  type Contract,
  type ContractSettings,
  checkAnswers,
  errorBody,
  type OutputOf,
  problemBody,
  type Schema,
  type Valid,
  type Validated,
  validateRequest,
} from '@expressway/core/contract'
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express'
import { ExpressParts, parseBody } from './parts.ts'

/** The member of a handler that holds its contract, for the document. */
const contractKey = Symbol.for('expressway.contract')

type Dictionary = Request['params']
type Query = Request['query']
// biome-ignore lint/suspicious/noExplicitAny: Express's own types have it for the body that no contract describes
type Any = any

type ParamsOf<C> = C extends { readonly params: infer S extends Schema } ? OutputOf<S> : Dictionary
type QueryOf<C> = C extends { readonly query: infer S extends Schema } ? OutputOf<S> : Query
type BodyOf<C> = C extends { readonly body: infer B } ? BodyOutput<B> : Any

/**
 * Validates a request, in an application of Express or of the shim. What the schemas make of it is in `req.valid`, and replaces
 * `req.params`, `req.query` and `req.body`. A body that no parser has read yet is parsed first. A request that is not valid goes
 * to the error handlers with a `RequestValidationError` (422), see {@link requestErrors}.
 * @example app.post('/todos', validate({ body: NewTodo }), (req, res) => res.json(req.body.title))
 * @throws TypeError if a part is not a Standard Schema.
 */
export function validate<const C extends Contract>(
  definition: C,
): RequestHandler<ParamsOf<C>, Any, BodyOf<C>, QueryOf<C>> {
  assertContract(definition, {}, undefined, 'validate()')
  const validateContract = (req: Request, res: Response, next: NextFunction): void => {
    run(definition, req, res, next, () => next())
  }
  return Object.assign(validateContract, { [contractKey]: definition }) as never
}

/** A handler whose request is exactly what its contract declares. */
export type ContractRequestHandler<C> = (
  req: Request<Dictionary, Any, Any, Query> & { readonly valid: Valid<C> },
  res: Response,
  next: NextFunction,
) => unknown

/**
 * A handler with its contract: as {@link validate}, and the answers that it sends by `res.json` are checked if `answers` says so.
 * @example app.post('/todos', contract({ body: NewTodo, response: { 201: Todo } }, (req, res) => res.status(201).json(add(req.valid.body))))
 * @throws TypeError if a part is not a Standard Schema, or an option is invalid.
 */
export function contract<const C extends Contract>(
  definition: C,
  handler: ContractRequestHandler<C>,
  settings: ContractSettings = {},
): RequestHandler {
  assertContract(definition, settings, undefined, 'contract()')
  if (typeof handler !== 'function') throw new TypeError(`contract() needs a handler, not ${String(handler)}`)
  const { answers = 'off' } = settings
  const validated = (req: Request, res: Response, next: NextFunction): void => {
    run(definition, req, res, next, () => {
      if (answers !== 'off') watchAnswers(definition, answers, req, res, next)
      return handler(req as never, res, next)
    })
  }
  return Object.assign(validated, { [contractKey]: definition })
}

function run(definition: Contract, req: Request, res: Response, next: NextFunction, proceed: () => unknown): void {
  const succeed = (valid: Validated): unknown => {
    replaceParts(req, valid)
    return proceed()
  }
  const validateParsed = async (): Promise<void> => {
    await succeed(await validateRequest(definition, new ExpressParts(req)))
  }
  if (definition.body === undefined) validateParsed().catch(next)
  else parseBody(req, res, (error) => (error ? next(error) : void validateParsed().catch(next)))
}

/** Express's `req.query` has no setter, so it becomes an own property. */
function replaceParts(req: Request, valid: Validated): void {
  Object.assign(req, { valid })
  for (const part of ['params', 'query', 'body'] as const) {
    if (part in valid) {
      Object.defineProperty(req, part, { value: valid[part], configurable: true, enumerable: true, writable: true })
    }
  }
}

/** Checks what `res.json` sends. */
function watchAnswers(
  { response }: Contract,
  mode: 'log' | 'enforce',
  req: Request,
  res: Response,
  next: NextFunction,
): void {
  const place = `${req.method} ${req.baseUrl}${req.route?.path ?? ''}`
  const check = checkAnswers(response, mode, place)
  if (check === undefined) return
  const send = res.json
  res.json = function json(body?: unknown) {
    res.json = send
    try {
      const checked = check(body, { statusCode: res.statusCode, answered: true })
      if (isPromise(checked))
        Promise.resolve(checked)
          .then((value) => send.call(res, value))
          .catch(next)
      else send.call(res, checked)
    } catch (error) {
      next(error)
    }
    return res
  }
}

/** The options of {@link requestErrors}. */
export interface RequestErrorsOptions {
  /** As the option `errors` of a core application: JSON, or problem details (RFC 9457). Default: `'json'`. */
  readonly format?: 'json' | 'problem'
}

/**
 * An error handler that answers requests that are not valid, and other HTTP errors of a contract, as a core application does.
 * Other errors go on to the next error handler.
 * @example app.use(requestErrors())
 * @throws TypeError if `format` is invalid.
 */
export function requestErrors({ format = 'json' }: RequestErrorsOptions = {}): ErrorRequestHandler {
  if (format !== 'json' && format !== 'problem') {
    throw new TypeError(`format is 'json' or 'problem', not ${String(format)}`)
  }
  return (error, _req, res, next) => {
    if (!isHttpError(error) || res.headersSent) return next(error)
    const body = (format === 'json' ? errorBody : problemBody)(error.status, error.message, error.details)
    for (const [name, value] of Object.entries(error.headers ?? {})) res.setHeader(name, value as string)
    if (format === 'problem') res.type('application/problem+json')
    res.status(error.status).json({ ...body, ...error.members?.(format) })
  }
}
