import { installStreaming } from './runtime.ts'

// Code under test may call awslambda.streamifyResponse when it is loaded, as it does on Lambda.
installStreaming()

export { type Clock, type ContextOptions, createClock, type LambdaContext, lambdaContext } from './context.ts'
export * from './events.ts'
export * from './gateway.ts'
export { type Invoked, type InvokeOptions, invoke } from './invoke.ts'
export { installStreaming, type LambdaHandler } from './runtime.ts'
