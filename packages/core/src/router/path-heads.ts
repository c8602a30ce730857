import { fold, type Path, toPatterns } from './path-pattern.ts'

/**
 * The texts with which paths begin that match a pattern, in lower case: one for each way through it.
 * @throws what path-to-regexp throws for an invalid pattern.
 */
export const headsOf = (path: Path): readonly string[] => toPatterns(path, { end: false }).map(({ head }) => head)

/** The same of one path that is no pattern. */
export const headOf = (path: string): readonly string[] => [fold(path)]

/** False if no path can begin with a text of both lists. */
export const mayMeet = (some: readonly string[], others: readonly string[]): boolean =>
  some.some((one) => others.some((other) => one.startsWith(other) || other.startsWith(one)))
