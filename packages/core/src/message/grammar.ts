/** A token (RFC 9110, section 5.6.2): a method, a field name, the name of a cookie. */
export const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/**
 * Takes optional white space, which is SP and HTAB alone (RFC 9110, section 5.6.3), off both ends. `String.prototype.trim`
 * also removes U+00A0, U+FEFF and others: a cookie named U+00A0 + `__Host-sid` would become `__Host-sid`.
 */
export function trimOws(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isOws(text.charCodeAt(start))) start++
  while (end > start && isOws(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

const isOws = (code: number): boolean => code === 32 || code === 9
