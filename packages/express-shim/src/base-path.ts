import { type Handle, type HttpRequest, type HttpResponse, isPromise } from '@expressway/core/base'

/**
 * What happens to the part that the gateway puts before the application's paths: an HTTP API's stage, a custom domain's mapping.
 *
 * - `strip`: the application does not see it: `req.url` and `req.originalUrl` begin after it.
 * - `mount`: the application is as if mounted there: the part is `req.baseUrl` and the beginning of `req.originalUrl`. A redirect
 *   to a path goes below it, so that one bundle serves `/` and `/prod`.
 * - a path such as `/shop`: as `strip`, and this path is removed as well, since all requests begin with it.
 */
export type BasePath = 'strip' | 'mount' | `/${string}`

/** @throws TypeError if the option is not `strip`, `mount` or a path below `/`. */
export function checkBasePath(basePath: BasePath): void {
  if (basePath === 'strip' || basePath === 'mount' || (typeof basePath === 'string' && /^\/./.test(basePath))) return
  throw new TypeError(`basePath is 'strip', 'mount' or a path such as '/shop', not ${JSON.stringify(basePath)}`)
}

/** What a request's `url` is: its path, without the option's own, and the query. */
export function urlReader(basePath: BasePath): (request: HttpRequest) => string {
  if (basePath === 'strip' || basePath === 'mount') return ({ path, query }) => toUrl(path, query)
  const prefix = basePath.replace(/\/$/, '')
  return ({ path, query }) => toUrl(stripPrefix(path, prefix), query)
}

/** Makes a request look as if its application were mounted at the base path. */
export function mountRequest(req: object, url: string, basePath: string): void {
  if (basePath) Object.assign(req, { baseUrl: basePath, originalUrl: basePath + url })
}

/** Sends redirects to a path of the application below the base path, unless the application wrote the base path itself. */
export function belowBasePath(handle: Handle): Handle {
  return (message, invocation) => {
    const answer = handle(message, invocation)
    if (!message.basePath) return answer
    return isPromise(answer) ? answer.then((response) => relocate(response, message)) : relocate(answer, message)
  }
}

function toUrl(path: string, query: string): string {
  return query === '' ? path : `${path}?${query}`
}

function stripPrefix(path: string, prefix: string): string {
  if (path === prefix) return '/'
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path
}

function relocate(response: HttpResponse, { basePath }: HttpRequest): HttpResponse {
  const { location } = response.headers
  if (typeof location !== 'string' || !/^\/(?!\/)/.test(location)) return response
  if (location.startsWith(basePath) && /^([/?#]|$)/.test(location.slice(basePath.length))) return response
  return { ...response, headers: Object.assign(response.headers, { location: basePath + location }) }
}
