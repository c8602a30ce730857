import { isDeepStrictEqual } from 'node:util'
import type { Exchange } from './client.ts'
import type { TargetName } from './targets.ts'

/** All that was said to an application, and what it noted. */
export interface Transcript {
  said: Exchange[]
  notes: unknown[]
}

export interface ComparisonOptions {
  normal?(text: string): string
  ignore?: readonly string[]
}

// Between two hops, or the gateway's own to say.
const OF_THE_WAY = ['date', 'connection', 'keep-alive', 'transfer-encoding', 'server', 'x-amzn-requestid']

/** Where the shim's answers or notes are not Express's: a sentence; undefined where they are the same. */
export function difference(
  expected: Transcript,
  actual: Transcript,
  target: TargetName,
  options: ComparisonOptions,
): string | undefined {
  for (const [index, one] of expected.said.entries()) {
    const wanted = comparable(one, one, target, options)
    const found = actual.said[index] && comparable(actual.said[index], one, target, options)
    if (!isDeepStrictEqual(wanted, found)) return sentence(`${one.request} differs`, wanted, found)
  }
  const [wanted, found] = [expected.notes, actual.notes].map((notes) => normalNotes(notes, options))
  return isDeepStrictEqual(wanted, found) ? undefined : sentence('the notes differ', wanted, found)
}

const sentence = (what: string, wanted: unknown, found: unknown): string =>
  `${what}\nexpress ${JSON.stringify(wanted, null, 1)}\nshim ${JSON.stringify(found, null, 1)}`

function comparable(
  { status, headers, body }: Exchange,
  express: Exchange,
  target: TargetName,
  { normal = (text) => text, ignore = [] }: ComparisonOptions,
): unknown {
  const skip = new Set([...OF_THE_WAY, ...ignore])
  // An error's page has frames of the files of either.
  const isTraced = /(\n|<br>|<li>)[^\n]*at /.test(express.body)
  // A gateway gives each answer its length.
  if (target !== 'node' || isTraced || !('content-length' in express.headers)) skip.add('content-length')
  // API Gateway and function URLs say `application/json` where the application says nothing.
  if (target !== 'node' && !('content-type' in express.headers)) skip.add('content-type')
  const fields = Object.entries(headers).map(([name, value]): [string, string | string[]] => [ownName(name), value])
  const kept = fields.filter(([name]) => !skip.has(name)).map(([name, value]) => [name, normalValue(value, normal)])
  return { status, headers: Object.fromEntries(kept.sort()), body: normal(withoutFrames(body)) }
}

// API Gateway and function URLs keep what they say for themselves under another name.
const ownName = (name: string): string => name.replace(/^x-amzn-remapped-/, '')

const normalValue = (value: string | string[], normal: (text: string) => string): string | string[] =>
  typeof value === 'string' ? normal(value) : value.map(normal)

export const withoutFrames = (text: string): string =>
  text.replace(/(\\n|\n|<br>|<li>)( |&nbsp;)*at ((?!\\n|<br>|<\/li>|["\n]).)*(<\/li>)?/g, '')

function normalNotes(notes: unknown[], { normal = (text) => text }: ComparisonOptions): unknown {
  return JSON.parse(normal(withoutFrames(JSON.stringify(notes))))
}
