/**
 * Lambda handlers, buffered and streaming, of anything that is a handle; and handlers of raw events as handles.
 * @module
 */
export { getInvocation, withInvocation } from './entry/invocation.ts'
export {
  type LambdaHandler,
  type LambdaOptions,
  toLambdaHandler,
} from './entry/lambda.ts'
export { type OnOtherEvent, UnsupportedEventError } from './entry/other-event.ts'
export {
  type ResponseStream,
  type StreamingLambdaHandler,
  toStreamingLambdaHandler,
} from './entry/streaming.ts'
export type { LambdaContext } from './message/handle.ts'
export type { SourceName } from './sources/detect.ts'
