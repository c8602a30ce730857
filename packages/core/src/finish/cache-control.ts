/**
 * What `cacheControl` of a route makes of an answer: the directives where it is a success, `no-cache` else, so that no
 * error is kept. A 304 confirms a stored 200 and so carries the same field (RFC 9110, section 15.4.5).
 */
export const cacheControl = (directives: string, status: number): string =>
  status === 200 || status === 304 ? directives : 'no-cache'
