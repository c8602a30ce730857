import { isMatch, reach, segmentEnd } from './path-match.ts'
import { fold, type Part, type Pattern } from './path-pattern.ts'

/** A pattern in the index. */
export interface Leaf {
  readonly pattern: Pattern
  /** Its place among all patterns: lower ones are tried first. */
  readonly order: number
  readonly key: string | undefined
}

/** The patterns that begin with the same segments. */
export interface Node<L extends Leaf> {
  /** How many segments led here. */
  readonly depth: number
  /** The order of the first. */
  readonly lowest: number
  /** In order: all patterns in here, or once they were divided those that end here or go on in ways of their own. */
  leaves: L[]
  divided: boolean
  /** What goes on with one more literal segment, and with one that is captured. */
  literals: Map<string, Node<L>> | undefined
  capture: Node<L> | undefined
}

// To ask so few one by one is as quick as to divide them, and most nodes never have more.
const FEW = 4
const SLASH = 47

// As a literal, since a first push() makes room for sixteen more.
export const createNode = <L extends Leaf>(depth: number, ...leaves: L[]): Node<L> => ({
  depth,
  lowest: leaves[0]?.order ?? 0,
  leaves,
  divided: false,
  literals: undefined,
  capture: undefined,
})

export function insert<L extends Leaf>(node: Node<L>, leaf: L): void {
  const part = node.divided ? leaf.pattern.segments[node.depth] : undefined
  if (part === undefined || (typeof part === 'object' && part.rest)) {
    node.leaves.push(leaf)
    return
  }
  const child = typeof part === 'object' ? node.capture : node.literals?.get(fold(part))
  if (child !== undefined) insert(child, leaf)
  else addChild(node, part, createNode(node.depth + 1, leaf))
}

function addChild<L extends Leaf>(node: Node<L>, part: Part, child: Node<L>): void {
  if (typeof part === 'object') node.capture = child
  else (node.literals ??= new Map()).set(fold(part), child)
}

function divide<L extends Leaf>(node: Node<L>): void {
  const { leaves } = node
  node.leaves = []
  node.divided = true
  for (const leaf of leaves) insert(node, leaf)
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
  if (!node.divided && node.leaves.length > FEW) divide(node)
  take(node.leaves, search)
  if (!node.divided || folded.charCodeAt(at) !== SLASH) return
  const start = at + 1
  const end = segmentEnd(folded, start)
  const literal = node.literals?.get(folded.slice(start, end))
  if (literal) walk(literal, end, search)
  if (node.capture && end > start) walk(node.capture, end, search)
}

export function take<L extends Leaf>(leaves: readonly L[], search: Search<L>): void {
  const { found, best, key, path, folded } = search
  for (const leaf of leaves) {
    if (best && leaf.order > best.order) return
    if (found) {
      // Expressions are left to the caller's own match.
      if (leaf.pattern.odd || reach(leaf.pattern, path, folded) >= 0) found.push(leaf)
    } else if ((leaf.key === undefined || leaf.key === key) && isMatch(leaf.pattern, path, folded)) {
      search.best = leaf
      return
    }
  }
}
