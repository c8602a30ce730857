import { isMatch, segmentEnd } from './path-match.ts'
import { fold, type Pattern } from './path-pattern.ts'

/** A pattern in the index. */
export interface Leaf {
  readonly pattern: Pattern
  /** Its place among all patterns: lower ones are tried first. */
  readonly order: number
  readonly key: string | undefined
  /** Whether its place in the index already says that it matches, but for a last slash. */
  readonly sure: boolean
}

/** What is reached by the same segments; every list is in order. */
export interface Node<L extends Leaf> {
  /** The lowest order in here. */
  lowest: number
  /** The child of one literal segment; where there are more, they are in `literals`, this one too. */
  literal: string
  child: Node<L> | undefined
  literals: Map<string, Node<L>> | undefined
  capture: Node<L> | undefined
  /** Patterns that have to end here. */
  ends: L[] | undefined
  /** Patterns that need not end here, and odd ones, which their regular expression decides. */
  prefixes: L[] | undefined
  /** Patterns that go on with `*name`. */
  rests: L[] | undefined
}

const SLASH = 47

export function createNode<L extends Leaf>(lowest: number): Node<L> {
  return {
    lowest,
    literal: '',
    child: undefined,
    literals: undefined,
    capture: undefined,
    ends: undefined,
    prefixes: undefined,
    rests: undefined,
  }
}

export function insert<L extends Leaf>(root: Node<L>, leaf: L): void {
  const { parts, odd, everything, end, sensitive } = leaf.pattern
  let node = root
  if (leaf.order < root.lowest) root.lowest = leaf.order
  for (const part of parts) {
    if (typeof part === 'string') node = literalChild(node, sensitive ? fold(part) : part, leaf.order)
    else if (!part.rest) node = node.capture ??= createNode(leaf.order)
    else {
      node.rests = append(node.rests, leaf)
      return
    }
  }
  if (odd || everything || !end) node.prefixes = append(node.prefixes, leaf)
  else node.ends = append(node.ends, leaf)
}

export function append<L>(list: L[] | undefined, leaf: L): L[] {
  if (!list) return [leaf]
  list.push(leaf)
  return list
}

function literalChild<L extends Leaf>(node: Node<L>, literal: string, order: number): Node<L> {
  const known = findLiteral(node, literal)
  if (known) return known
  const made = createNode<L>(order)
  if (!node.child) {
    node.literal = literal
    node.child = made
  } else {
    node.literals ??= new Map([[node.literal, node.child]])
    node.literals.set(literal, made)
  }
  return made
}

function findLiteral<L extends Leaf>(node: Node<L>, literal: string): Node<L> | undefined {
  if (node.literals) return node.literals.get(literal)
  return node.literal === literal ? node.child : undefined
}

/** The child for the segment from `start` to `end`. Most nodes have one at most, for which nothing need be cut out. */
function literalAt<L extends Leaf>(node: Node<L>, folded: string, start: number, end: number): Node<L> | undefined {
  if (node.literals) return node.literals.get(folded.slice(start, end))
  return node.child && node.literal.length === end - start && folded.startsWith(node.literal, start)
    ? node.child
    : undefined
}

/** Adds to `found`, in no order, every leaf below the node that may match the path from `at` on, and all that do. */
export function collect<L extends Leaf>(node: Node<L>, folded: string, at: number, found: L[]): void {
  if (node.prefixes) add(node.prefixes, false, found)
  if (at === folded.length) {
    if (node.ends) add(node.ends, false, found)
    return
  }
  if (folded.charCodeAt(at) !== SLASH) return
  const start = at + 1
  if (start < folded.length) {
    if (node.rests) add(node.rests, false, found)
  } else if (node.ends) add(node.ends, true, found)
  const end = segmentEnd(folded, start)
  const literal = literalAt(node, folded, start, end)
  if (literal) collect(literal, folded, end, found)
  if (node.capture && end > start) collect(node.capture, folded, end, found)
}

/** `slash`: only those that let the path have one more slash at its end. */
export function add<L extends Leaf>(leaves: readonly L[], slash: boolean, found: L[]): void {
  for (const leaf of leaves) if (!slash || leaf.pattern.trailing) found.push(leaf)
}

/** The first leaf of a key below the node that matches the path, if it comes before `best`; else `best`. */
export function first<L extends Leaf>(
  node: Node<L>,
  key: string | undefined,
  path: string,
  folded: string,
  at: number,
  best: L | undefined,
): L | undefined {
  if (best && node.lowest > best.order) return best
  if (node.prefixes) best = firstOf(node.prefixes, key, path, folded, false, best)
  if (at === path.length) return node.ends ? firstOf(node.ends, key, path, folded, false, best) : best
  if (path.charCodeAt(at) !== SLASH) return best
  const start = at + 1
  if (start < path.length) {
    if (node.rests) best = firstOf(node.rests, key, path, folded, false, best)
  } else if (node.ends) best = firstOf(node.ends, key, path, folded, true, best)
  const end = segmentEnd(path, start)
  const literal = literalAt(node, folded, start, end)
  if (literal) best = first(literal, key, path, folded, end, best)
  if (node.capture && end > start) best = first(node.capture, key, path, folded, end, best)
  return best
}

export function firstOf<L extends Leaf>(
  leaves: readonly L[],
  key: string | undefined,
  path: string,
  folded: string,
  slash: boolean,
  best: L | undefined,
): L | undefined {
  for (const leaf of leaves) {
    if (best && leaf.order > best.order) return best
    if (leaf.key !== undefined && leaf.key !== key) continue
    if (leaf.sure ? !slash || leaf.pattern.trailing : isMatch(leaf.pattern, path, folded)) return leaf
  }
  return best
}
