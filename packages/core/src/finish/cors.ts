import type { Request } from '../handler/request.ts'
import type { Response } from '../handler/response.ts'

export type AllowOrigin =
  | string
  | RegExp
  | readonly (string | RegExp)[]
  | ((origin: string, req: Request<object>) => boolean)

/** Cross-origin resource sharing (the Fetch Standard, section 3.2). */
export interface CorsOptions {
  /**
   * Who may read the answers: an origin, `'*'` for everybody (the default), a regular expression, a list of these, or a
   * function. Where it is one origin, a request without `Origin` is told that origin.
   */
  readonly allowOrigin?: AllowOrigin
  /** Request headers that a page may send, besides those that AWS's own clients need. */
  readonly allowHeaders?: readonly string[]
  readonly exposeHeaders?: readonly string[]
  /** Seconds for which a browser may remember a preflight. */
  readonly maxAge?: number
  /** Cookies and authorization may come along. Not with `'*'`. */
  readonly allowCredentials?: boolean
}

/** Settled options: what to add to an answer. */
export interface Cors {
  apply(req: Request<never>, res: Response): void
}

const awsHeaders = ['Authorization', 'Content-Type', 'X-Amz-Date', 'X-Api-Key', 'X-Amz-Security-Token']

/** @throws TypeError where the options contradict themselves. */
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
  const fields: [name: string, value: string][] = [
    ['access-control-allow-headers', [...new Set([...awsHeaders, ...allowHeaders])].sort().join(',')],
  ]
  if (exposeHeaders.length > 0) fields.push(['access-control-expose-headers', exposeHeaders.join(',')])
  if (maxAge !== undefined) fields.push(['access-control-max-age', String(maxAge)])
  if (allowCredentials) fields.push(['access-control-allow-credentials', 'true'])
  return {
    apply(req, res) {
      if (!everybody) res.vary('Origin')
      const origin = everybody ? '*' : allowed(originOf(req), req)
      if (origin === undefined) return
      res.set('access-control-allow-origin', origin)
      for (const [name, value] of fields) res.set(name, value)
    },
  }
}

// What is no origin would make the answer's field invalid where a function or an expression lets it through.
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
  return (origin) => (origin !== undefined && rules.some((rule) => matches(rule, origin)) ? origin : undefined)
}

// `match`, not `test`: it does not move a global expression's lastIndex.
const matches = (rule: string | RegExp, origin: string): boolean =>
  typeof rule === 'string' ? isOrigin(origin, rule) : origin.search(rule) !== -1

// An origin has no path, but people write the URL of their page: https://www.example.com/ means https://www.example.com.
const isOrigin = (origin: string, configured: string): boolean =>
  origin === configured || (configured.endsWith('/') && origin === configured.slice(0, -1))
