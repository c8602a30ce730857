/**
 * Compiles `stripPrefixes`. The first prefix that the path begins with, up to a `/` or the end, is removed, once.
 * @example stripPrefixes(['/pay', /^\/v\d+/])('/pay/orders') // /orders
 * @throws TypeError if the option is not a list of regular expressions and of strings that begin with `/`.
 */
export function stripPrefixes(prefixes: readonly (string | RegExp)[]): (path: string) => string {
  if (!Array.isArray(prefixes)) throw new TypeError(`stripPrefixes must be an array, not ${String(prefixes)}`)
  const lengths = prefixes.map(prefixLength)
  return (path) => {
    for (const lengthIn of lengths) {
      const length = lengthIn(path)
      if (length > 0 && length === path.length) return '/'
      if (length > 0 && path[length] === '/') return path.slice(length)
    }
    return path
  }
}

function prefixLength(prefix: unknown): (path: string) => number {
  if (typeof prefix === 'string' && prefix.startsWith('/') && prefix.length > 1) {
    const text = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix
    return (path) => (path.startsWith(text) ? text.length : 0)
  }
  if (prefix instanceof RegExp) {
    // Without g and y, with which an expression remembers where its last match ended.
    const stateless = new RegExp(prefix, prefix.flags.replace(/[gy]/g, ''))
    return (path) => lengthAtStart(stateless, path)
  }
  throw new TypeError(`stripPrefixes takes strings that start with "/" and regular expressions, not ${String(prefix)}`)
}

function lengthAtStart(pattern: RegExp, path: string): number {
  const found = pattern.exec(path)
  return found?.index === 0 ? found[0].length : 0
}
