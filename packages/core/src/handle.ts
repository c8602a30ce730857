/**
 * The records that an application is between: `HttpRequest`, `HttpResponse`, and the function from one to the other.
 * @module
 */
export { type NodeListener, type NodeListenerOptions, toNodeListener } from './entry/node-listener.ts'
export { beforeDeadline, type DeadlineKind, timeBefore } from './message/deadline.ts'
export type { Handle, Invocation, LambdaContext } from './message/handle.ts'
export { valueTest } from './message/headers.ts'
export type { Chunk, HttpHeaders, HttpRequest, HttpResponse, Identity } from './message/message.ts'
export { isPromise } from './message/promise.ts'
export { remember } from './message/remember.ts'
export type { BufferedResponse, Source } from './message/source.ts'
