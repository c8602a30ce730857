import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { OwnFiles } from './own-files.ts'
import { type Finding, finding, type Place, type Rule } from './rules.ts'
import { argumentsAt, firstArgument, lineAt, onlyCode, withoutComments } from './source-code.ts'
import { largestBody, sizeText } from './static-folder.ts'

interface Source {
  readonly file: string
  readonly text: string
  /** The text with blank strings. */
  readonly code: string
}

/** A pattern, and what is said of a match; `undefined` if it is harmless. */
interface SourceRule {
  readonly rule: Rule
  readonly pattern: RegExp
  /** The pattern is a string's own text; any other begins in code. */
  readonly isString?: boolean
  readonly what: (match: RegExpExecArray, source: Source) => string | undefined
}

const imported = (packages: string): RegExp =>
  new RegExp(`(?:\\bfrom\\s*|\\bimport\\s*\\(?\\s*|\\brequire\\s*\\(\\s*)['"](${packages})['"]`, 'g')

const quote = (match: RegExpExecArray): string =>
  match[0]
    .replace(/\s+/g, ' ')
    .replace(/\s*\($/, '()')
    .trim()

const sourceRules: readonly SourceRule[] = [
  { rule: 'port', pattern: /process\.env(?:\.PORT\b|\[['"]PORT['"]\])/g, what: () => 'process.env.PORT is read' },
  {
    rule: 'cluster',
    pattern: imported('(?:node:)?cluster|throng|pm2'),
    what: ([, name]) => `${name} is used`,
  },
  { rule: 'timer', pattern: /\bsetInterval\s*\(/g, what: () => 'setInterval() is called' },
  {
    rule: 'timer',
    pattern: imported('node-cron|cron|node-schedule|agenda|bree|toad-scheduler'),
    what: ([, name]) => `${name} schedules work in this process`,
  },
  {
    rule: 'memory-cache',
    pattern: imported('node-cache|memory-cache|apicache|memory-cache-node'),
    what: ([, name]) => `${name} caches in this process`,
  },
  {
    rule: 'websocket',
    pattern: /\bnew\s+WebSocket(?:Server|\.Server)\s*\(|\.(?:on|once|addListener)\s*\(\s*['"]upgrade['"]/g,
    what: (match) => `${quote(match)} takes WebSocket connections`,
  },
  {
    rule: 'websocket',
    pattern: imported('socket\\.io|express-ws|sockjs'),
    what: ([, name]) => `${name} takes WebSocket connections`,
  },
  {
    rule: 'streaming',
    pattern: /text\/event-stream/g,
    isString: true,
    what: () => 'server-sent events are an answer in parts',
  },
  {
    rule: 'client-gone',
    pattern: /\b(?:req|res|request|response)(?:\.socket)?\.(?:on|once)\s*\(\s*['"](?:close|aborted)['"]/g,
    what: ([match], { text }) =>
      text.includes('text/event-stream') ? `${match.replace(/\s/g, '')}, …) ends server-sent events` : undefined,
  },
  {
    rule: 'streaming',
    pattern:
      /\bres(?:ponse)?\.(?:write|flushHeaders)\s*\(|\.pipe\s*\(\s*res(?:ponse)?\s*\)|\bpipeline\s*\([^;]*?,\s*res(?:ponse)?\s*[,)]/g,
    what: (match) => `${quote(match)} sends an answer in parts`,
  },
  {
    rule: 'large-request',
    pattern: /\b(?:limit|fileSize)\s*:\s*['"]?([\d_.]+(?:\s*\*\s*[\d_]+)*)\s*([kmg]b)?['"]?/gi,
    what: (match) =>
      bytesOf(match) > largestBody ? `${quote(match)} lets in more than a function is given` : undefined,
  },
  { rule: 'large-file', pattern: /\bres(?:ponse)?\.(?:sendFile|download)\s*\(/g, what: largeAnswer },
  {
    rule: 'file-write',
    pattern:
      /\b(?:fs|fsp|promises|fsPromises)\.(?:writeFile|appendFile|mkdir|createWriteStream|copyFile|rename)(?:Sync)?\s*\(/g,
    what: writing,
  },
  {
    rule: 'file-write',
    pattern: /(?<![.\w])(?:writeFile|appendFile|mkdir|createWriteStream|copyFile|rename)(?:Sync)?\s*\(/g,
    what: (match, source) =>
      /['"](?:node:)?fs(?:\/promises)?['"]/.test(source.text) ? writing(match, source) : undefined,
  },
  ...removedApis(),
]

/** What Express 5 took away, as people wrote it. */
function removedApis(): SourceRule[] {
  const removed: [RegExp, string][] = [
    [/\bapp\.del\s*\(/g, 'app.del() is app.delete()'],
    [/\breq\.param\s*\(/g, 'req.param() is req.params, req.query or req.body'],
    [/\bres\.sendfile\s*\(/g, 'res.sendfile() is res.sendFile()'],
    [/\bres\.(?:redirect|location)\s*\(\s*['"]back['"]/g, "'back' is req.get('Referrer') || '/'"],
    [/\bres\.send\s*\(\s*\d{3}\s*[,)]/g, 'res.send(status) is res.sendStatus(status)'],
    [/\bres\.jsonp?\s*\(\s*\d{3}\s*,/g, 'res.json(status, body) is res.status(status).json(body)'],
    [/\breq\.acceptsCharset\s*\(|\breq\.acceptsEncoding\s*\(|\breq\.acceptsLanguage\s*\(/g, 'its name ends in s'],
  ]
  return removed.map(([pattern, text]) => ({ rule: 'express-4-api', pattern, what: () => text }))
}

const units: Record<string, number> = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }

function bytesOf([, number, unit]: RegExpExecArray): number {
  const product = number!.split('*').reduce((sum, factor) => sum * Number(factor.replaceAll('_', '')), 1)
  return product * (units[unit?.toLowerCase() ?? ''] ?? 1)
}

function writing(match: RegExpExecArray, { text }: Source): string | undefined {
  const given = argumentsAt(text, match.index + match[0].length - 1)
  const args = /copyFile|rename/.test(match[0]) ? given.slice(firstArgument(given).length) : firstArgument(given)
  return /\btmp|tmpdir|TMP/.test(args) ? undefined : `${quote(match)} writes to ${args.replace(/\s+/g, ' ').trim()}`
}

function largeAnswer(match: RegExpExecArray, { text, file }: Source): string | undefined {
  const args = argumentsAt(text, match.index + match[0].length - 1)
  const names = [...args.matchAll(/['"`]([^'"`\n]+)['"`]/g)].map(([, name]) => name!)
  const folders = [dirname(file), process.cwd()]
  const paths = [...names, names.join('/')].flatMap((name) => folders.map((folder) => resolve(folder, `./${name}`)))
  const path = paths.find((candidate) => existsSync(candidate) && statSync(candidate).isFile())
  if (path === undefined || statSync(path).size <= largestBody) return undefined
  return `${quote(match)} answers ${sizeText(statSync(path).size)}`
}

/** What the application's own sources show without being run. */
export function sourceFindings(own: OwnFiles): Finding[] {
  return [...own.paths].flatMap((file) => {
    const raw = own.text(file)
    const source = { file, text: withoutComments(raw), code: onlyCode(raw) }
    return sourceRules.flatMap((rule) => applyRule(rule, source))
  })
}

function applyRule({ rule, pattern, isString, what }: SourceRule, source: Source): Finding[] {
  return [...source.text.matchAll(pattern)].flatMap((match) => {
    if (!isString && source.code[match.index] !== source.text[match.index]) return []
    const said = what(match, source)
    return said === undefined ? [] : finding(rule, said, { file: source.file, line: lineAt(source.text, match.index) })
  })
}

/** The first place in the sources that a pattern, without the flag g, matches. */
export const findPlace = (own: OwnFiles, pattern: RegExp): Place | undefined =>
  findPlaces(own, new RegExp(pattern, `${pattern.flags}g`))[0]

/** A place, and what stands in the brackets that the match opens. */
export interface Call extends Place {
  readonly args: string
}

/** All places that a pattern, with the flag g, matches. */
export function findPlaces(own: OwnFiles, pattern: RegExp): Call[] {
  return [...own.paths].flatMap((file) => {
    const text = withoutComments(own.text(file))
    return [...text.matchAll(pattern)].map(({ index, 0: match }) => {
      return { file, line: lineAt(text, index), args: argumentsAt(text, index + match.length - 1) }
    })
  })
}
