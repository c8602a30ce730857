import type { OwnFiles } from './own-files.ts'
import type { LiveEntry } from './routes.ts'
import { type Finding, finding } from './rules.ts'
import { lineAt, withoutComments } from './source-code.ts'
import { findPlace } from './source-rules.ts'

/** What path-to-regexp 8 refuses in a path that Express 4 takes; `undefined` if it takes the path as well. */
export function pathFault(path: string): string | undefined {
  const bare = path.replace(/\\./g, '').replace(/[:*]"(?:[^"\\]|\\.)*"/g, '')
  const found = faults.find(([pattern]) => pattern.test(bare))
  return found?.[1]
}

const faults: readonly [pattern: RegExp, what: string][] = [
  [/[()]/, 'a regular expression in brackets'],
  [/\*(?![\p{ID_Start}$_])/u, 'a wildcard without a name'],
  [/:(?![\p{ID_Start}$_])/u, 'a parameter without a name'],
  [/[?+]/, '"?" or "+" as a modifier'],
  [/[[\]!]/, 'a character that is reserved'],
]

const describe = (path: string, fault: string): string => `the path '${path}' has ${fault}`

/** Registered paths that the shim would refuse. */
export function registeredPathFindings(entries: readonly LiveEntry[], own: OwnFiles): Finding[] {
  return entries.flatMap(({ pattern, file, line }) => {
    const fault = pattern === undefined ? undefined : pathFault(pattern)
    if (pattern === undefined || fault === undefined) return []
    const handler = file === undefined || line === undefined ? undefined : { file, line }
    return finding('express-4-path', describe(pattern, fault), findPlace(own, quoted(pattern)) ?? handler)
  })
}

const quoted = (text: string): RegExp => new RegExp(`['"\`]${text.replace(/[\\^$.*+?()[\]{}|/]/g, escaped)}['"\`]`)

// In the sources a backslash of a string is written twice, in a template or raw it may not be.
const escaped = (character: string): string => (character === '\\' ? '\\\\{1,2}' : `\\${character}`)

const REGISTRATION =
  /\b(?:app|router|server|api|\w+(?:App|Router|Routes))\s*\.\s*(?:get|post|put|patch|delete|del|head|options|all|use|route)\s*\(\s*(['"`])([/*][^'"`\n]*)\1/g

/** Where nothing could be registered, as the first such path threw: what the sources show. */
export function writtenPathFindings(own: OwnFiles): Finding[] {
  return [...own.paths].flatMap((file) => {
    const text = withoutComments(own.text(file))
    return [...text.matchAll(REGISTRATION)].flatMap((match) => {
      const fault = pathFault(match[2]!)
      const place = { file, line: lineAt(text, match.index) }
      return fault === undefined ? [] : finding('express-4-path', describe(match[2]!, fault), place)
    })
  })
}
