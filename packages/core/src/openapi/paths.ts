import type { Token } from 'path-to-regexp'
import loadPathToRegexp from '#libraries/path-to-regexp.cjs'

/** One path of a document. */
export interface DocumentPath {
  /** `/todos/{list}` */
  readonly template: string
  readonly parameters: readonly PathParameter[]
}

/** A parameter of a path. */
export interface PathParameter {
  readonly name: string
  /** `*name`: it takes several segments. */
  readonly wildcard: boolean
}

/** Optional groups double the number of paths; more than this is an error. */
const pathLimit = 32

/**
 * The paths of a document for one path of a route: a template for each way through its optional groups.
 * @throws TypeError if the path is not path-to-regexp's, or has too many groups.
 */
export function documentPaths(path: string): DocumentPath[] {
  const ways = expand(loadPathToRegexp().parse(path).tokens)
  return ways.map((tokens) => ({
    template: tokens.map(write).join('') || '/',
    parameters: tokens.filter(isParameter).map(({ name, type }) => ({ name, wildcard: type === 'wildcard' })),
  }))
}

type Flat = Exclude<Token, { type: 'group' }>
type Parameter = Extract<Flat, { name: string }>

const isParameter = (token: Flat): token is Parameter => token.type !== 'text'

const write = (token: Flat): string => (isParameter(token) ? `{${token.name}}` : token.value)

function expand(tokens: readonly Token[]): Flat[][] {
  let ways: Flat[][] = [[]]
  for (const token of tokens) {
    if (token.type === 'group') {
      const inside = expand(token.tokens)
      ways = ways.flatMap((way) => [...inside.map((more) => [...way, ...more]), way])
    } else for (const way of ways) way.push(token)
    if (ways.length > pathLimit)
      throw new TypeError(`a path has more than ${pathLimit} ways through its optional groups`)
  }
  return ways
}

/** A path's words in camel case, for names: `/todos/{list}` is `TodosList`. */
export const pathName = (template: string): string =>
  template
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('')
