import {
  type Capture,
  fold,
  type Path,
  type PathOptions,
  type PathRegExp,
  type Pattern,
  toPatterns,
} from './path-pattern.ts'

/** Captured values by name: strings, arrays of segments for `*name`. No prototype, so that `__proto__` is only a name. */
export type Params = Record<string, string | string[]>

/** A path that matches a pattern. */
export interface PathMatch {
  /** Decoded. A name whose optional group is not in the path is not in here either. */
  readonly params: Params
  /** The part of the path that matched: all of it, or with `end: false` the prefix, still encoded. */
  readonly path: string
}

const SLASH = 47

/**
 * How far the pattern reaches into the path, or -1 where it does not match. `folded` is the path through `fold`.
 * Only for patterns that are not odd.
 */
export function reach(pattern: Pattern, path: string, folded: string): number {
  const { head } = pattern
  const subject = pattern.sensitive ? path : folded
  if (!subject.startsWith(head)) return -1
  if (pattern.isText) return settle(pattern, path, head.length)
  let at = head.length
  for (const part of pattern.tail) {
    if (at > head.length && path.charCodeAt(at++) !== SLASH) return -1
    if (typeof part === 'string') {
      if (!subject.startsWith(part, at)) return -1
      at += part.length
    } else if (part.rest) {
      return at < path.length ? path.length : -1
    } else {
      const end = segmentEnd(path, at)
      if (end === at) return -1
      at = end
    }
  }
  return settle(pattern, path, at)
}

/** Whether a pattern that reaches as far as `at` may end there, and if it takes a last slash too. */
function settle(pattern: Pattern, path: string, at: number): number {
  if (at === path.length) return at
  if (path.charCodeAt(at) !== SLASH) return -1
  if (pattern.trailing && at === path.length - 1) return path.length
  return pattern.end ? -1 : at
}

export function segmentEnd(path: string, start: number): number {
  const slash = path.indexOf('/', start)
  return slash < 0 ? path.length : slash
}

/** Whether the pattern matches; nothing is decoded, so nothing can be malformed. */
export function isMatch(pattern: Pattern, path: string, folded: string): boolean {
  return pattern.odd ? exec(pattern.odd(), path) !== null : reach(pattern, path, folded) >= 0
}

function exec({ regexp }: PathRegExp, path: string): RegExpExecArray | null {
  // One with the flag g or y would go on where the last request's match ended.
  if (regexp.lastIndex > 0) regexp.lastIndex = 0
  return regexp.exec(path)
}

/** @throws what `decode` throws: by default a URIError for a malformed escape. */
export function match(
  pattern: Pattern,
  path: string,
  folded: string,
  decode: (value: string) => string,
): PathMatch | undefined {
  if (pattern.odd) return matchRegExp(pattern.odd(), path, decode)
  const end = reach(pattern, path, folded)
  return end < 0 ? undefined : { params: readParams(pattern, path, decode), path: path.slice(0, end) }
}

function matchRegExp(odd: PathRegExp, path: string, decode: (value: string) => string): PathMatch | undefined {
  const found = exec(odd, path)
  if (!found) return undefined
  const params: Params = Object.create(null)
  for (const [index, capture] of odd.captures.entries()) {
    const value = found[index + 1]
    if (value !== undefined) params[capture.name] = read(capture, value, decode)
  }
  return { params, path: found[0] }
}

/** The captures of a path that the pattern is known to match. */
export function readParams(pattern: Pattern, path: string, decode: (value: string) => string): Params {
  const params: Params = Object.create(null)
  if (pattern.isText) return params
  let at = pattern.head.length
  for (const part of pattern.tail) {
    if (at > pattern.head.length) at++
    if (typeof part === 'string') {
      at += part.length
    } else {
      const end = part.rest ? path.length : segmentEnd(path, at)
      params[part.name] = read(part, path.slice(at, end), decode)
      at = end
    }
  }
  return params
}

function read(capture: Capture, value: string, decode: (value: string) => string): string | string[] {
  if (!capture.rest) return value.includes('%') ? decode(value) : value
  const segments = value.split('/')
  return value.includes('%') ? segments.map((each) => (each.includes('%') ? decode(each) : each)) : segments
}

/**
 * The exact matcher of one path, as Express's router matches a layer: for a middleware's prefix, or a layer of one's own.
 *
 * @throws what path-to-regexp throws for an invalid pattern, unchanged; `explainPathError` makes it plainer.
 * @throws TypeError for what is no path at all.
 * @example compilePath('/users/:id', { end: false })('/users/7/posts') // { params: { id: '7' }, path: '/users/7' }
 */
export function compilePath(path: Path, options: PathOptions = {}): (path: string) => PathMatch | undefined {
  const patterns = toPatterns(path, options)
  const decode = options.decode ?? decodeURIComponent
  return (given) => {
    const folded = fold(given)
    for (const pattern of patterns) {
      const found = match(pattern, given, folded, decode)
      if (found) return found
    }
    return undefined
  }
}
