import type { Members } from './members.ts'

/** The path of an event as a path: hand-written and partial events lack the leading slash, or all of it. */
export function toPath(path: unknown): string {
  if (typeof path !== 'string' || path === '') return '/'
  return path.charCodeAt(0) === 47 ? path : `/${path}`
}

/**
 * The path of a source that leaves it encoded, as it is; only what cannot stand in a request line is encoded, which the
 * local API of SAM CLI and hand-written events let through.
 */
export function encodedPath(path: unknown): string {
  const given = toPath(path)
  return invisible.test(given) ? given.toWellFormed().replace(/[^!-~]+/g, encodeURIComponent) : given
}

const invisible = /[^!-~]/
const unencoded = /[^\w\-.~!$&'()*+,;=:@/]/

/**
 * Encodes a path that the gateway decoded, as RFC 3986 writes it. An escaped `/` or `?` is lost: decoded, they look like those that
 * the client did not escape.
 */
export function encodePath(path: string): string {
  if (path === '' || !unencoded.test(path)) return path
  return encodeURI(path.toWellFormed()).replace(/[?#]/g, encodeURIComponent)
}

/** `/prod` if the path is `/prod` or below it, otherwise `''`. */
export function stagePrefix(path: string, stage: unknown): string {
  if (typeof stage !== 'string' || stage === '' || stage === '$default') return ''
  const prefix = `/${stage}`
  const next = path.charAt(prefix.length)
  return path.startsWith(prefix) && (next === '' || next === '/') ? prefix : ''
}

/**
 * What the gateway took off the path: the mapping of a custom domain (AWS, "Working with AWS Lambda proxy integrations
 * for HTTP APIs"), if the full path ends with what is left, otherwise `''`.
 */
export function removedPrefix(path: string, full: unknown): string {
  if (typeof full !== 'string' || full === path || !full.startsWith('/')) return ''
  if (path === '/') return trimSlash(full)
  return full.endsWith(path) ? full.slice(0, -path.length) : ''
}

/**
 * What stands in a path before the route that the gateway matched: a stage, a custom domain's mapping, or `''`.
 * `undefined` if the event does not say it, as with the route `$default`.
 * @example routePrefix('/v1/users/5', '/users/{id}', { id: '5' }) // '/v1'
 */
export function routePrefix(path: string, route: unknown, parameters: Members | null | undefined): string | undefined {
  const expanded = expandRoute(route, parameters)
  const whole = trimSlash(path)
  if (expanded === undefined || !whole.endsWith(expanded)) return undefined
  const prefix = whole.slice(0, whole.length - expanded.length)
  return prefix.endsWith('/') ? undefined : prefix
}

function expandRoute(route: unknown, parameters: Members | null | undefined): string | undefined {
  if (typeof route !== 'string' || !route.startsWith('/')) return undefined
  let known = true
  const expanded = route.replace(/\{([^{}+]+)\+?\}/g, (_match, name: string) => {
    const value = parameters && Object.hasOwn(parameters, name) ? parameters[name] : undefined
    known &&= typeof value === 'string'
    return String(value)
  })
  return known ? trimSlash(expanded) : undefined
}

const trimSlash = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : path)

/** The path decoded, or as it is if its escapes are malformed. */
export function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
