import { type PathRegExp, toPathRegExp } from './path-regexp.ts'
import { type Capture, isAscii, pathError, toWays, type Way } from './path-syntax.ts'

/** Path patterns as Express 5 takes them: path-to-regexp 8's syntax, a regular expression, or an array of those. */
export type Path = string | RegExp | readonly Path[]

export interface PathOptions {
  /** Whether `/Users` and `/users` differ. Default: false. */
  readonly sensitive?: boolean
  /** Whether a trailing slash counts: `/users/` is then no match for `/users`. Default: false. */
  readonly strict?: boolean
  /** False to match every path that begins with the pattern and goes on with `/`, as Express's `use` does. Default: true. */
  readonly end?: boolean
  /**
   * Decodes a captured value; called only for values that hold a `%`. Default: `decodeURIComponent`, so that a malformed
   * escape throws a URIError.
   */
  readonly decode?: (value: string) => string
}

/** One segment, without its slash: a literal (folded unless case counts) or a capture of all of it. */
export type Part = string | Capture

/** What decides instead of the segments, made at first use, as most routes of a cold start are never asked for. */
type Odd = () => PathRegExp

/** One way through a path: text, and then whole segments from the first that is captured. */
export class Pattern {
  /** The text before the first capture (folded unless case counts); of a pattern that is nothing but text, all of it. */
  readonly head: string
  readonly isText: boolean
  readonly odd: Odd | undefined
  readonly sensitive: boolean
  readonly trailing: boolean
  readonly end: boolean
  #tail: string | readonly Part[]
  #segments: readonly Part[] | undefined

  /** @param tail as text, where it is plain: it is divided at first use. */
  constructor(head: string, tail: string | readonly Part[], isText: boolean, options: PathOptions, odd?: Odd) {
    this.head = head
    this.isText = isText
    this.odd = odd
    this.sensitive = options.sensitive === true
    this.trailing = !options.strict
    this.end = options.end !== false
    this.#tail = tail
    this.#segments = undefined
  }

  /** The segments from the first capture on. */
  get tail(): readonly Part[] {
    if (typeof this.#tail === 'string') this.#tail = this.#tail.split('/').map(toPart)
    return this.#tail
  }

  /** All segments by which it can be indexed; of an odd one those before the first for which `odd` is needed. */
  get segments(): readonly Part[] {
    return (this.#segments ??= [...this.head.split('/').slice(1, this.isText ? undefined : -1), ...this.tail])
  }
}

function toPart(segment: string): Part {
  const first = segment[0]
  return first === ':' || first === '*' ? { name: segment.slice(1), rest: first === '*' } : segment
}

// Segments of text and captures, told at a glance: most paths are, and there may be thousands.
const PLAIN = /^(?:\/(?:[^/:*{}()[\]+?!\\\x80-\uffff]*|:[A-Za-z_$][\w$]*))*(?:\/\*[A-Za-z_$][\w$]*)?$/
// Each optional group doubles the ways: more than these are no path, and more than a few are better taken by one expression.
const MOST_WAYS = 256
const MOST_PATTERNS = 8

/**
 * Lower case for ASCII letters alone, which is all that a RegExp's `i` folds in ASCII text: it does not take the Kelvin
 * sign for a `k`, as `toLowerCase` would; and the length stays the same.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase()
  return lower === text || isAscii(text) ? lower : text.replace(/[A-Z]+/g, toLowerCase)
}

const toLowerCase = (text: string): string => text.toLowerCase()

/**
 * The ways through a path, in the order in which they are to be tried.
 * @throws what path-to-regexp throws for an invalid pattern, as Express does.
 * @throws TypeError for what is no path at all.
 */
export function toPatterns(path: Path, options: PathOptions): Pattern[] {
  if (Array.isArray(path)) return path.flat(Infinity).flatMap((each: Path) => fromPath(each, options))
  // Express's special case: `/` with `end: false` is a prefix of every path, and takes nothing of it.
  if (path === '/' && options.end === false) return [new Pattern('', [], true, options, everything)]
  return fromPath(path, options)
}

const everything: Odd = () => ({ regexp: /^/, captures: [] })

function fromPath(path: Path, options: PathOptions): Pattern[] {
  if (typeof path === 'string') return fromString(options.strict ? path : loosen(path), options)
  if (path instanceof RegExp) return [new Pattern('', [], false, options, () => fromRegExp(path))]
  throw new TypeError(`A path is a string, a RegExp or an array of those, not ${String(path)}`)
}

/** As Express: where the trailing slash is optional, the pattern's own does not count either. */
function loosen(path: string): string {
  let end = path.length
  if (end > 1) while (path[end - 1] === '/') end--
  return path.slice(0, end)
}

function fromString(path: string, options: PathOptions): Pattern[] {
  if (path !== '' && PLAIN.test(path)) return [fromPlain(path, options)]
  const ways: Way[] = []
  for (const way of toWays(path)) {
    if (ways.length === MOST_WAYS) throw pathError('Too many path combinations', path)
    assertApart(way, path)
    ways.push(way)
  }
  return ways.length > MOST_PATTERNS ? [oddPattern(ways, [], options)] : ways.map((way) => fromWay(way, options))
}

function fromPlain(path: string, options: PathOptions): Pattern {
  const colon = path.indexOf(':')
  const capture = colon < 0 ? path.indexOf('*') : colon
  // The names of captures keep their case.
  const given = options.sensitive || path === path.toLowerCase() ? path : path.replace(/\/[^:*/]+/g, toLowerCase)
  return capture < 0
    ? new Pattern(given, [], true, options)
    : new Pattern(given.slice(0, capture), given.slice(capture), false, options)
}

function assertApart({ texts, captures }: Way, path: string): void {
  const index = captures.findIndex((_capture, at) => at > 0 && texts[at] === '')
  if (index < 0) return
  const { name, rest } = captures[index]!
  throw pathError(`Missing text before "${name}" ${rest ? 'wildcard' : 'param'}`, path)
}

function fromWay(way: Way, options: PathOptions): Pattern {
  const segments = segmentsOf(way)
  const special = segments.findIndex((segment, index) => !isWhole(segment, index, segments.length - 1))
  const parts = segments.slice(1, special < 0 ? undefined : special).map(([part = '']) => folded(part, options))
  if (special >= 0 || segments.length === 1) return oddPattern([way], parts, options)
  const capture = parts.findIndex((part) => typeof part === 'object')
  return new Pattern(folded(way.texts[0]!, options), capture < 0 ? [] : parts.slice(capture), capture < 0, options)
}

/** What stands between the slashes; before the first one nothing should. */
function segmentsOf({ texts, captures }: Way): Part[][] {
  const segments: Part[][] = []
  for (const [index, text] of texts.entries()) {
    for (const [at, piece] of text.split('/').entries()) {
      if (at > 0 || index === 0) segments.push([])
      if (piece) segments.at(-1)!.push(piece)
    }
    if (index < captures.length) segments.at(-1)!.push(captures[index]!)
  }
  return segments
}

// Not with characters beyond ASCII: a RegExp's `i` folds such letters in its own way.
function isWhole([part = '', ...more]: readonly Part[], index: number, last: number): boolean {
  if (more.length > 0) return false
  if (index === 0) return part === ''
  return typeof part === 'string' ? isAscii(part) : !part.rest || index === last
}

const folded = <P extends Part>(part: P, { sensitive }: PathOptions): P | string =>
  typeof part === 'string' && !sensitive ? part.toLowerCase() : part

function oddPattern(ways: readonly Way[], lead: readonly Part[], options: PathOptions): Pattern {
  let regexp: PathRegExp | undefined
  const pattern: Pattern = new Pattern('', lead, false, options, () => (regexp ??= toPathRegExp(ways, pattern)))
  return pattern
}

function fromRegExp(regexp: RegExp): PathRegExp {
  return { regexp, captures: groupNames(regexp.source).map((name) => ({ name, rest: false })) }
}

/** Express numbers the groups that have no name, from 0. */
function groupNames(source: string): string[] {
  const names: string[] = []
  let number = 0
  // Skips escapes and character classes; a `(?` that no name follows captures nothing.
  for (const [token, name] of source.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?<(?![=!])([^>]+)>|(?!\?))/gs)) {
    if (token.startsWith('(')) names.push(name ?? String(number++))
  }
  return names
}
