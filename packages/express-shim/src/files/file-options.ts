import { getBuiltinModule } from '../builtin.ts'
import { check } from '../check.ts'

/** How a file is sent. @see https://expressjs.com/en/5x/api.html#res.sendFile */
export interface FileOptions {
  /** Byte ranges. Default: true. */
  acceptRanges?: boolean
  /** `Cache-Control`. Default: true. */
  cacheControl?: boolean
  /** What becomes of paths with a part that begins with a dot. Default: `'ignore'`, as if they were not there. */
  dotfiles?: 'allow' | 'deny' | 'ignore'
  /** `ETag`. Default: true. */
  etag?: boolean
  /** Extensions to try if there is no such file. */
  extensions?: string | string[] | false
  /** Adds `immutable` to `Cache-Control`. */
  immutable?: boolean
  /** Files to send for a directory. Default: `'index.html'`. */
  index?: string | string[] | boolean
  /** `Last-Modified`. Default: true. */
  lastModified?: boolean
  /** How long the file may be cached: milliseconds, or text such as `'1d'`. At most a year. */
  maxAge?: number | string
  maxage?: number | string
  /** The directory that paths are relative to, and that they cannot leave. */
  root?: string
  /** The first byte to send. */
  start?: number
  /** The last byte to send. */
  end?: number
}

/** The same with every question answered. */
export interface FileRules {
  readonly acceptRanges: boolean
  /** The field's value; undefined sets no field. */
  readonly cacheControl: string | undefined
  readonly dotfiles: string
  readonly etag: boolean
  readonly extensions: readonly string[]
  readonly index: readonly string[]
  readonly lastModified: boolean
  readonly root: string | undefined
  readonly start: number
  readonly end: number | undefined
}

const YEAR = 31_536_000_000

/** @throws TypeError if an option is invalid. */
export function toFileRules(options: FileOptions): FileRules {
  const { dotfiles = 'ignore', acceptRanges = true, cacheControl = true, etag = true, lastModified = true } = options
  check(['allow', 'deny', 'ignore'].includes(dotfiles), 'dotfiles option must be "allow", "deny", or "ignore"')
  const age = Math.floor(Math.min(Math.max(0, toMilliseconds(options.maxAge || options.maxage)), YEAR) / 1000)
  return {
    acceptRanges: Boolean(acceptRanges),
    cacheControl: cacheControl ? `public, max-age=${age}${options.immutable ? ', immutable' : ''}` : undefined,
    dotfiles,
    etag: Boolean(etag),
    extensions: toList(options.extensions ?? [], 'extensions'),
    index: toList(options.index === undefined ? 'index.html' : options.index, 'index'),
    lastModified: Boolean(lastModified),
    root: options.root ? getBuiltinModule('node:path').resolve(options.root) : undefined,
    start: options.start || 0,
    end: options.end,
  }
}

function toList(value: unknown, name: string): readonly string[] {
  const list = ([] as unknown[]).concat(value || [])
  check(
    list.every((item) => typeof item === 'string'),
    `${name} option must be array of strings or false`,
  )
  return list
}

const toMilliseconds = (age: unknown): number => (typeof age === 'string' ? parseDuration(age) : Number(age)) || 0

const UNITS: Record<string, number> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5, y: 315576e5 }
const DURATION =
  /^(-?(?:\d+)?\.?\d+) *(ms(?:ecs?)?|milliseconds?|s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?|y(?:(?:ea)?rs?)?)?$/i

/** Milliseconds of `'1.5h'`, `'2 days'`, `'100'`; NaN if it is not a duration. */
export function parseDuration(text: string): number {
  const match = text.length > 100 ? null : DURATION.exec(text)
  if (!match) return Number.NaN
  const unit = (match[2] ?? 'ms').toLowerCase()
  return Number(match[1]) * (/^m(s|il)/.test(unit) ? 1 : UNITS[unit[0]!]!)
}
