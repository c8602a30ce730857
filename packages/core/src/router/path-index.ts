import { isMatch, match, type Params, type PathMatch, readParams } from './path-match.ts'
import { fold, type Path, type PathOptions, toPatterns } from './path-pattern.ts'
import { createNode, insert, type Leaf, type Search, take, walk } from './path-tree.ts'

export { explainPathError } from './path-error.ts'
export { compilePath } from './path-match.ts'
export type { PathParams } from './path-params.ts'
export type { Params, Path, PathMatch, PathOptions }

/** How a path is matched, and the key that it is found by. */
export interface EntryOptions extends PathOptions {
  /** What `find` is to be asked with, such as an HTTP method; without one the entry is found with every key. */
  readonly key?: string
}

/** The value that was added with the path that matches, and its parameters. */
export interface Match<T> extends PathMatch {
  readonly value: T
}

/** What was added, one for each way through its path. */
export interface Entry<T> extends Leaf {
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
 * const index = new PathIndex<string>()
 * index.add('/users/:id', 'user', { key: 'GET' })
 * index.find('GET', '/users/7') // { value: 'user', params: { id: '7' }, path: '/users/7' }
 */
export class PathIndex<T> {
  /** In order, until the second lookup: for a single one to walk is quicker than to index, and many a cold start has no other. */
  #unindexed: Entry<T>[] = []
  #walked = false
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
   * @throws what path-to-regexp throws for an invalid pattern, in its words; `explainPathError` makes it plainer.
   * @throws TypeError for what is no path at all.
   */
  add(path: Path, value: T, options: EntryOptions = {}): void {
    const { key, decode = decodeURIComponent } = options
    const patterns = toPatterns(path, options)
    const position = this.#size++
    for (const pattern of patterns)
      this.#unindexed.push({ pattern, order: this.#patterns++, key, value, position, decode })
  }

  #indexAll(): void {
    if (this.#unindexed.length === 0) return
    for (const entry of this.#unindexed) this.#index(entry)
    this.#unindexed = []
  }

  #index(entry: Entry<T>): void {
    const { isText, head, end, sensitive, odd } = entry.pattern
    if (!isText || !end || odd) {
      insert(this.#tree, entry)
      return
    }
    const text = sensitive ? fold(head) : head
    const known = this.#texts.get(text)
    if (known) known.push(entry)
    else this.#texts.set(text, [entry])
  }

  /**
   * The first entry that has this key, or none, and that matches the path.
   * @throws what `decode` throws: by default a URIError for a malformed escape in a captured value.
   */
  find(key: string | undefined, path: string): Match<T> | undefined {
    const search = this.#search(key, path, undefined)
    return search.best && toMatch(search.best, path, search.folded)
  }

  /** The same without its parameters: most requests of a static path need none. */
  lookup(key: string | undefined, path: string): Entry<T> | undefined {
    return this.#search(key, path, undefined).best
  }

  /** The keys of the entries that match the path, each once, in the order of registration. Nothing is decoded. */
  keys(path: string): string[] {
    const keys: string[] = []
    for (const { key } of this.#matching(path)) if (key !== undefined && !keys.includes(key)) keys.push(key)
    return keys
  }

  /**
   * Every entry that matches the path, in the order of registration, whatever its key.
   * @throws what `decode` throws.
   */
  matches(path: string): Match<T>[] {
    return this.#matching(path).map((entry) => toMatch(entry, path, fold(path)))
  }

  /**
   * The positions (0 for what was added first) of the entries that may match the path, ascending: all those that do, and
   * perhaps some that do not, as regular expressions and letter case are left to the caller's own exact match.
   */
  candidates(path: string): number[] {
    const positions: number[] = []
    for (const { position } of this.#found(path)) {
      if (positions[positions.length - 1] !== position) positions.push(position)
    }
    return positions
  }

  /** Each entry that matches, by the first of its patterns that does. */
  #matching(path: string): Entry<T>[] {
    const found = this.#found(path)
    // Most paths without a route have no candidate either.
    if (found.length === 0) return found
    const folded = fold(path)
    const matching = found.filter(({ pattern }) => isMatch(pattern, path, folded))
    return matching.filter(({ position }, index) => matching[index - 1]?.position !== position)
  }

  /** By insertion: few are found, and they come in runs that are in order. */
  #found(path: string): Entry<T>[] {
    const found = this.#search(undefined, path, []).found!
    for (let index = 1; index < found.length; index++) {
      const entry = found[index]!
      let at = index
      for (; at > 0 && found[at - 1]!.order > entry.order; at--) found[at] = found[at - 1]!
      found[at] = entry
    }
    return found
  }

  #search(key: string | undefined, path: string, found: Entry<T>[] | undefined): Search<Entry<T>> {
    const folded = fold(path)
    const search: Search<Entry<T>> = { path, folded, key, found, best: undefined }
    if (this.#walked) this.#indexAll()
    this.#walked = true
    const texts = this.#texts.get(folded)
    if (texts) take(texts, search)
    const slashless = path.charCodeAt(path.length - 1) === SLASH && this.#texts.get(folded.slice(0, -1))
    if (slashless) take(slashless, search)
    walk(this.#tree, 0, search)
    take(this.#unindexed, search)
    return search
  }
}

/**
 * The parameters of a path that the entry was looked up by; `undefined` if its pattern has none.
 * @throws what `decode` throws.
 */
export const paramsOf = (entry: Entry<unknown>, path: string): Params | undefined =>
  entry.pattern.isText ? undefined : toMatch(entry, path, fold(path)).params

function toMatch<T>({ pattern, decode, value }: Entry<T>, path: string, folded: string): Match<T> {
  if (pattern.end && !pattern.odd) return { value, params: readParams(pattern, path, decode), path }
  const found = match(pattern, path, folded, decode)!
  return { value, params: found.params, path: found.path }
}
