import { pathToRegexp, type Token, TokenData } from 'path-to-regexp'

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

/** A whole segment that is captured: `:name`, or with `rest` everything from here on: `*name`. */
export interface Capture {
  readonly name: string
  readonly rest: boolean
}

/** One segment, without its slash: a literal (folded unless case counts) or a capture. */
export type Part = string | Capture

/** What only a regular expression can decide. */
export interface PathRegExp {
  readonly regexp: RegExp
  /** What its groups are, in order. */
  readonly captures: readonly Capture[]
}

/** One way through a path; a pattern with optional groups, or an array of patterns, is several of these. */
export interface Pattern {
  /** Whole segments: all of the pattern, or where it is `odd` those before the first that takes a regular expression. */
  readonly parts: readonly Part[]
  /** The whole pattern if it is nothing but text (folded unless case counts): `parts` are then needed for prefixes alone. */
  readonly text: string | undefined
  /** Made at first use: most routes of a cold start are never asked for. */
  readonly odd: (() => PathRegExp) | undefined
  /** Express's special case: `/` with `end: false` is a prefix of every path, and takes nothing of it. */
  readonly everything: boolean
  readonly sensitive: boolean
  readonly trailing: boolean
  readonly end: boolean
}

// Whole segments from the start, text or `:name`, and then `*name`. What is special to path-to-regexp is left out, and what
// is not ASCII, as a RegExp's `i` folds such letters in its own way. (With an `i` here V8 takes a millisecond to compile it.)
const SEGMENTS = /^((?:\/(?:[^/:*{}()[\]+?!\\\x80-\uffff]*|:[A-Za-z_$][\w$]*)(?=\/|$))*)(?:\/\*[A-Za-z_$][\w$]*)?/
// Valid beyond doubt: text, and captures that do not touch.
const TEXT_AND_CAPTURES = /^(?:[^:*{}()[\]+?!\\\x80-\uffff]|[:*][A-Za-z_$][\w$]*(?![\w$:*]))*$/
const GROUP = /^([^{}]*)\{([^{}]*)\}(.*)$/s
const ASCII = /^[\0-\x7f]*$/
const COLON = 58
const STAR = 42
// More ways than these through one pattern are better taken by one regular expression.
const MOST_WAYS = 8

/**
 * Lower case for ASCII letters alone, which is all that a RegExp's `i` folds in ASCII text: it does not take the Kelvin
 * sign for a `k`, as `toLowerCase` would; and the length stays the same.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase()
  return lower === text || ASCII.test(text) ? lower : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/**
 * The ways through a path, in the order in which they are to be tried.
 * @throws what path-to-regexp throws for an invalid pattern, unchanged, as Express does.
 * @throws TypeError for what is no path at all.
 */
export function toPatterns(path: Path, options: PathOptions): Pattern[] {
  if (Array.isArray(path)) return path.flat(Infinity).flatMap((each: Path) => fromPath(each, options))
  return path === '/' && options.end === false
    ? [toPattern([], options, { everything: true })]
    : fromPath(path, options)
}

function fromPath(path: Path, options: PathOptions): Pattern[] {
  if (typeof path === 'string') return fromString(path, options)
  if (path instanceof RegExp) return [toPattern([], options, { odd: () => fromRegExp(path) })]
  throw new TypeError(`A path is a string, a RegExp or an array of those, not ${String(path)}`)
}

function toPattern(parts: readonly Part[], options: PathOptions, rest: Partial<Pattern>): Pattern {
  return {
    parts,
    text: rest.text,
    odd: rest.odd,
    everything: rest.everything === true,
    sensitive: options.sensitive === true,
    trailing: !options.strict,
    end: options.end !== false,
  }
}

// By their looks first: path-to-regexp's parser takes 2 ms the first time, for its classes of Unicode letters, and then some
// µs for each of what may be thousands of routes.
function fromString(given: string, options: PathOptions): Pattern[] {
  const path = options.strict ? given : loosen(given)
  // What is not clearly valid is compiled at once: path-to-regexp is to refuse it at registration.
  return fromPlain(path, options) ?? [toOdd(path, options, true)]
}

/** Of a pattern of plain text and captures, and of groups of such: each way through it; undefined for any other. */
function fromPlain(path: string, options: PathOptions): Pattern[] | undefined {
  if (path !== '' && SEGMENTS.exec(path)![0] === path) return [fromSegments(path, options)]
  if (TEXT_AND_CAPTURES.test(path)) return [toOdd(path, options)]
  const [, before, inside, after] = GROUP.exec(path) ?? []
  if (before === undefined || isGlued(before, inside!) || isGlued(before + inside, after!) || isGlued(before, after!)) {
    return undefined
  }
  const ways = fromPlain(before + inside + after, options)
  const others = ways && fromPlain(before + after, options)
  return others && ways.length + others.length <= MOST_WAYS ? [...ways, ...others] : undefined
}

/** Whether the name of a capture would go on in what comes behind the brace. */
function isGlued(before: string, after: string): boolean {
  return /^[\w$"]/.test(after) && /[:*][\w$]*$/.test(before)
}

/** As Express: where the trailing slash is optional, the pattern's own does not count either. */
function loosen(path: string): string {
  if (path === '/') return path
  let end = path.length
  while (path[end - 1] === '/') end--
  return path.slice(0, end)
}

function fromSegments(path: string, options: PathOptions): Pattern {
  if (path.includes(':') || path.includes('*')) return toPattern(foldParts(split(path), path, options), options, {})
  const text = options.sensitive ? path : path.toLowerCase()
  // Only a prefix is looked for segment by segment.
  return toPattern(options.end === false ? split(text) : [], options, { text })
}

function split(path: string): Part[] {
  const parts: Part[] = []
  for (let start = 1; start <= path.length; ) {
    const slash = path.indexOf('/', start)
    const end = slash < 0 ? path.length : slash
    const first = path.charCodeAt(start)
    const rest = first === STAR
    parts.push(rest || first === COLON ? { name: path.slice(start + 1, end), rest } : path.slice(start, end))
    start = end + 1
  }
  return parts
}

function foldParts(parts: readonly Part[], path: string, { sensitive }: PathOptions): readonly Part[] {
  if (sensitive || path === path.toLowerCase()) return parts
  return parts.map((part) => (typeof part === 'string' ? part.toLowerCase() : part))
}

/** The segments up to the first that is special lead to the regular expression, made `now` or at first use. */
function toOdd(path: string, options: PathOptions, now = false): Pattern {
  const leading = split(SEGMENTS.exec(path)![1]!)
  let odd = now ? toRegExp(path, options) : undefined
  return toPattern(foldParts(leading, path, options), options, {
    odd: () => (odd ??= toRegExp(tokenize(path), options)),
  })
}

/** Of text and captures alone, which needs no parser. */
function tokenize(path: string): TokenData {
  const tokens = Array.from(path.matchAll(/([:*])([\w$]+)|[^:*]+/g), ([value, type, name]): Token => {
    if (name === undefined) return { type: 'text', value }
    return { type: type === ':' ? 'param' : 'wildcard', name }
  })
  return new TokenData(tokens, path)
}

function toRegExp(path: string | TokenData, { sensitive, strict, end }: PathOptions): PathRegExp {
  const { regexp, keys } = pathToRegexp(path, { sensitive, end, trailing: !strict })
  return { regexp, captures: keys.map(({ name, type }) => ({ name, rest: type === 'wildcard' })) }
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
