import { wireText } from '../message/headers.ts'
import type { BufferedResponse } from '../message/source.ts'

// The names of RFC 9110 section 15 and RFC 6585. node:http has such a table too, for 5 ms of a cold start.
const phrases: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/**
 * `{ statusDescription: '404 Not Found' }`: the status with the response's own reason phrase or the well-known one. Empty for a
 * status without either, as gateways do not require the member.
 * @throws TypeError if the response's own phrase has a line break.
 */
export function statusDescription({ status, statusText }: BufferedResponse): { statusDescription?: string } {
  const phrase = statusText || phrases[status]
  return phrase === undefined ? {} : { statusDescription: wireText('status description', `${status} ${phrase}`) }
}
