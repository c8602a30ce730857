/** A request as a client puts it on the wire; what the client and the local server hand to a gateway. */
export interface WireRequest {
  method: string
  /** The raw target before `?`: percent-encoded, exactly as sent. */
  path: string
  /** The raw query string, without `?`; `''` if there is none. */
  query: string
  /** Field lines in the order and case sent; a value has one character per byte, as Node's parser gives it. */
  headers: [name: string, value: string][]
  body?: Uint8Array
  sourceIp?: string
}

/** A response as the client sees it, after the gateway's rules. */
export interface WireResponse {
  status: number
  statusText: string
  /** Field lines in order, one character per byte of a value; several `set-cookie` lines stay several. */
  headers: [name: string, value: string][]
  body: Uint8Array
  /** Chunks as they come, if the function streams; `body` is then empty. */
  stream?: AsyncIterable<Uint8Array>
  /** What the answer lost or would lose on the way, each in a sentence that says how to fix it. */
  warnings: string[]
}

const ascii = /^[\x00-\x7F]*$/

/** A header's text as it goes over the wire: its UTF-8 bytes, one character per byte. */
export const toFieldBytes = (text: string): string => (ascii.test(text) ? text : Buffer.from(text).toString('latin1'))

/**
 * The text of a header's bytes, read as UTF-8; each damaged byte becomes U+FFFD. A value with a character above U+00FF is no
 * byte string, so it is taken as the text already.
 */
export const fromFieldBytes = (bytes: string): string =>
  ascii.test(bytes) || /[^\x00-\xFF]/.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString()
/**
 * A path without the stage or mapping in front of it, which events do not count as path.
 * @param basePath `''` or `/prod`
 * @example belowBasePath('/prod/orders', '/prod') // '/orders'
 */
export function belowBasePath(path: string, basePath: string): string {
  if (basePath === '' || !(path === basePath || path.startsWith(`${basePath}/`))) return path
  return path.slice(basePath.length) || '/'
}
