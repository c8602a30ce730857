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
      ;(node.rests ??= []).push(leaf)
      return
    }
  }
  if (odd || everything || !end) (node.prefixes ??= []).push(leaf)
  else (node.ends ??= []).push(leaf)
}

function literalChild<L extends Leaf>(node: Node<L>, literal: string, order: number): Node<L> {
  const known = literalAt(node, literal, 0, literal.length)
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

/** The child for the segment from `start` to `end`. Most nodes have one at most, for which nothing need be cut out. */
function literalAt<L extends Leaf>(node: Node<L>, folded: string, start: number, end: number): Node<L> | undefined {
  const { child, literal, literals } = node
  if (literals) return literals.get(folded.slice(start, end))
  return child && literal.length === end - start && folded.startsWith(literal, start) ? child : undefined
}

/** What a walk looks for: in `best` the first match, or in `found`, if it is there, all that may match, in no order. */
export interface Search<L extends Leaf> {
  readonly path: string
  readonly folded: string
  readonly key: string | undefined
  readonly found: L[] | undefined
  best: L | undefined
}

/** Takes what may match from `at` on below the node. */
export function walk<L extends Leaf>(node: Node<L>, at: number, search: Search<L>): void {
  const { folded, best } = search
  if (best && node.lowest > best.order) return
  take(node.prefixes, false, search)
  if (at === folded.length) {
    take(node.ends, false, search)
    return
  }
  if (folded.charCodeAt(at) !== SLASH) return
  const start = at + 1
  if (start === folded.length) take(node.ends, true, search)
  else take(node.rests, false, search)
  const end = segmentEnd(folded, start)
  const literal = literalAt(node, folded, start, end)
  if (literal) walk(literal, end, search)
  if (node.capture && end > start) walk(node.capture, end, search)
}

/** `slash`: the path has one more slash than the leaves do, at its end. */
export function take<L extends Leaf>(leaves: readonly L[] | undefined, slash: boolean, search: Search<L>): void {
  if (!leaves) return
  const { found, best, key, path, folded } = search
  for (const leaf of leaves) {
    if (best && leaf.order > best.order) return
    if (slash && !leaf.pattern.trailing) continue
    if (found) found.push(leaf)
    else if ((leaf.key === undefined || leaf.key === key) && (leaf.sure || isMatch(leaf.pattern, path, folded))) {
      search.best = leaf
      return
    }
  }
}
