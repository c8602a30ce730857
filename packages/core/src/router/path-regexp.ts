import type { Capture, Way } from './path-syntax.ts'

/** What decides where segments alone cannot. */
export interface PathRegExp {
  readonly regexp: RegExp
  /** What its groups are, in order. */
  readonly captures: readonly Capture[]
}

export interface PathRegExpOptions {
  readonly sensitive: boolean
  readonly trailing: boolean
  readonly end: boolean
}

/** One expression for several ways through a path. */
export function toPathRegExp(ways: readonly Way[], { sensitive, trailing, end }: PathRegExpOptions): PathRegExp {
  const sources = ways.map(sourceOf).join('|')
  const source = `^(?:${sources})${trailing ? '(?:/$)?' : ''}${end ? '$' : '(?=/|$)'}`
  return { regexp: new RegExp(source, sensitive ? '' : 'i'), captures: ways.flatMap(({ captures }) => captures) }
}

/**
 * The source for one way, which takes what path-to-regexp's takes. Where captures share a segment, what a capture may hold is
 * narrowed by the text between them, so that no path makes the expression try every division.
 */
const sourceOf = (way: Way): string =>
  way.captures.reduce(
    (source, _capture, index) => `${source}(${groupOf(way, index)})${escapeRegExp(way.texts[index + 1]!)}`,
    escapeRegExp(way.texts[0]!),
  )

function groupOf({ texts, captures }: Way, index: number): string {
  const { rest } = captures[index]!
  const before = texts[index]!
  const earlier = captures.slice(segmentStart(texts, index), index)
  if (rest) {
    if (earlier.some(isRest)) return `${noneOf(before)}+`
    const last = captures.findLastIndex((each, at) => at < index && isRest(each))
    const text = last < 0 ? '' : texts[last + 1]!
    return text ? `${noneOf(text)}+|[^/]+` : '[^]+'
  }
  if (earlier.some(isRest)) return `${noneOf('/', before)}+`
  if (captures.slice(index + 1, segmentEnd(texts, index)).some(isRest)) return `${noneOf('/', texts[index + 1]!)}+`
  return earlier.length > 0 ? `${noneOf('/', before)}+|${escapeRegExp(before)}` : '[^/]+'
}

const isRest = ({ rest }: Capture): boolean => rest

/** The first capture of the segment in which a capture stands, and the first behind that segment. */
function segmentStart(texts: readonly string[], index: number): number {
  while (index > 0 && !texts[index]!.includes('/')) index--
  return index
}

function segmentEnd(texts: readonly string[], index: number): number {
  do index++
  while (index < texts.length && !texts[index]!.includes('/'))
  return index
}

/** One character at which none of the texts begins. */
function noneOf(...texts: string[]): string {
  const escaped = texts.filter(Boolean).map(escapeRegExp)
  return texts.some((text) => text.length > 1) ? `(?:(?!${escaped.join('|')})[^])` : `[^${escaped.join('')}]`
}

const escapeRegExp = (text: string): string => text.replace(/[.+*?^${}()[\]|/\\]/g, '\\$&')
