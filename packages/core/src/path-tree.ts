import { isMatch, segmentEnd } from './path-match.ts'
import { fold, type Pattern } from './path-pattern.ts'

/** A pattern in the index. */
export interface Leaf {
  readonly pattern: Pattern
  /** Its place among all patterns: lower ones are tried first. */
  readonly order: number
  readonly key: string | undefined
}

/** What is reached by the same segments; every list is in order. */
export interface Node<L extends Leaf> {
  /** The lowest order in here. */
  readonly lowest: number
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
  return { lowest, literals: undefined, capture: undefined, ends: undefined, prefixes: undefined, rests: undefined }
}

export function insert<L extends Leaf>(root: Node<L>, leaf: L): void {
  const { parts, odd, everything, end } = leaf.pattern
  let node = root
  for (const part of parts) {
    if (typeof part === 'string') node = literalChild(node, fold(part), leaf.order)
    else if (part.rest) return void (node.rests ??= []).push(leaf)
    else node = node.capture ??= createNode(leaf.order)
  }
  if (odd || everything || !end) (node.prefixes ??= []).push(leaf)
  else (node.ends ??= []).push(leaf)
}

function literalChild<L extends Leaf>(node: Node<L>, literal: string, order: number): Node<L> {
  const literals = (node.literals ??= new Map())
  const known = literals.get(literal)
  if (known) return known
  const made = createNode<L>(order)
  literals.set(literal, made)
  return made
}

/** Adds to `found`, in no order, every leaf below the node that may match the path from `at` on, and all that do. */
export function collect<L extends Leaf>(node: Node<L>, folded: string, at: number, found: L[]): void {
  if (node.prefixes) found.push(...node.prefixes)
  if (at === folded.length) {
    if (node.ends) found.push(...node.ends)
    return
  }
  if (folded.charCodeAt(at) !== SLASH) return
  const start = at + 1
  if (start === folded.length) {
    for (const leaf of node.ends ?? []) if (leaf.pattern.trailing) found.push(leaf)
  } else if (node.rests) found.push(...node.rests)
  const end = segmentEnd(folded, start)
  const literal = node.literals?.get(folded.slice(start, end))
  if (literal) collect(literal, folded, end, found)
  if (node.capture && end > start) collect(node.capture, folded, end, found)
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
  if (node.prefixes) best = firstOf(node.prefixes, key, path, folded, best)
  if (at === path.length) return node.ends ? firstOf(node.ends, key, path, folded, best) : best
  if (path.charCodeAt(at) !== SLASH) return best
  const start = at + 1
  if (start === path.length) {
    if (node.ends) best = firstOf(node.ends, key, path, folded, best)
  } else if (node.rests) best = firstOf(node.rests, key, path, folded, best)
  const end = segmentEnd(path, start)
  const literal = node.literals?.get(folded.slice(start, end))
  if (literal) best = first(literal, key, path, folded, end, best)
  if (node.capture && end > start) best = first(node.capture, key, path, folded, end, best)
  return best
}

export function firstOf<L extends Leaf>(
  leaves: readonly L[],
  key: string | undefined,
  path: string,
  folded: string,
  best: L | undefined,
): L | undefined {
  for (const leaf of leaves) {
    if (best && leaf.order > best.order) return best
    if ((leaf.key === undefined || leaf.key === key) && isMatch(leaf.pattern, path, folded)) return leaf
  }
  return best
}
