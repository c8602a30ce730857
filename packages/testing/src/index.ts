import { installStreaming } from './runtime.ts'

// Code under test may call awslambda.streamifyResponse while it is loaded, as it does on Lambda.
installStreaming()

export * from './client/client.ts'
export { default } from './client/client.ts'
export { type Clock, type ContextOptions, createClock, type LambdaContext, lambdaContext } from './context.ts'
export * from './events.ts'
export * from './gateway.ts'
export { type Invoked, type InvokeOptions, invoke } from './invoke.ts'
export { installStreaming } from './runtime.ts'
