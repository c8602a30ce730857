import type { Source } from '../message/source.ts'
import { DecodedRequest } from './decoded-request.ts'
import { text } from './members.ts'
import { decodedPath, encodedPath, removedPrefix, routePrefix } from './path.ts'
import { type EventV1, encodeV1, isV1, type ResultV1, readerV1 } from './payload-v1.ts'
import { lambdaResultLimit } from './result-limit.ts'
import { warnOfChallenge } from './www-authenticate.ts'

/** API Gateway REST API, Lambda proxy integration. */
export const restApi: Source<EventV1, ResultV1> = {
  name: 'rest-api',
  resultLimit: lambdaResultLimit,
  streams: true,
  matches: isV1,
  decode(event) {
    const path = encodedPath(event.path)
    const mapping = mappingOf(event, path)
    const basePath = mapping || stageOf(event, path)
    return new DecodedRequest(readerV1, event, event.httpMethod, path.slice(mapping.length) || '/', basePath)
  },
  encode(response, event) {
    warnOfChallenge('API Gateway', response)
    return encodeV1(response, event)
  },
}

/**
 * The base path mapping of a custom domain. Such an event has it in `path` and, unlike one that came by the API's own
 * host, the same in `requestContext.path`; the matched resource says where it ends. If the event does not say so
 * (partial events, the console's test), `path` stays whole, and the option `stripPrefixes` can take it off.
 */
function mappingOf(event: EventV1, path: string): string {
  const { requestContext, resource, pathParameters } = event
  const domain = text(requestContext?.domainName)
  if (requestContext?.path !== path || !domain || domain.includes('.execute-api.')) return ''
  // Path parameters may come decoded, `path` never does.
  const prefix = routePrefix(path, resource, pathParameters) ?? routePrefix(decodedPath(path), resource, pathParameters)
  return prefix && path.startsWith(prefix) ? prefix : ''
}

/** The stage, which stands in the URL of the API's own host: `requestContext.path` has it, `path` has not. */
function stageOf({ requestContext }: EventV1, path: string): string {
  const prefix = removedPrefix(path, requestContext?.path)
  return prefix === `/${requestContext?.stage}` ? prefix : ''
}
