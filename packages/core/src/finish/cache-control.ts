/**
 * The `Cache-Control` of an answer on a route with `cacheControl`: the directives for a success, otherwise `no-cache`, so that
 * no error is stored. A 304 confirms a stored 200 and has the same field (RFC 9110, section 15.4.5).
 */
export const cacheControl = (directives: string, status: number): string =>
  status === 200 || status === 304 ? directives : 'no-cache'
