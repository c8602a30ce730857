/**
 * The client: supertest-like requests to a Lambda handler, an application or a server, through any gateway.
 * @module
 */
import * as client from './client/client.ts'
import { installStreaming } from './runtime.ts'

// Code under test may call awslambda.streamifyResponse while it is loaded, as it does on Lambda.
installStreaming()

export * from './client/client.ts'
export { default } from './client/client.ts'

// So that require() gives the function itself, as supertest's module does, with everything else as its members.
const { default: request, ...named } = client
const whole = Object.assign(request, named)

/** @internal */
export { whole as 'module.exports' }
