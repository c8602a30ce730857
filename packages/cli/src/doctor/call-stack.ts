import { fileURLToPath } from 'node:url'
import { type OwnFiles, packageOf } from './own-files.ts'
import type { Place } from './rules.ts'

/** Who did something: the first place in the application's own files, and the package that it called for it. */
export interface Caller {
  readonly place?: Place
  readonly package?: string
}

/** @param below the function whose callers are wanted */
export function callerOf(own: OwnFiles, below: (...args: never[]) => unknown): Caller {
  const holder: { stack?: string } = {}
  Error.captureStackTrace(holder, below)
  const frames = framesOf(holder.stack ?? '')
  const at = frames.findIndex(({ file }) => own.has(file))
  const between = at < 0 ? frames : frames.slice(0, at)
  const packages = between.map(({ file }) => packageOf(file)).filter((name) => name !== undefined)
  return { place: frames[at], package: packages[0] }
}

function framesOf(stack: string): Place[] {
  return stack.split('\n').flatMap((line) => {
    const match = /\(?((?:file:\/\/)?\/[^()]*?):(\d+):\d+\)?$/.exec(line)
    if (match === null) return []
    const path = match[1]!.replace(/^.*?(?=(?:file:\/\/)?\/)/, '')
    return [{ file: path.startsWith('file:') ? fileURLToPath(path) : path, line: Number(match[2]) }]
  })
}
