import type { Source } from '../message/source.ts'
import { DecodedRequest } from './decoded-request.ts'
import { object, text } from './members.ts'
import { decodedPath, encodedPath, encodePath, removedPrefix, routePrefix, stagePrefix, toPath } from './path.ts'
import { type EventV1, encodeV1, isV1, type ResultV1, readerV1 } from './payload-v1.ts'
import { type EventV2, encodeV2, isHostOf, isV2, type ResultV2, readerV2 } from './payload-v2.ts'
import { lambdaResultLimit } from './result-limit.ts'

/** API Gateway HTTP API with payload format 2.0, which is the default. */
export const httpApi: Source<EventV2, ResultV2> = {
  name: 'http-api',
  resultLimit: lambdaResultLimit,
  matches: (event): event is EventV2 => isV2(event) && !isHostOf('.lambda-url.', event.requestContext.domainName),
  decode(event) {
    const { http, stage, domainName } = event.requestContext
    // `GET /users/{id}`, or `$default`, which says nothing.
    const key = text(event.routeKey)
    const route = key?.slice(key.indexOf(' ') + 1)
    const basePath = { full: http.path, stage, domainName, route, parameters: event.pathParameters }
    const path = toPath(event.rawPath ?? http.path)
    const prefix = prefixOf(path, basePath)
    const rest = path.slice(prefix.kept.length) || '/'
    return new DecodedRequest(readerV2, event, http.method, encodePath(rest), encodePath(prefix.removed + prefix.kept))
  },
  encode: encodeV2,
}

/**
 * The same with payload format 1.0: a REST API's event with a `version`. `path` is percent-encoded, while
 * `requestContext.path` and path parameters are decoded (recording V1_UnicodeCharactersInPathHttpV1).
 */
export const httpApiV1: Source<EventV1, ResultV1> = {
  name: 'http-api',
  resultLimit: lambdaResultLimit,
  matches: (event): event is EventV1 => isV1(event) && isHttpApi(event),
  decode(event) {
    const { path: full, stage, domainName } = event.requestContext ?? {}
    const basePath = { full, stage, domainName, route: event.resource, parameters: event.pathParameters }
    const path = encodedPath(event.path)
    const prefix = prefixOf(decodedPath(path), basePath)
    const kept = [prefix.kept, encodePath(prefix.kept)].find((text) => path.startsWith(text)) ?? ''
    const rest = path.slice(kept.length) || '/'
    return new DecodedRequest(readerV1, event, event.httpMethod, rest, encodePath(prefix.removed) + kept)
  },
  encode: encodeV1,
}

/**
 * `version` says it, and so does the stage `$default`, a name that no REST API's stage can have. The local REST API of
 * SAM CLI writes a version too, but also an API key, which an HTTP API has not.
 */
function isHttpApi({ version, requestContext }: EventV1): boolean {
  if (requestContext?.stage === '$default') return true
  return version === '1.0' && object(requestContext?.identity)?.apiKey === undefined
}

interface Clues {
  readonly full: string | undefined
  readonly stage: string | undefined
  readonly domainName: string | undefined
  readonly route: string | null | undefined
  readonly parameters: Readonly<Record<string, unknown>> | null | undefined
}

/** What the gateway took off the path, and what it left before the application's own part; both decoded. */
function prefixOf(path: string, clues: Clues): { removed: string; kept: string } {
  const removed = removedPrefix(path, clues.full)
  return { removed, kept: removed === '' ? keptPrefix(path, clues) : '' }
}

/**
 * The stage or the mapping, taken off only if the event proves that it stands there: by the matched route with its
 * parameters, or by the API's own host, whose URLs begin with the stage. On a custom domain with the route `$default`
 * a path that begins like the stage is the client's, and the authorizer saw it whole.
 */
function keptPrefix(path: string, { stage, domainName, route, parameters }: Clues): string {
  const ownHost = isHostOf('.execute-api.', domainName)
  if (stage === '$default' && (route === '$default' || ownHost)) return ''
  return routePrefix(path, route, parameters) ?? (ownHost ? stagePrefix(path, stage) : '')
}
