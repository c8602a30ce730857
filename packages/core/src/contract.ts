export { contract } from './contract/contract.ts'
export type {
  Answer,
  BodyByKind,
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
export type { InputOf, OutputOf, Schema } from './contract/schema.ts'
