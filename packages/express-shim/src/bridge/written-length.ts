/**
 * Whether a length of 0 is the gateway's and not the client's: an HTTP API writes one for every request without a body (recorded).
 * To a body parser it would say that a GET has a body.
 */
export const isWrittenLength = (length: unknown, method: string, source: string): boolean =>
  length === '0' && source === 'http-api' && !/^P(?:OST|UT|ATCH)$/.test(method)
