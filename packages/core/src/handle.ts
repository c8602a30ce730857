export type { Handle, Invocation, LambdaContext } from './message/handle.ts'
export type { Chunk, HttpHeaders, HttpRequest, HttpResponse, Identity } from './message/message.ts'
export type { BufferedResponse, Source } from './message/source.ts'
