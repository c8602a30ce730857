import { wireText } from '../message/headers.ts'
import type { BufferedResponse } from '../message/source.ts'

// node:http has this table too, for 5 ms of a cold start.
const lines =
  '200 OK|201 Created|202 Accepted|204 No Content|206 Partial Content|301 Moved Permanently|302 Found|303 See Other|304 Not Modified|307 Temporary Redirect|308 Permanent Redirect|400 Bad Request|401 Unauthorized|403 Forbidden|404 Not Found|405 Method Not Allowed|406 Not Acceptable|408 Request Timeout|409 Conflict|410 Gone|412 Precondition Failed|413 Content Too Large|415 Unsupported Media Type|416 Range Not Satisfiable|422 Unprocessable Content|429 Too Many Requests|500 Internal Server Error|501 Not Implemented|502 Bad Gateway|503 Service Unavailable|504 Gateway Timeout'

/** `{ statusDescription: '404 Not Found' }`; nothing for a status without a well-known phrase, as it may be left out. */
export function statusDescription({ status, statusText }: BufferedResponse): { statusDescription?: string } {
  const line = statusText ? `${status} ${statusText}` : lines.split('|').find((entry) => entry.startsWith(`${status} `))
  return line === undefined ? {} : { statusDescription: wireText('status description', line) }
}
