import { spawnSync } from 'node:child_process'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LambdaError } from '../gateway.ts'
import type { LambdaHandler } from '../runtime.ts'
import { NoHandler } from './handler-module.ts'
import { toError } from './remote-stream.ts'

/** A handler's module could not be loaded, or has no handler. The message is one sentence for the person who ran it. */
export class LoadFailure extends Error {
  /** What may help, below the sentence: a stack, or `''`. */
  readonly detail: string

  constructor(message: string, detail = '') {
    super(message)
    this.detail = detail
  }
}

/** A handler that fails as Lambda reports it for a process that ended, or for a module that cannot be loaded. */
export const failingHandler = (failure: LambdaError | LoadFailure): LambdaHandler => {
  const error = toError(failure instanceof LoadFailure ? importError(failure) : failure)
  return async () => {
    throw error
  }
}

const importError = ({ message, detail }: LoadFailure): LambdaError => ({
  errorType: 'Runtime.ImportModuleError',
  errorMessage: message,
  trace: detail === '' ? undefined : detail.split('\n'),
})

/** Why a handler's module was not loaded: one line, and the stack if the module's own code failed. */
export function explainLoadFailure(
  error: unknown,
  file: string,
  loaded: readonly string[],
): { message: string; detail: string } {
  const name = shown(file)
  if (error instanceof NoHandler) return { message: `${name} has no handler: ${error.message}.`, detail: '' }
  if (!(error instanceof Error)) return { message: `${name} cannot be loaded: it threw ${String(error)}.`, detail: '' }
  const stack = error.stack ?? ''
  const place = placeIn(stack) ?? (error instanceof SyntaxError ? findSyntaxError(loaded) : undefined)
  const at = place === undefined ? '' : ` (${place})`
  const message = `${name} cannot be loaded: ${error.name}: ${oneLine(error.message)}${at}${hintFor(error)}`
  return { message, detail: error instanceof SyntaxError || isOfNode(error) ? '' : stack }
}

const oneLine = (text: string): string => text.trim().split('\n')[0]!

const shown = (path: string): string => {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short
}

const isOfNode = (error: NodeJS.ErrnoException): boolean =>
  /^ERR_(MODULE_NOT_FOUND|UNKNOWN_FILE)/.test(error.code ?? '')

/** The first place that a stack names in a file of the user's. */
function placeIn(stack: string): string | undefined {
  const match = /(file:\/\/\/[^\s()]+?|(?:^|\()\/[^\s():]+?):(\d+)/m.exec(stack)
  if (match === null || match[1]!.includes('/process/handler-module.') || match[1]!.includes('/dist/chunks/'))
    return undefined
  const path = match[1]!.replace(/^\(/, '')
  return `${shown(path.startsWith('file:') ? fileURLToPath(path) : path)}:${match[2]}`
}

/** V8 tells the place of a syntax error only to the console: `node --check` is asked for it. */
function findSyntaxError(loaded: readonly string[]): string | undefined {
  for (const file of loaded.filter((path) => /\.[cm]?js$/.test(path)).reverse()) {
    const { status, stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' })
    if (status !== 0) return /:(\d+)\s*$/m.test(oneLine(stderr)) ? shown(oneLine(stderr)) : undefined
  }
  return undefined
}

function hintFor(error: NodeJS.ErrnoException): string {
  if (error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return '. Node only takes types away: set NODE_OPTIONS=--experimental-transform-types, or NODE_OPTIONS="--import tsx".'
  }
  if (error.code === 'ERR_MODULE_NOT_FOUND') return ". Node wants imports with their extension: './orders.ts'."
  return ''
}
