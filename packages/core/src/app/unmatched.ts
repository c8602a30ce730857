import { HttpError, MethodNotAllowedError, NotFoundError, unthrown } from '../message/errors.ts'
import type { HttpRequest } from '../message/message.ts'
import type { ErrorAnswer } from './error-answer.ts'
import type { Route, RouteTable } from './route-table.ts'

const notFound = unthrown(NotFoundError, 404, 'Not found')
const methodNotAllowed = unthrown(MethodNotAllowedError, 405, 'Method not allowed')

/** What answers a request that no route matches: 404, 405 with `Allow`, OPTIONS, and CORS's preflight. */
export class Unmatched {
  readonly #table: RouteTable
  readonly #errors: ErrorAnswer
  readonly #notFound: Route

  constructor(table: RouteTable, errors: ErrorAnswer) {
    this.#table = table
    this.#errors = errors
    this.#notFound = table.unmatched('404', (req, res) => errors.write(notFound(), this.#notFound, req, res))
  }

  route(method: string, path: string, message: HttpRequest): Route {
    const methods = allowed(this.#table.routes.keys(path))
    if (method === 'OPTIONS' && (methods.length > 0 || this.#notFound.cors))
      return this.#options(path, methods, message)
    if (methods.length === 0) return this.#notFound
    return this.#table.unmatched(`405 ${path}`, (req, res) => {
      res.set('allow', methods.join(', '))
      return this.#errors.write(methodNotAllowed(), this.#notFound, req, res)
    })
  }

  /** A path whose escapes do not decode. */
  malformed(path: string): Route {
    return this.#table.unmatched(`400 ${path}`, () => {
      throw new HttpError(400, `The path has malformed percent-encoding: ${path}`)
    })
  }

  // A preflight carries no credentials and runs no handler: 204 and what the real request may do. For an unknown path it
  // says what any path may do, so that the page gets to see the 404 itself.
  #options(path: string, methods: readonly string[], { headers }: HttpRequest): Route {
    const { routes, corsMethods } = this.#table
    const preflightFor = headers['access-control-request-method']?.toString().toUpperCase()
    const target = methods.length === 0 ? undefined : routeFor(routes.matches(path), preflightFor)
    const base = this.#table.unmatched(`OPTIONS ${path}`, (_req, res) => {
      res.status(204)
      if (methods.length > 0) res.set('allow', methods.join(', '))
      const named = methods.length > 0 ? methods : corsMethods
      if (cors) res.set('access-control-allow-methods', [...new Set(['OPTIONS', ...named])].sort().join(','))
    })
    const cors = target === undefined ? base.cors : target.cors
    return { ...base, cors, cacheControl: undefined }
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
