import type { HttpRequest } from '../message/message.ts'
import type { Source } from '../message/source.ts'
import { DecodedRequest, type EventReader } from './decoded-request.ts'
import { object, text } from './identity.ts'
import { encodePath, removedPrefix, routePrefix, stagePrefix, toPath } from './path.ts'
import { type EventV1, encodeV1, isV1, type ResultV1, readerV1 } from './payload-v1.ts'
import { type EventV2, encodeV2, isHostOf, isV2, type ResultV2, readerV2 } from './payload-v2.ts'

const reader: EventReader<EventV2> = { ...readerV2, writesLength: true }
const readerOfV1: EventReader<EventV1> = { ...readerV1, writesLength: true }

/** API Gateway HTTP API with payload format 2.0, which is the default. */
export const httpApi: Source<EventV2, ResultV2> = {
  name: 'http-api',
  resultLimit: 6_291_556,
  matches: (event): event is EventV2 => isV2(event) && !isHostOf('.lambda-url.', event.requestContext.domainName),
  decode(event) {
    const { http, stage, domainName } = event.requestContext
    // `GET /users/{id}`, or `$default`, which says nothing.
    const key = text(event.routeKey)
    const route = key?.slice(key.indexOf(' ') + 1)
    const basePath = { full: http.path, stage, domainName, route, parameters: event.pathParameters }
    return decodeBelow(basePath, reader, event, http.method, toPath(event.rawPath ?? http.path))
  },
  encode: encodeV2,
}

/** The same with payload format 1.0: a REST API's event, but for `version` and for a path that was decoded. */
export const httpApiV1: Source<EventV1, ResultV1> = {
  name: 'http-api',
  resultLimit: 6_291_556,
  matches: (event): event is EventV1 => isV1(event) && isHttpApi(event),
  decode(event) {
    const { path: full, stage, domainName } = event.requestContext ?? {}
    const basePath = { full, stage, domainName, route: event.resource, parameters: event.pathParameters }
    return decodeBelow(basePath, readerOfV1, event, event.httpMethod, toPath(event.path))
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

function decodeBelow<E>(clues: Clues, reader: EventReader<E>, event: E, method: string, path: string): HttpRequest {
  const removed = removedPrefix(path, clues.full)
  const kept = removed === '' ? keptPrefix(path, clues) : ''
  const rest = path.slice(kept.length) || '/'
  return new DecodedRequest(reader, event, method, encodePath(rest), encodePath(removed + kept))
}

/**
 * The stage, on the API's own host, or the mapping, on a custom domain that leaves it in the path. The matched route
 * tells both from the application's own path; with the route `$default` only the stage is known, and only where the
 * path begins with it: on a custom domain it does not.
 */
function keptPrefix(path: string, { stage, domainName, route, parameters }: Clues): string {
  if (stage === '$default' && (route === '$default' || isHostOf('.execute-api.', domainName))) return ''
  return routePrefix(path, route, parameters) ?? stagePrefix(path, stage)
}
