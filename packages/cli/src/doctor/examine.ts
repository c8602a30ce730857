import { pathToFileURL } from 'node:url'
import { explainLoadFailure } from '@expressway/testing/process'
import { isStreaming, type LambdaHandler } from '@expressway/testing/runtime'
import { type Application, findApplication } from './application.ts'
import { registeredPathFindings, writtenPathFindings } from './express-paths.ts'
import { inspectFunctions } from './function-insight.ts'
import { middlewareFindings } from './middleware-rules.ts'
import { deedFindings } from './observation-rules.ts'
import { observe } from './observe.ts'
import { type OwnFiles, trackOwnFiles } from './own-files.ts'
import { type Entry, type LiveEntry, listEntries } from './routes.ts'
import { type Finding, finding } from './rules.ts'
import { sourceFindings } from './source-rules.ts'

export interface ExamineOptions {
  readonly file: string
  readonly exportName?: string
  /** Milliseconds in which the application may do what it does after it was loaded: connect, then listen. */
  readonly waitMs: number
}

export interface Examination {
  readonly application?: { readonly kind: string; readonly origin: string }
  /** The application's own files that were read. */
  readonly files: readonly string[]
  readonly entries: readonly Entry[]
  readonly findings: readonly Finding[]
  /** Why the module was not loaded: one line, and a stack where its own code failed. */
  readonly failure?: { readonly message: string; readonly detail: string }
}

/** Loads an application into this process, which is to be one of its own, and looks at it. */
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
  const application = await findApplication(module, observation.servers, exportName)
  const entries = application === undefined ? [] : listEntries(application.stack, { insight, own })
  const seen = [
    ...handlerFindings(module, application),
    ...late.map((error) => finding('load-error', `after it was loaded it threw ${String(error)}`)),
    ...deedFindings(observation),
    ...(application === undefined ? [] : middlewareFindings(application, entries, insight, own)),
    ...registeredPathFindings(entries, own),
  ]
  const written = sourceFindings(own).filter(({ rule }) => rule !== 'streaming' || !streams(module))
  const found = application && { kind: application.kind, origin: application.origin }
  return { application: found, files: [...own.paths], entries: entries.map(toEntry), findings: arrange(seen, written) }
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

/** CommonJS has its exports as one object, which may be the application itself, with its handler. */
const exportOf = (module: Record<string, unknown>, name: string): unknown =>
  module[name] ?? Object(module['module.exports'])[name]

function streams(module: Record<string, unknown>): boolean {
  const handler = exportOf(module, 'handler')
  return typeof handler === 'function' && isStreaming(handler as LambdaHandler)
}

function handlerFindings(module: Record<string, unknown>, application: Application | undefined): Finding[] {
  const found: Finding[] = []
  if (typeof exportOf(module, 'handler') !== 'function') found.push(finding('handler', 'the module exports no handler'))
  if (application?.kind === 'Express 4') found.push(finding('express-4', 'the application runs on Express 4'))
  return found
}

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
