import type { Source } from '../message/source.ts'
import { DecodedRequest } from './decoded-request.ts'
import { encodedPath } from './path.ts'
import { type EventV2, encodeV2, isHostOf, isV2, type ResultV2, readerV2 } from './payload-v2.ts'
import { lambdaResultLimit } from './result-limit.ts'
import { warnOfChallenge } from './www-authenticate.ts'

/** A Lambda function URL: payload format 2.0 with a path that is still encoded. Its domain shows whose event it is. */
export const functionUrl: Source<EventV2, ResultV2> = {
  name: 'function-url',
  resultLimit: lambdaResultLimit,
  streams: true,
  matches: (event): event is EventV2 => isV2(event) && isHostOf('.lambda-url.', event.requestContext.domainName),
  decode(event) {
    const { method, path } = event.requestContext.http
    return new DecodedRequest(readerV2, event, method, encodedPath(event.rawPath ?? path), '')
  },
  encode(response, event) {
    warnOfChallenge('A function URL', response)
    return encodeV2(response, event)
  },
}
