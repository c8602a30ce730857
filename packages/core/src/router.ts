import { isMatch, match, type Params, type PathMatch } from './path-match.ts'
import { fold, type Path, type PathOptions, toPatterns } from './path-pattern.ts'
import { collect, createNode, first, firstOf, insert, type Leaf } from './path-tree.ts'

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
  readonly #tree = createNode<Entry<T>>(0)
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
    for (const pattern of patterns) this.#insert({ pattern, order: this.#patterns++, key, value, position, decode })
  }

  #insert(entry: Entry<T>): void {
    const { text, end } = entry.pattern
    if (text === undefined || !end) {
      insert(this.#tree, entry)
      return
    }
    const folded = fold(text)
    const known = this.#texts.get(folded)
    if (known) known.push(entry)
    else this.#texts.set(folded, [entry])
  }

  /**
   * The first entry that has this key, or none, and that matches the path.
   * @throws what `decode` throws: by default a URIError for a malformed escape in a captured value.
   */
  find(key: string | undefined, path: string): Match<T> | undefined {
    const folded = fold(path)
    let best: Entry<T> | undefined
    const texts = this.#texts.get(folded)
    if (texts) best = firstOf(texts, key, path, folded, best)
    const unslashed = withoutSlash(folded)
    const slashed = unslashed === undefined ? undefined : this.#texts.get(unslashed)
    if (slashed) best = firstOf(slashed, key, path, folded, best)
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
    return this.#matching(path).map((entry) => toMatch(entry, path, folded))
  }

  /**
   * The positions (0 for what was added first) of the entries that can match the path, ascending: all those that do, and
   * perhaps some that do not, as regular expressions and letter case are left to the caller's own exact match.
   */
  candidates(path: string): number[] {
    return distinct(this.#collect(path)).map((entry) => entry.position)
  }

  #matching(path: string): Entry<T>[] {
    const folded = fold(path)
    return distinct(this.#collect(path).filter((entry) => isMatch(entry.pattern, path, folded)))
  }

  #collect(path: string): Entry<T>[] {
    const folded = fold(path)
    const found: Entry<T>[] = []
    const unslashed = withoutSlash(folded)
    if (unslashed !== undefined)
      found.push(...(this.#texts.get(unslashed) ?? []).filter((entry) => entry.pattern.trailing))
    found.push(...(this.#texts.get(folded) ?? []))
    collect(this.#tree, folded, 0, found)
    return found.sort((a, b) => a.order - b.order)
  }
}

function withoutSlash(path: string): string | undefined {
  return path.length > 1 && path.charCodeAt(path.length - 1) === SLASH ? path.slice(0, -1) : undefined
}

/** An entry may be found by several of its patterns: the first counts. */
function distinct<T>(sorted: Entry<T>[]): Entry<T>[] {
  return sorted.filter((entry, index) => index === 0 || entry.position !== sorted[index - 1]!.position)
}

function toMatch<T>(entry: Entry<T>, path: string, folded: string): Match<T> {
  const found = match(entry.pattern, path, folded, entry.decode)!
  return { value: entry.value, params: found.params, path: found.path }
}
