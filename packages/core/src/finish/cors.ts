import type { Request } from '../handler/request.ts'
import type { Response } from '../handler/response.ts'
import { addVary } from '../message/content-coding.ts'
import { warnOnce } from '../message/log.ts'

/** Origins that may read the answers; a regular expression has to match the whole origin. */
export type AllowOrigin =
  | string
  | RegExp
  | readonly (string | RegExp)[]
  | ((origin: string, req: Request<object>) => boolean)

/** Cross-origin resource sharing (the Fetch Standard, section 3.2). */
export interface CorsOptions {
  /**
   * Who may read the answers: an origin, `'*'` for every origin (the default), a regular expression that matches whole origins,
   * a list of these, or a function. If it is one origin, the answer to a request without `Origin` names that origin.
   */
  readonly allowOrigin?: AllowOrigin
  /** Request headers that a page may send, besides those that AWS's own clients need: field names. */
  readonly allowHeaders?: readonly string[]
  /** Response headers that a page may read, besides those that the Fetch Standard allows. */
  readonly exposeHeaders?: readonly string[]
  /** Seconds for which a browser may remember a preflight. 0 is sent if the methods of a path have different policies. */
  readonly maxAge?: number
  /** Whether requests may carry cookies and authorization. Not with `'*'`. */
  readonly allowCredentials?: boolean
}

/** What CORS adds to answers. */
export interface Cors {
  /** The fields for the origin of a request; none if it is not allowed. Two policies are equal if these are. */
  fieldsFor(req: Request<never>): readonly CorsField[]
  apply(req: Request<never>, res: Response): void
}

type CorsField = readonly [name: string, value: string]

const awsHeaders = ['Authorization', 'Content-Type', 'X-Amz-Date', 'X-Api-Key', 'X-Amz-Security-Token']

/** @throws TypeError if an option is invalid, or credentials are allowed for every origin. */
export function createCors(options: CorsOptions = {}): Cors {
  const { allowOrigin = '*', allowCredentials = false, allowHeaders = [], exposeHeaders = [], maxAge } = options
  if (maxAge !== undefined && !Number.isInteger(maxAge)) {
    throw new TypeError(`cors.maxAge must be a whole number of seconds, not ${String(maxAge)}`)
  }
  const allowed = originRule(allowOrigin)
  const everybody = [allowOrigin].flat().includes('*')
  if (everybody && allowCredentials) {
    throw new TypeError("cors.allowCredentials needs named origins: browsers refuse credentials with allowOrigin '*'")
  }
  const fields: CorsField[] = [
    ['access-control-allow-headers', [...new Set([...awsHeaders, ...allowHeaders])].sort().join(',')],
  ]
  if (exposeHeaders.length > 0) fields.push(['access-control-expose-headers', exposeHeaders.join(',')])
  if (maxAge !== undefined) fields.push(['access-control-max-age', String(maxAge)])
  if (allowCredentials) fields.push(['access-control-allow-credentials', 'true'])
  const fieldsFor = (req: Request<never>): readonly CorsField[] => {
    const origin = everybody ? '*' : allowed(originOf(req), req)
    return origin === undefined ? [] : [['access-control-allow-origin', origin], ...fields]
  }
  return {
    fieldsFor,
    apply(req, res) {
      if (!everybody) addVary(res.headers, 'Origin')
      for (const [name, value] of fieldsFor(req)) res.set(name, value)
    },
  }
}

// A function or an expression may accept any text: a header can carry only visible ASCII.
function originOf(req: Request<never>): string | undefined {
  const origin = req.headers.get('origin')
  return origin !== undefined && /^[!-~]+$/.test(origin) ? origin : undefined
}

type OriginRule = (origin: string | undefined, req: Request<never>) => string | undefined

function originRule(allow: AllowOrigin): OriginRule {
  if (typeof allow === 'function')
    return (origin, req) => (origin !== undefined && allow(origin, req) ? origin : undefined)
  if (typeof allow === 'string')
    return (origin = allow) => (origin === allow || isOrigin(origin, allow) ? origin : undefined)
  const rules = [allow].flat()
  for (const rule of rules) {
    if (typeof rule === 'string' || rule instanceof RegExp) continue
    throw new TypeError(`cors.allowOrigin takes strings, regular expressions and functions, not ${String(rule)}`)
  }
  const tests = rules.map((rule) =>
    typeof rule === 'string' ? (origin: string) => isOrigin(origin, rule) : whole(rule),
  )
  return (origin) => (origin !== undefined && tests.some((test) => test(origin)) ? origin : undefined)
}

/** A regular expression must match the whole origin: otherwise /example\.com/ would allow https://example.com.evil.test. */
function whole(rule: RegExp): (origin: string) => boolean {
  // Without g and y, with which an expression remembers where its last match ended.
  const anchored = new RegExp(`^(?:${rule.source})$`, rule.flags.replace(/[gy]/g, ''))
  return (origin) => {
    if (anchored.test(origin)) return true
    if (origin.search(rule) !== -1)
      warnOnce(
        `cors.allowOrigin: ${rule} matches only a part of some origin; it has to match the whole, "https://" included`,
      )
    return false
  }
}

// An origin has no path, but people write the URL of their page: https://www.example.com/ means https://www.example.com.
const isOrigin = (origin: string, configured: string): boolean =>
  origin === configured || (configured.endsWith('/') && origin === configured.slice(0, -1))
