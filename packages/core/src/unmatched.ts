import type { ErrorAnswer } from './error-answer.ts'
import { HttpError, MethodNotAllowedError, NotFoundError } from './errors.ts'
import type { Request } from './request.ts'
import type { Response } from './response.ts'
import type { Route, RouteTable } from './route-table.ts'

/** What answers a request that no route matches: 404, 405 with `Allow`, OPTIONS, and CORS's preflight. */
export class Unmatched {
  readonly #table: RouteTable
  readonly #errors: ErrorAnswer
  readonly #notFound: Route
  readonly #handled: { readonly 404: boolean; readonly 405: boolean }

  constructor(table: RouteTable, errors: ErrorAnswer) {
    this.#table = table
    this.#errors = errors
    this.#handled = { 404: errors.handles(NotFoundError), 405: errors.handles(MethodNotAllowedError) }
    this.#notFound = table.unmatched('404', (req, res) => this.#write(404, req, res))
  }

  route(method: string, path: string, preflightFor: string | undefined): Route {
    const methods = allowed(this.#table.routes.keys(path))
    if (method === 'OPTIONS' && (methods.length > 0 || this.#notFound.cors))
      return this.#options(path, methods, preflightFor)
    if (methods.length === 0) return this.#notFound
    return this.#table.unmatched(`405 ${path}`, (req, res) => {
      res.set('allow', methods.join(', '))
      return this.#write(405, req, res)
    })
  }

  /** A path whose escapes do not decode. */
  malformed(path: string): Route {
    return this.#table.unmatched(`400 ${path}`, () => {
      throw new HttpError(400, `The path has malformed percent-encoding: ${path}`)
    })
  }

  #write(status: 404 | 405, req: Request<never>, res: Response): void | Promise<void> {
    if (this.#handled[status]) return this.#errors.write(withoutStack(errors[status]), this.#notFound, req, res)
    this.#errors.writeStatus(status, status === 404 ? 'Not found' : 'Method not allowed', res)
  }

  // A preflight carries no credentials and runs no handler: 204 and what the real request may do. For an unknown path it
  // says what any path may do, so that the page gets to see the 404 itself.
  #options(path: string, methods: readonly string[], preflightFor: string | undefined): Route {
    const { routes, unmatched, corsMethods } = this.#table
    const target = methods.length === 0 ? undefined : routeFor(routes.matches(path), preflightFor)
    const base = unmatched(`OPTIONS ${path}`, (_req, res) => {
      res.status(204)
      if (methods.length > 0) res.set('allow', methods.join(', '))
      const named = methods.length > 0 ? methods : corsMethods
      if (cors) res.set('access-control-allow-methods', [...new Set(['OPTIONS', ...named])].sort().join(','))
    })
    const cors = target === undefined ? base.cors : target.cors
    return { ...base, cors, cacheControl: undefined }
  }
}

const errors = { 404: NotFoundError, 405: MethodNotAllowedError }

// To capture a stack takes longer than all the rest of a 404, and this one would lead nowhere but here.
function withoutStack(type: typeof NotFoundError): HttpError {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return new type()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

function routeFor(matches: readonly { value: Route }[], method: string | undefined): Route | undefined {
  const wanted = method === 'HEAD' ? 'GET' : method
  return (matches.find(({ value }) => value.method === wanted) ?? matches[0])?.value
}

function allowed(methods: readonly string[]): string[] {
  if (methods.length === 0) return []
  return [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].sort()
}
