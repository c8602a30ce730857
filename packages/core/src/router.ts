import { isMatch, match, type Params, type PathMatch, readParams } from './path-match.ts'
import { fold, type Path, type PathOptions, toPatterns } from './path-pattern.ts'
import { add, collect, createNode, first, firstOf, insert, type Leaf } from './path-tree.ts'

export { explainPathError } from './path-error.ts'
export { compilePath } from './path-match.ts'
export type { PathParams } from './path-params.ts'
export type { Params, Path, PathMatch, PathOptions }

export interface RouteOptions extends PathOptions {
  /** What `find` is to be asked with, such as an HTTP method; without one the entry is found with every key. */
  readonly key?: string
}

export interface Match<T> extends PathMatch {
  readonly value: T
}

interface Entry<T> extends Leaf {
  readonly value: T
  readonly position: number
  readonly decode: (value: string) => string
}

const SLASH = 47

/**
 * Entries by path, found in the order of their registration, as a walk from the first to the last would find them, but in
 * a time that does not grow with their number: an index leads to the few that can match. Paths are path-to-regexp 8's.
 * Entries that begin with no literal segment, or take a regular expression, are asked one by one.
 *
 * @example
 * const router = new Router<string>()
 * router.add('/users/:id', 'user', { key: 'GET' })
 * router.find('GET', '/users/7') // { value: 'user', params: { id: '7' }, path: '/users/7' }
 */
export class Router<T> {
  /** Patterns that are all text, by that text (folded). */
  readonly #texts = new Map<string, Entry<T>[]>()
  readonly #tree = createNode<Entry<T>>(Number.POSITIVE_INFINITY)
  #size = 0
  #patterns = 0

  /** How many entries were added. */
  get size(): number {
    return this.#size
  }

  /**
   * Adds an entry behind all others.
   * @throws what path-to-regexp throws for an invalid pattern, unchanged; `explainPathError` makes it plainer.
   * @throws TypeError for what is no path at all.
   */
  add(path: Path, value: T, options: RouteOptions = {}): void {
    const { key, decode = decodeURIComponent } = options
    const patterns = toPatterns(path, options)
    const position = this.#size++
    for (const pattern of patterns) {
      const sure = !pattern.odd && !pattern.sensitive
      this.#insert({ pattern, order: this.#patterns++, key, sure, value, position, decode })
    }
  }

  #insert(entry: Entry<T>): void {
    const { text, end, sensitive } = entry.pattern
    if (text === undefined || !end) {
      insert(this.#tree, entry)
      return
    }
    const folded = sensitive ? fold(text) : text
    const known = this.#texts.get(folded)
    if (known) known.push(entry)
    else this.#texts.set(folded, [entry])
  }

  /**
   * The first entry that has this key, or none, and that matches the path.
   * @throws what `decode` throws: by default a URIError for a malformed escape in a captured value.
   */
  find(key: string | undefined, path: string): Match<T> | undefined {
    // Most paths are in lower case, so that no folding is needed to find them.
    let texts = this.#texts.get(path)
    const folded = texts ? path : fold(path)
    if (folded !== path) texts = this.#texts.get(folded)
    let best = texts && firstOf(texts, key, path, folded, false, undefined)
    const slashed = endsWithSlash(folded) ? this.#texts.get(folded.slice(0, -1)) : undefined
    if (slashed) best = firstOf(slashed, key, path, folded, true, best)
    best = first(this.#tree, key, path, folded, 0, best)
    return best && toMatch(best, path, folded)
  }

  /** The keys of the entries that match the path, each once, in the order of registration. */
  keys(path: string): string[] {
    const keys = new Set<string>()
    for (const { key } of this.#matching(path)) if (key !== undefined) keys.add(key)
    return [...keys]
  }

  /**
   * Every entry that matches the path, in the order of registration, whatever its key.
   * @throws what `decode` throws.
   */
  matches(path: string): Match<T>[] {
    const folded = fold(path)
    const matching = this.#matching(path)
    return matching.filter(isFirstOfItsEntry).map((entry) => toMatch(entry, path, folded))
  }

  /**
   * The positions (0 for what was added first) of the entries that can match the path, ascending: all those that do, and
   * perhaps some that do not, as regular expressions and letter case are left to the caller's own exact match.
   */
  candidates(path: string): number[] {
    const positions: number[] = []
    for (const { position } of this.#collect(path, fold(path))) {
      if (positions.length === 0 || positions[positions.length - 1] !== position) positions.push(position)
    }
    return positions
  }

  #matching(path: string): Entry<T>[] {
    const folded = fold(path)
    return this.#collect(path, folded).filter((entry) => isMatch(entry.pattern, path, folded))
  }

  #collect(path: string, folded: string): Entry<T>[] {
    const found: Entry<T>[] = []
    collect(this.#tree, folded, 0, found)
    const texts = this.#texts.get(folded)
    if (texts) add(texts, false, found)
    const slashed = endsWithSlash(path) ? this.#texts.get(folded.slice(0, -1)) : undefined
    if (slashed) add(slashed, true, found)
    return sort(found)
  }
}

function endsWithSlash(path: string): boolean {
  return path.charCodeAt(path.length - 1) === SLASH
}

/** By insertion: few are found, and they come in runs that are in order. */
function sort<L extends Leaf>(found: L[]): L[] {
  for (let index = 1; index < found.length; index++) {
    const leaf = found[index]!
    let at = index
    for (; at > 0 && found[at - 1]!.order > leaf.order; at--) found[at] = found[at - 1]!
    found[at] = leaf
  }
  return found
}

/** An entry may be found by several of its patterns: the first counts. */
function isFirstOfItsEntry<T>(entry: Entry<T>, index: number, sorted: readonly Entry<T>[]): boolean {
  return index === 0 || sorted[index - 1]!.position !== entry.position
}

function toMatch<T>(entry: Entry<T>, path: string, folded: string): Match<T> {
  const { pattern, decode, value } = entry
  if (pattern.end && !pattern.odd) return { value, params: readParams(pattern, path, decode), path }
  const found = match(pattern, path, folded, decode)!
  return { value, params: found.params, path: found.path }
}
