import { installStreaming } from './runtime.ts'

// Code under test may call awslambda.streamifyResponse while it is loaded, as it does on Lambda.
installStreaming()

export * from './client/client.ts'
export { default } from './client/client.ts'
