/**
 * Events as each event source sends them, from a method, a path and what a test cares for.
 * @module
 */
export { albEvent } from './events/alb.ts'
export { type FunctionUrlEventFor, functionUrlEvent } from './events/function-url.ts'
export { type HttpApiEvent, type HttpApiEventFor, httpApiEvent } from './events/http-api.ts'
export { type HttpApiV1Event, httpApiV1Event } from './events/http-api-v1.ts'
export type { ClientCertificate, IamIdentity, IdentityOptions } from './events/identity.ts'
export type { EventOptions } from './events/options.ts'
export { type EventDescription, type RequestDescription, toWireRequest } from './events/request.ts'
export { restApiEvent } from './events/rest-api.ts'
export { type LatticeEventV1, type LatticeEventV2, latticeEvent } from './events/vpc-lattice.ts'
