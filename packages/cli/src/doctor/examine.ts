import { pathToFileURL } from 'node:url'
import { explainLoadFailure } from '@expressway/testing/process'
import { isStreaming, type LambdaHandler } from '@expressway/testing/runtime'
import { type Application, exportOf, findApplication } from './application.ts'
import { registeredPathFindings, writtenPathFindings } from './express-paths.ts'
import { inspectFunctions } from './function-insight.ts'
import { middlewareFindings } from './middleware-rules.ts'
import { deedFindings } from './observation-rules.ts'
import { observe } from './observe.ts'
import { type OwnFiles, shortPath, trackOwnFiles } from './own-files.ts'
import { type Entry, type LiveEntry, listEntries } from './routes.ts'
import { type Finding, finding } from './rules.ts'
import { sourceFindings } from './source-rules.ts'

/** What to examine. */
export interface ExamineOptions {
  readonly file: string
  readonly exportName?: string
  /** Milliseconds in which the application may do what it does after it was loaded: connect, then listen. */
  readonly waitMs: number
}

/** The result of an examination, as `--json` prints it. */
export interface Examination {
  readonly application?: { readonly kind: string; readonly origin: string }
  /** The application's own files that were read. */
  readonly files: readonly string[]
  readonly entries: readonly Entry[]
  readonly findings: readonly Finding[]
  /** Why there is no application: one line, and a stack if the module's own code failed. */
  readonly failure?: { readonly message: string; readonly detail: string }
}

/** Loads an application into this process, which runs nothing else, and examines it. */
export async function examine({ file, exportName, waitMs }: ExamineOptions): Promise<Examination> {
  const insight = inspectFunctions()
  const own = trackOwnFiles(file)
  const wait = promiseOfTime(waitMs)
  const observation = observe(own)
  const late = catchErrors()
  let module: Record<string, unknown>
  try {
    module = await import(pathToFileURL(file).href)
  } catch (error) {
    const failure = explainLoadFailure(withoutOwnFrames(error, own), file, [...own.paths])
    return {
      files: [...own.paths],
      entries: [],
      findings: arrange([], [...writtenPathFindings(own), ...sourceFindings(own)]),
      failure,
    }
  }
  await wait()
  const application = await findApplication(module, observation.servers, insight, exportName)
  const entries = application === undefined ? [] : listEntries(application.stack, { insight, own })
  const seen = [
    ...handlerFindings(module, application, entries),
    ...late.map((error) => finding('load-error', `after it was loaded it threw ${String(error)}`)),
    ...deedFindings(observation),
    ...(application === undefined ? [] : middlewareFindings(application, entries, insight, own)),
    ...registeredPathFindings(entries, own),
  ]
  const written = sourceFindings(own).filter(({ rule }) => !forBuffered.has(rule) || !streams(module))
  const base = { files: [...own.paths], entries: entries.map(toEntry), findings: arrange(seen, written) }
  if (application === undefined) return { ...base, failure: noApplication(module, own, exportName) }
  return { application: { kind: application.kind, origin: application.origin }, ...base }
}

/** Why there is nothing to examine, and what to do. */
function noApplication(module: Record<string, unknown>, own: OwnFiles, exportName?: string) {
  const [file = ''] = own.paths
  const name = shortPath(file)
  if (exportName !== undefined) {
    return { message: `${name} has no Express application: its export "${exportName}" is none.`, detail: '' }
  }
  const names = Object.keys(module).filter((each) => each !== 'module.exports')
  const exported = names.length === 0 ? 'nothing' : names.join(', ')
  const isCore = /['"]@expressway\/core['"]/.test(own.text(file))
  const advice = isCore
    ? 'An application of @expressway/core is made for Lambda and needs no examination'
    : 'Export the application, or name the export that makes it by --export'
  return { message: `${name} has no Express application (it exports ${exported}). ${advice}.`, detail: '' }
}

/** Of a timer that was there before the application's are watched. */
function promiseOfTime(milliseconds: number): () => Promise<void> {
  const start = setTimeout
  return () => new Promise((resolve) => void start(resolve, milliseconds))
}

function catchErrors(): unknown[] {
  const errors: unknown[] = []
  for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, (error) => errors.push(error))
  return errors
}

/** The stack of what failed names this command's own files as well, which say nothing. */
function withoutOwnFrames(error: unknown, own: OwnFiles): unknown {
  if (!(error instanceof Error) || error.stack === undefined) return error
  const isKept = (line: string) => !/^\s+at /.test(line) || [...own.paths].some((path) => line.includes(path))
  error.stack = error.stack.split('\n').filter(isKept).join('\n')
  return error
}

/** Rules that do not concern a handler that streams. */
const forBuffered: ReadonlySet<string> = new Set(['streaming', 'client-gone'])

function streams(module: Record<string, unknown>): boolean {
  const handler = exportOf(module, 'handler')
  return typeof handler === 'function' && isStreaming(handler as LambdaHandler)
}

function handlerFindings(
  module: Record<string, unknown>,
  application: Application | undefined,
  entries: readonly LiveEntry[],
): Finding[] {
  const found: Finding[] = []
  if (typeof exportOf(module, 'handler') !== 'function') found.push(finding('handler', 'the module exports no handler'))
  if (application?.kind === 'Express 4') found.push(finding('express-4', 'the application runs on Express 4'))
  if (application !== undefined && sendsStacks(application, entries)) {
    found.push(finding('error-stacks', 'errors are answered with their stack'))
  }
  return found
}

/** Express's own final handler shows stacks unless `env` is production. The shim asks for the Lambda environment, too. */
const sendsStacks = ({ kind, settings }: Application, entries: readonly LiveEntry[]): boolean =>
  kind.startsWith('Express') && settings['env'] !== 'production' && !entries.some(handlesErrors)

/** Express tells an error handler by its four parameters. */
const handlesErrors = ({ functions }: LiveEntry): boolean =>
  functions.some((fn) => typeof fn === 'function' && fn.length === 4)

const toEntry = ({ functions: _functions, pattern: _pattern, ...entry }: LiveEntry): Entry => entry

/** What was seen at work and what the sources show besides, each once, in the order of files and lines. */
function arrange(seen: readonly Finding[], written: readonly Finding[]): Finding[] {
  const at = ({ rule, file, line }: Finding) => `${rule} ${file}:${line}`
  const known = new Set(seen.map(at))
  const all = [...seen, ...written.filter((found) => !known.has(at(found)))]
  const distinct = new Map(all.map((found) => [`${at(found)} ${found.what}`, found]))
  return [...distinct.values()].sort(
    (a, b) => (a.file ?? '').localeCompare(b.file ?? '') || (a.line ?? 0) - (b.line ?? 0),
  )
}
