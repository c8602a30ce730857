import { strict as assert } from 'node:assert'
import { type LambdaHandler, UnsupportedEventError } from '@expressway/core'
import fc from 'fast-check'
import { lambdaContext } from '../src/context.ts'
import { collect, runHandler } from '../src/runtime.ts'
import { coreHandler, coreStreamHandler, faults, listenerHandler, shimHandler } from './applications.ts'
import { type Property, property } from './property.ts'
import { deepFreeze, mutate, mutatedEvents } from './recorded-events.ts'
import { assertResult } from './results.ts'

/** An answer below 500, or the one error that is defined for what is no HTTP event. */
async function answerOrRefusal(handler: LambdaHandler, event: unknown): Promise<string> {
  faults.length = 0
  let result: unknown
  try {
    result = await handler(event, lambdaContext({ remainingMs: 20_000 }))
  } catch (error) {
    if (!(error instanceof UnsupportedEventError)) throw error
    return 'refused: no HTTP event'
  }
  // A call that keeps the function warm is taken and done nothing for.
  if (result === undefined) return 'warmed'
  const status = assertResult(result)
  if (faults.length > 0) throw new Error(`a fault of its own: ${describe(faults)}`)
  assert(status < 500, `status ${status}: ${JSON.stringify(result)}`)
  return status < 400 ? 'answered' : 'refused: 4xx'
}

const describe = (values: unknown[]): string =>
  values
    .flat()
    .map((value) => (value instanceof Error ? value.stack?.split('\n').slice(0, 4).join('\n') : String(value)))
    .join(' ')

/** The same where the answer is sent as it is written. */
async function streamed(event: unknown): Promise<string> {
  faults.length = 0
  const run = await runHandler(coreStreamHandler, event, lambdaContext({ remainingMs: 20_000 }))
  const outcome = await collect(run.outcome)
  if (faults.length > 0) throw new Error(`a fault of its own: ${describe(faults)}`)
  if (outcome.kind !== 'error') return 'answered'
  assert.equal(outcome.error.errorType, 'UnsupportedEventError', JSON.stringify(outcome.error))
  return 'refused: no HTTP event'
}

const json = fc.jsonValue({ maxDepth: 4 })
/** Events that were never one: any JSON, under the names that events have. */
const anyEvents = fc.oneof(
  json,
  fc.dictionary(
    fc.constantFrom(
      ...['version', 'routeKey', 'rawPath', 'raw_path', 'rawQueryString', 'path', 'method', 'httpMethod', 'resource'],
      ...[
        'headers',
        'multiValueHeaders',
        'queryStringParameters',
        'multiValueQueryStringParameters',
        'cookies',
        'body',
      ],
      ...[
        'query_string_parameters',
        'is_base64_encoded',
        'isBase64Encoded',
        'requestContext',
        'pathParameters',
        'Records',
      ],
    ),
    fc.oneof(
      json,
      fc.dictionary(fc.constantFrom('http', 'elb', 'stage', 'path', 'identity', 'authorizer', 'a', '__proto__'), json),
    ),
  ),
)

const targets: [name: string, call: (event: unknown) => Promise<string>][] = [
  ['core', (event) => answerOrRefusal(coreHandler, event)],
  ['core, streaming', streamed],
  ['the shim', (event) => answerOrRefusal(shimHandler, event)],
  ['Express behind the listener', (event) => answerOrRefusal(listenerHandler, event)],
]

export const eventProperties: readonly Property[] = targets.flatMap(([name, call]) => [
  property(
    `a changed event is answered or refused: ${name}`,
    mutatedEvents,
    (value) => call(mutate(value)),
    (value) => ({ property: `any JSON is answered or refused: ${name}`, value: mutate(value) }),
  ),
  property(`any JSON is answered or refused: ${name}`, anyEvents, (value) =>
    call(deepFreeze(JSON.parse(JSON.stringify(value)))),
  ),
])
