import type { Cors } from '../finish/cors.ts'
import type { Request } from '../handler/request.ts'
import { HttpError, MethodNotAllowedError, NotFoundError, unthrown } from '../message/errors.ts'
import { fieldText } from '../message/headers.ts'
import type { HttpRequest } from '../message/message.ts'
import type { Step } from './compose.ts'
import type { ErrorAnswer } from './error-answer.ts'
import type { Route, RouteTable } from './route-table.ts'

const notFound = unthrown(NotFoundError, 404, 'Not found')
const methodNotAllowed = unthrown(MethodNotAllowedError, 405, 'Method not allowed')

/** The answers to a request that no route matches: 404, 405 with `Allow`, OPTIONS, and CORS's preflight. */
export class Unmatched {
  readonly #table: RouteTable
  readonly #errors: ErrorAnswer
  readonly #notFound: Route
  readonly #answerNotFound: Step
  readonly #isUniform: boolean

  constructor(table: RouteTable, errors: ErrorAnswer) {
    this.#table = table
    this.#errors = errors
    this.#answerNotFound = (req, res) => errors.write(notFound(), { route: this.#notFound, req, res })
    this.#notFound = table.unmatched('404', '/', this.#answerNotFound)
    this.#isUniform = table.isUniform
  }

  /** The route that answers the request. */
  route(method: string, path: string, message: HttpRequest): Route {
    const methods = allowed(this.#table.routes.keys(path))
    if (method === 'OPTIONS' && (methods.length > 0 || this.#notFound.cors))
      return this.#options(path, methods, message)
    if (methods.length === 0)
      return this.#isUniform ? this.#notFound : this.#table.unmatched('404', path, this.#answerNotFound)
    return this.#table.unmatched(`405 ${path}`, path, (req, res) => {
      res.set('allow', methods.join(', '))
      return this.#errors.write(methodNotAllowed(), { route: this.#notFound, req, res })
    })
  }

  /** The answer to a path whose escapes do not decode: 400. */
  malformed(path: string): Route {
    return this.#table.unmatched(`400 ${path}`, path, () => {
      throw new HttpError(400, `The path has malformed percent-encoding: ${path}`)
    })
  }

  // A preflight carries no credentials and runs no handler: 204, and what the real request may do. A preflight for an unknown
  // path is answered as for any path with CORS, so that the page can read the 404 itself.
  #options(path: string, methods: readonly string[], request: HttpRequest): Route {
    const { routes, corsMethods } = this.#table
    const asked = fieldText(request, 'access-control-request-method')?.toUpperCase()
    const matches = methods.length > 0 ? routes.matches(path).map(({ value }) => value) : []
    const cors = methods.length > 0 ? (routeFor(matches, asked) ?? matches[0])?.cors : this.#notFound.cors
    let mixed = false
    const answer: Step = (req, res) => {
      res.status(204)
      if (methods.length > 0) res.set('allow', methods.join(', '))
      if (cors === undefined) return
      const named = methods.filter(
        (method) => method === 'OPTIONS' || isSamePolicy(routeFor(matches, method)?.cors, cors, req),
      )
      mixed = named.length < methods.length
      const listed = methods.length > 0 ? named : corsMethods
      res.set('access-control-allow-methods', [...new Set(['OPTIONS', ...listed])].sort().join(','))
    }
    const name = `OPTIONS ${path}`
    const base =
      cors && asked !== undefined
        ? this.#table.preflight(name, path, answer)
        : this.#table.unmatched(name, path, answer)
    return { ...base, cors: cors && withoutMaxAge(cors, () => mixed), cacheControl: undefined }
  }
}

/**
 * The policy, without leave to remember a preflight if other methods of the path have another policy. Browsers remember
 * methods and header names by URL, each by itself (Fetch Standard, section 4.9): what one method may send would hold for all.
 */
const withoutMaxAge = ({ fieldsFor, apply }: Cors, mixed: () => boolean): Cors => ({
  fieldsFor,
  apply(req, res) {
    apply(req, res)
    if (mixed()) res.set('access-control-max-age', '0')
  },
})

/** Whether two policies say the same to the origin of this request. */
const isSamePolicy = (one: Cors | undefined, other: Cors, req: Request<never>): boolean =>
  one !== undefined && String(one.fieldsFor(req)) === String(other.fieldsFor(req))

function routeFor(routes: readonly Route[], method: string | undefined): Route | undefined {
  const route = routes.find((each) => each.method === method)
  return route === undefined && method === 'HEAD' ? routeFor(routes, 'GET') : route
}

/** The methods of a path for `Allow`. Routes for OPTIONS alone do not make a path known. */
function allowed(methods: readonly string[]): string[] {
  if (methods.every((method) => method === 'OPTIONS')) return []
  return [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].sort()
}
