import { basename } from 'node:path'
import { formatBytes } from '../units.ts'
import type { Application } from './application.ts'
import type { FunctionInsight } from './function-insight.ts'
import { type OwnFiles, shortPath } from './own-files.ts'
import type { LiveEntry } from './routes.ts'
import { type Finding, finding, type Place } from './rules.ts'
import { findPlace, findPlaces } from './source-rules.ts'
import { readStaticFolder } from './static-folder.ts'

/** What the registered functions and the settings show. */
export function middlewareFindings(
  { settings }: Application,
  entries: readonly LiveEntry[],
  insight: FunctionInsight,
  own: OwnFiles,
): Finding[] {
  const functions = [...new Set(entries.flatMap((entry) => entry.functions))]
  return [...functions.flatMap((fn) => functionFindings(fn, insight, own)), ...settingFindings(settings, own)]
}

function functionFindings(fn: object, insight: FunctionInsight, own: OwnFiles): Finding[] {
  const name = (fn as { name?: string }).name
  if (name === 'compression')
    return [finding('compression', 'compression answers bytes', findPlace(own, /\bcompression\s*\(/))]
  const held = insight.held(fn)
  if (name === 'serveStatic') return held.flatMap((value) => folderFindings(value, own))
  return held.flatMap((value) => storeFindings(value, fn, own))
}

function storeFindings(value: object, fn: object, own: OwnFiles): Finding[] {
  const kind = value.constructor?.name
  if (kind === 'MemoryStore') {
    // express-rate-limit's middleware, and only that, has these two.
    if ('resetKey' in fn) {
      const place = findPlace(own, /\b(?:rateLimit|limiter|slowDown)\s*\(/i)
      return [finding('rate-limit-store', 'a rate limiter counts in this process', place)]
    }
    return [finding('session-store', 'sessions are kept in this process', findPlace(own, /\bsession\s*\(/))]
  }
  return kind === 'DiskStorage' ? diskFindings(value as { getDestination?: unknown }, own) : []
}

// A folder that is named was made at once, and seen then; a function is its own affair, unless it speaks of the temporary folder.
function diskFindings({ getDestination }: { getDestination?: unknown }, own: OwnFiles): Finding[] {
  if (/tmp|opts\.destination/i.test(String(getDestination))) return []
  return [finding('file-write', 'multer stores uploads on the disk', findPlace(own, /\bdiskStorage\s*\(/))]
}

function folderFindings(value: object, own: OwnFiles): Finding[] {
  const root: unknown = Object.getOwnPropertyDescriptor(value, 'root')?.value
  if (typeof root !== 'string') return []
  const calls = findPlaces(own, /\b(?:express\.static|serveStatic)\s*\(/g)
  const place = calls.find(({ args }) => args.includes(basename(root))) ?? calls[0]
  const { exists, tooLarge } = readStaticFolder(root)
  const folder = shortPath(root)
  const missing = exists ? '' : ', which does not exist'
  const large = tooLarge.map(({ name, bytes }) =>
    finding('large-file', `${folder}/${name} has ${formatBytes(bytes)}`, place),
  )
  return [finding('static-folder', `files are served from ${folder}${missing}`, place), ...large]
}

function settingFindings(settings: Application['settings'], own: OwnFiles): Finding[] {
  const place = (name: string): Place | undefined => findPlace(own, new RegExp(`['"\`]${name}['"\`]`))
  const found: Finding[] = []
  if (settings['trust proxy'] === true) {
    found.push(finding('trust-proxy', "'trust proxy' is true", place('trust proxy')))
  }
  const engine = settings['view engine']
  const views = [settings['views']]
    .flat()
    .filter((folder) => typeof folder === 'string')
    .map(shortPath)
  if (typeof engine === 'string') {
    found.push(finding('views', `templates of ${engine} are read from ${views.join(', ')}`, place('view engine')))
  }
  return found
}
