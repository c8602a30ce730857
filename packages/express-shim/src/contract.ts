/**
 * Contracts as middleware, for the shim and for real Express.
 * @module
 */
export {
  type Contract,
  type ContractSettings,
  RequestValidationError,
  ResponseValidationError,
  type Schema,
  type ValidationIssue,
} from '@expressway/core/contract'
export {
  type ContractRequestHandler,
  contract,
  type RequestErrorsOptions,
  requestErrors,
  validate,
} from './contract/contract.ts'
