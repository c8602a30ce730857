import { warnOnce } from '../message/log.ts'
import type { Source } from '../message/source.ts'
import { DecodedRequest } from './decoded-request.ts'
import { encodedPath } from './path.ts'
import { type EventV2, encodeV2, isHostOf, isV2, type ResultV2, readerV2 } from './payload-v2.ts'

/** A Lambda function URL: payload format 2.0 with a path that is still encoded, told apart by its domain. */
export const functionUrl: Source<EventV2, ResultV2> = {
  name: 'function-url',
  resultLimit: 6_291_556,
  streams: true,
  matches: (event): event is EventV2 => isV2(event) && isHostOf('.lambda-url.', event.requestContext.domainName),
  decode(event) {
    const { method, path } = event.requestContext.http
    return new DecodedRequest(readerV2, event, method, encodedPath(event.rawPath ?? path), '')
  },
  encode(response, event) {
    if (response.headers['www-authenticate'] !== undefined) warnOnce(remapped)
    return encodeV2(response, event)
  },
}

const remapped =
  'A function URL renames www-authenticate to x-amzn-remapped-www-authenticate, so browsers do not ask for a password'
