import { toLambdaHandler } from '@expressway/core/lambda'
import {
  albEvent,
  type EventDescription,
  functionUrlEvent,
  httpApiEvent,
  httpApiV1Event,
  latticeEvent,
  restApiEvent,
} from '@expressway/testing/events'
import { toHandle } from '../../src/lambda.ts'
import type { Outcome, Sent } from './harness.ts'

export type SourceName =
  | 'rest-api'
  | 'http-api'
  | 'http-api-v1'
  | 'function-url'
  | 'alb'
  | 'alb-multi-value'
  | 'vpc-lattice'

interface SourceUnderTest {
  /** Whether the gateway hands the request on as it was sent. */
  carries(sent: Sent): boolean
  invoke(app: unknown, sent: Sent): Promise<Omit<Outcome, 'notes'>>
}

type Result = {
  statusCode: number
  headers?: Record<string, string | string[]>
  multiValueHeaders?: Record<string, (string | number | boolean)[]>
  cookies?: string[]
  body?: string
  isBase64Encoded?: boolean
}

// The one load balancer mode takes only the last of several lines, and of several values of a query.
const single = (sent: Sent): boolean =>
  !Object.values(sent.headers ?? {}).some(Array.isArray) && !/[?&]([^=&]+)[^?]*&\1=/.test(sent.path ?? '')
// An HTTP API decodes the path, so that an encoded reserved character, a slash or a percent sign cannot be told from a plain one.
const plainPath = ({ path = '/' }: Sent): boolean => !/%/.test(path.split('?', 1)[0] as string)
// Decoded and put together anew, a query loses its order, and the spelling of its escapes.
const plainQuery = ({ path = '/' }: Sent): boolean => /^[^?]*([?][\w.~-]+=[\w.~-]*)?$/.test(path)
// A REST API merges the slashes that follow one another.
const singleSlashes = ({ path = '/' }: Sent): boolean => !path.split('?', 1)[0]?.includes('//')
const anything = (): boolean => true

export const sources: Record<SourceName, SourceUnderTest> = {
  'rest-api': through(restApiEvent, (sent) => singleSlashes(sent) && plainQuery(sent)),
  'http-api': through(httpApiEvent, plainPath),
  'http-api-v1': through(httpApiV1Event, (sent) => singleSlashes(sent) && plainPath(sent) && plainQuery(sent)),
  'function-url': through(functionUrlEvent, anything),
  alb: through(
    (description) => albEvent(description),
    (sent) => single(sent) && plainQuery(sent),
  ),
  'alb-multi-value': through((description) => albEvent({ ...description, multiValueHeaders: true }), plainQuery),
  'vpc-lattice': through(latticeEvent, plainQuery),
}

function through(build: (description: EventDescription) => unknown, carries: (sent: Sent) => boolean): SourceUnderTest {
  const handlers = new WeakMap<object, ReturnType<typeof toLambdaHandler>>()
  return {
    carries: (sent) => carries(sent) && (sent.path ?? '/').startsWith('/'),
    async invoke(app, sent) {
      const handler = handlers.get(app as object) ?? toLambdaHandler(toHandle(app as object))
      handlers.set(app as object, handler)
      const { method, path, headers, body } = sent
      const event = build({ method, path, body, headers: { host: 'example.com', ...headers }, protocol: 'http' })
      // As the runtime does it: an event is JSON, and so is a result.
      const result = JSON.parse(JSON.stringify(await handler(JSON.parse(JSON.stringify(event)), {}))) as Result
      return toOutcome(result)
    },
  }
}

function toOutcome(result: Result): Omit<Outcome, 'notes'> {
  const headers: Record<string, string[]> = Object.create(null)
  const add = (name: string, value: unknown) => {
    const values = (headers[name.toLowerCase()] ??= [])
    values.push(String(value))
  }
  for (const [name, value] of Object.entries(result.multiValueHeaders ?? {})) for (const each of value) add(name, each)
  for (const [name, value] of Object.entries(result.headers ?? {})) {
    if (!Object.hasOwn(result.multiValueHeaders ?? {}, name)) for (const each of [value].flat()) add(name, each)
  }
  for (const cookie of result.cookies ?? []) add('set-cookie', cookie)
  const body = Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8').toString('latin1')
  return { status: result.statusCode, headers, body }
}
