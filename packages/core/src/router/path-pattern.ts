import type { Key, PathToRegexpOptions, Token } from 'path-to-regexp'
import loadPathToRegexp from '#libraries/path-to-regexp.cjs'

/** Path patterns as Express 5 takes them: path-to-regexp 8's syntax, a regular expression, or an array of those. */
export type Path = string | RegExp | readonly Path[]

/** How a path is compared with its pattern. */
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

/** What a path captures: one segment or less, `:name`, or with `rest` any number of segments, `*name`. */
export interface Capture {
  readonly name: string
  readonly rest: boolean
}

/** One segment, without its slash: a literal (folded unless case counts) or a capture of all of it. */
export type Part = string | Capture

/** A regular expression, and what its groups capture, in order. */
export interface PathRegExp {
  readonly regexp: RegExp
  readonly captures: readonly Capture[]
}

/** What decides instead of the segments, made at first use, as most routes of a cold start are never asked for. */
type Odd = () => PathRegExp

/** One way through a path, its optional groups taken or left. */
type Way = readonly Exclude<Token, { type: 'group' }>[]

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

// Segments of text and whole captures, as most paths are: they are read without the library, so that it is never loaded for them.
const PLAIN = /^(?:\/(?:[^/:*{}()[\]+?!\\\x80-\uffff]*|:[A-Za-z_$][\w$]*))*(?:\/\*[A-Za-z_$][\w$]*)?$/
// Each optional group doubles the ways: more than a few are better taken by one expression.
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

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text)

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
  const { parse, pathToRegexp } = loadPathToRegexp()
  const whole = pathToRegexp(path, regexpOptions(options))
  const ways = waysOf(parse(path).tokens)
  return ways.length > MOST_PATTERNS
    ? [new Pattern('', [], false, options, () => toPathRegExp(whole))]
    : ways.map((way) => fromWay(way, options))
}

const regexpOptions = ({ sensitive, strict, end }: PathOptions): PathToRegexpOptions => ({
  sensitive: sensitive === true,
  trailing: !strict,
  end: end !== false,
})

/** In the order in which path-to-regexp tries them. */
function waysOf(tokens: readonly Token[], before: Way = []): Way[] {
  const at = tokens.findIndex(({ type }) => type === 'group')
  const group = tokens[at]
  if (group?.type !== 'group') return [[...before, ...tokens] as Way]
  const way = [...before, ...tokens.slice(0, at)] as Way
  const rest = tokens.slice(at + 1)
  return [...waysOf([...group.tokens, ...rest], way), ...waysOf(rest, way)]
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

function fromWay(way: Way, options: PathOptions): Pattern {
  const segments = segmentsOf(way)
  const special = segments.findIndex((segment, index) => !isWhole(segment, index, segments.length - 1))
  const parts = segments.slice(1, special < 0 ? undefined : special).map(([part = '']) => folded(part, options))
  if (special >= 0 || segments.length === 1) return oddPattern(way, parts, options)
  const capture = parts.findIndex((part) => typeof part === 'object')
  const literals = capture < 0 ? parts : [...parts.slice(0, capture), '']
  return new Pattern(`/${literals.join('/')}`, capture < 0 ? [] : parts.slice(capture), capture < 0, options)
}

/** What stands between the slashes; before the first one nothing should. */
function segmentsOf(way: Way): Part[][] {
  const segments: Part[][] = [[]]
  for (const token of way) {
    if (token.type !== 'text') {
      segments.at(-1)!.push(toCapture(token))
      continue
    }
    const [first, ...others] = token.value.split('/')
    if (first) append(segments.at(-1)!, first)
    for (const text of others) segments.push(text ? [text] : [])
  }
  return segments
}

/** Two texts follow each other when a group stood between them, or around one. */
function append(segment: Part[], text: string): void {
  const last = segment.at(-1)
  if (typeof last === 'string') segment[segment.length - 1] = last + text
  else segment.push(text)
}

const toCapture = ({ type, name }: Key): Capture => ({ name, rest: type === 'wildcard' })

// Not with characters beyond ASCII: a RegExp's `i` folds such letters in its own way.
function isWhole([part = '', ...more]: readonly Part[], index: number, last: number): boolean {
  if (more.length > 0) return false
  if (index === 0) return part === ''
  return typeof part === 'string' ? isAscii(part) : !part.rest || index === last
}

const folded = <P extends Part>(part: P, { sensitive }: PathOptions): P | string =>
  typeof part === 'string' && !sensitive ? part.toLowerCase() : part

/** A way that segments alone cannot decide, indexed by those before the first that is special. */
function oddPattern(way: Way, lead: readonly Part[], options: PathOptions): Pattern {
  let made: PathRegExp | undefined
  return new Pattern('', lead, false, options, () => (made ??= fromTokens(way, options)))
}

function fromTokens(way: Way, options: PathOptions): PathRegExp {
  const { pathToRegexp, TokenData } = loadPathToRegexp()
  return toPathRegExp(pathToRegexp(new TokenData([...way]), regexpOptions(options)))
}

const toPathRegExp = ({ regexp, keys }: { regexp: RegExp; keys: Key[] }): PathRegExp => ({
  regexp,
  captures: keys.map(toCapture),
})

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
