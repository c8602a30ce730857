import type { Step } from '../app/compose.ts'
import type { Request } from '../handler/request.ts'
import type { Response } from '../handler/response.ts'
import { type CheckedAnswers, checkAnswers } from './answers.ts'
import type { BoundContract, Contract, ContractSettings } from './definition.ts'
import { type BodyKind, bodyKinds, type RequestParts, validateRequest } from './parts.ts'
import { isSchema } from './schema.ts'
import type { Validated } from './validate.ts'

const parts = ['params', 'query', 'headers', 'cookies', 'body', 'response'] as const
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
  return function validateContract(req, _res, next) {
    const valid = validateRequest(definition, new CoreParts(req))
    if (valid instanceof Promise) return valid.then((value) => proceed(req, value, next))
    return proceed(req, valid, next)
  }
}

function proceed(req: Request<never>, valid: Validated, next: () => Promise<void>): Promise<void> {
  Object.assign(req, { valid })
  return next()
}

/** A request of core, as a contract reads it. */
class CoreParts implements RequestParts {
  readonly #req: Request<never>

  constructor(req: Request<never>) {
    this.#req = req
  }

  get params(): unknown {
    return this.#req.params
  }

  get query(): unknown {
    return this.#req.query
  }

  get headers(): unknown {
    return this.#req.headers.toJSON()
  }

  get cookies(): unknown {
    return this.#req.cookies
  }

  get contentType(): string | undefined {
    return this.#req.headers.get('content-type')
  }

  body(kind: BodyKind): unknown {
    if (kind !== 'json') return this.#req.form()
    return this.#req.bytes().length === 0 ? undefined : this.#req.json()
  }

  get hasBody(): boolean {
    return this.#req.bytes().length > 0
  }
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
