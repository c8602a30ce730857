/**
 * A handler in a process of its own, for cold starts and crashes.
 * @module
 */
export {
  Crash,
  type HandlerProcess,
  type HandlerProcessOptions,
  startHandlerProcess,
} from './process/handler-process.ts'
export { explainLoadFailure, failingHandler, LoadFailure } from './process/load-failure.ts'
export { defaultTimeoutMs, type Invocation, type InvocationSettings, invocationSettings } from './process/settings.ts'
export { typeStripping } from './process/type-stripping.ts'
