import { named } from './lambda-error.ts'
import { HttpResponseStream } from './response-stream.ts'

/** Any Lambda handler; what it takes and gives is between it and its event source. */
// biome-ignore lint/suspicious/noExplicitAny: handlers are typed by their own event, context and response stream
export type LambdaHandler = (...args: any[]) => unknown

const streamingKey = Symbol.for('aws.lambda.runtime.handler.streaming')
const highWaterMarkKey = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark')

interface Marks {
  [streamingKey]?: unknown
  [highWaterMarkKey]?: unknown
}

/**
 * Provides the global `awslambda` as Lambda's runtime does, if it is absent: code that calls
 * `awslambda.streamifyResponse` while it is loaded needs it before that. Importing `@expressway/testing` does this;
 * Lambda's own switch, `AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA`, turns it off.
 */
export function installStreaming(): void {
  const scope = globalThis as { awslambda?: Record<string, unknown> }
  const { awslambda } = scope
  if (awslambda && 'streamifyResponse' in awslambda && 'HttpResponseStream' in awslambda) return
  if (/^(1|true)$/.test(process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA ?? '')) return
  scope.awslambda = { streamifyResponse, HttpResponseStream, ...awslambda }
}

function streamifyResponse<Handler extends LambdaHandler>(
  handler: Handler,
  options?: { highWaterMark?: number },
): Handler {
  const marked: Handler & Marks = handler
  marked[streamingKey] = 'response'
  if (typeof options?.highWaterMark === 'number') marked[highWaterMarkKey] = Math.trunc(options.highWaterMark)
  return handler
}

/** Whether the handler streams: known by the mark that `awslambda.streamifyResponse` leaves on it. */
export const isStreaming = (handler: LambdaHandler & Marks): boolean => handler[streamingKey] === 'response'

/** The back-pressure that the handler asked for, in bytes. */
export function highWaterMarkOf(handler: LambdaHandler & Marks): number | undefined {
  const mark = Number(handler[highWaterMarkKey])
  return mark > 0 ? mark : undefined
}

/** What Node.js 24's runtime says to a handler that it refuses to load. */
export function refusal(handler: LambdaHandler & Marks): Error | undefined {
  const mark = handler[streamingKey]
  if (mark && mark !== 'response') {
    return named('Runtime.MalformedStreamingHandler', 'Only response streaming is supported.')
  }
  if (handler.length < 3 || mark) return undefined
  return named(
    'Runtime.CallbackHandlerDeprecated',
    'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to ' +
      'modify this function to use a supported handler signature to use Node.js 24 or later. For more information see ' +
      'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
  )
}
