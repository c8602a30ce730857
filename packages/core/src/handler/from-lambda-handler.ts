import type { Context } from 'aws-lambda'
import { warnOnce } from '../message/log.ts'
import { isPromise } from '../message/promise.ts'
import type { Request } from './request.ts'
import { type Reply, reply } from './result.ts'

/** What API Gateway, a function URL or a load balancer takes from a Lambda handler. */
interface ProxyResult {
  readonly statusCode: unknown
  readonly headers?: Readonly<Record<string, unknown>> | null
  readonly multiValueHeaders?: Readonly<Record<string, readonly unknown[]>> | null
  readonly cookies?: readonly string[] | null
  readonly body?: unknown
  readonly isBase64Encoded?: boolean
}

const proxyMembers: readonly string[] = [
  'statusCode',
  'statusDescription',
  'headers',
  'multiValueHeaders',
  'cookies',
  'body',
  'isBase64Encoded',
]

/**
 * Makes a route's handler of an existing Lambda handler: it gets the event and the context, and its proxy result becomes the
 * answer. A result without `statusCode` is sent as JSON with status 200, as HTTP APIs do for payload 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @example
 * const app = createApp<APIGatewayProxyEvent>({ source: 'rest-api' })
 * app.get('/legacy', fromLambdaHandler(legacy))
 * @throws TypeError if the handler is not a function, or takes a callback: Node.js 24 on Lambda does not pass one.
 */
export function fromLambdaHandler<Event>(
  handler: (event: Event, context: Context, callback: never) => unknown,
): (req: Pick<Request<never, Event>, 'event' | 'context'>) => Reply | Promise<Reply> {
  if (typeof handler !== 'function' || handler.length > 2) {
    const given = typeof handler === 'function' ? 'one that takes a callback' : String(handler)
    throw new TypeError(`fromLambdaHandler() takes a function (event, context) that returns its result, not ${given}`)
  }
  return (req) => {
    const result = (handler as (event: Event, context: Context) => unknown)(req.event, req.context)
    return isPromise(result) ? Promise.resolve(result).then(toReply) : toReply(result)
  }
}

function toReply(result: unknown): Reply {
  if (result === undefined) throw new TypeError('The Lambda handler returned undefined instead of a result')
  if (!isProxyResult(result)) return reply({ contentType: 'application/json', body: result })
  for (const name of Object.keys(result)) {
    if (!proxyMembers.includes(name))
      warnOnce(
        `the result of a Lambda handler has a member ${JSON.stringify(name)}, which is not part of a proxy result`,
      )
  }
  // API Gateway gives an answer without a content type the type of JSON.
  return reply({
    status: statusOf(result.statusCode),
    contentType: result.body ? 'application/json' : undefined,
    headers: headersOf(result),
    body: bodyOf(result),
  })
}

const isProxyResult = (result: unknown): result is ProxyResult =>
  typeof result === 'object' && result !== null && (result as Partial<ProxyResult>).statusCode !== undefined

/** A number, or text of three digits, which AWS's own examples return as well. */
function statusOf(code: unknown): number {
  const status = typeof code === 'string' && /^\d{3}$/.test(code) ? Number(code) : code
  if (typeof status === 'number' && Number.isInteger(status)) return status
  throw new TypeError(
    `The statusCode of a Lambda handler's result must be a number of three digits, not ${String(code)}`,
  )
}

/** The lines of both records. A line that is in both is taken once, as API Gateway does. */
function headersOf({ headers, multiValueHeaders, cookies }: ProxyResult): Record<string, string[]> {
  const lines: Record<string, string[]> = Object.create(null)
  const add = (name: string, values: unknown): void => {
    const present = (lines[name.toLowerCase()] ??= [])
    for (const value of [values].flat()) {
      if (value !== undefined && value !== null && !present.includes(String(value))) present.push(String(value))
    }
  }
  for (const record of [headers, multiValueHeaders, { 'set-cookie': cookies }])
    for (const name in record) add(name, (record as Record<string, unknown>)[name])
  return lines
}

function bodyOf({ body, isBase64Encoded }: ProxyResult): unknown {
  if (typeof body === 'string') return body === '' ? undefined : isBase64Encoded ? Buffer.from(body, 'base64') : body
  if (body !== undefined && body !== null)
    warnOnce(`the body of a Lambda handler's result must be a string, not ${typeof body}; JSON of it was sent`)
  return body
}
