import * as client from './client.ts'
import { createClock, lambdaContext } from './context.ts'
import * as events from './events.ts'
import * as gateways from './gateway.ts'
import { invoke } from './invoke.ts'
import { installStreaming } from './runtime.ts'

// Code under test may call awslambda.streamifyResponse while it is loaded, as it does on Lambda.
installStreaming()

export * from './client.ts'
export { default } from './client.ts'
export { type Clock, type ContextOptions, createClock, type LambdaContext, lambdaContext } from './context.ts'
export * from './events.ts'
export * from './gateway.ts'
export { type Invoked, type InvokeOptions, invoke } from './invoke.ts'
export { installStreaming } from './runtime.ts'

// So that require() gives the function itself, as supertest's module does, with everything else as its members.
const { default: request, ...named } = client
const whole = Object.assign(request, named, events, gateways, { createClock, installStreaming, invoke, lambdaContext })

/** @internal */
export { whole as 'module.exports' }
