/**
 * What a route accepts and answers, in schemas of Zod, Valibot, ArkType or any other Standard Schema.
 * @module
 */
export { type CheckedAnswers, checkAnswers } from './contract/answers.ts'
export { assertContract } from './contract/bind.ts'
export { contract } from './contract/contract.ts'
export type {
  Answer,
  BodyByKind,
  BodyOutput,
  Contract,
  ContractHandler,
  ContractMiddleware,
  ContractOptions,
  ContractSettings,
  PathsOf,
  ResponseSpec,
  Responses,
  Valid,
} from './contract/definition.ts'
export {
  type Part,
  RequestValidationError,
  ResponseValidationError,
  type ValidationIssue,
} from './contract/issues.ts'
export { type BodyKind, type RequestParts, validateRequest } from './contract/parts.ts'
export type { InputOf, OutputOf, Schema } from './contract/schema.ts'
export type { Validated } from './contract/validate.ts'
export { parseCookies } from './message/cookie.ts'
export { errorBody, problemBody } from './message/errors.ts'
export { type FormFile, parseMultipart } from './message/form.ts'
