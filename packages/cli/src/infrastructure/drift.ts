import type { Sent } from './sent.ts'

/** A route of the code as a comparison needs it. */
export interface KnownRoute {
  /** In upper case; `ALL` for every method. */
  readonly method: string
  /** As registered. */
  readonly path: string
  /** `/users/{id}`, `/files/{path+}`: one for each way through its optional groups; empty for a regular expression. */
  readonly templates: readonly string[]
}

export interface Drift {
  /** Routes of the code that get no request, or not every one. */
  readonly unsent: readonly { readonly method: string; readonly path: string }[]
  /** What the function is sent and no route of the code answers. */
  readonly unknown: readonly { readonly method: string; readonly path: string; readonly place: string }[]
}

/**
 * Compares what an infrastructure sends with what the code answers.
 * @param mounts paths with middleware for all below, such as static files
 */
export function compareRoutes(
  routes: readonly KnownRoute[],
  sent: readonly Sent[],
  mounts: readonly string[] = [],
): Drift {
  const unsent = routes.flatMap(({ method, path, templates }) =>
    templates
      .filter((template) => !sent.some((each) => sends(each, method, template)))
      .map((template) => ({ method, path: templates.length > 1 ? template : path })),
  )
  // The root beside a proxy of every other path is a part of it.
  const everything = sent.some(({ path }) => /^\/\{[^{}]+\+\}$/.test(path))
  const unknown = sent.filter(
    (each) => !isKnown(each, routes) && !isMounted(each, mounts) && !(everything && each.path === '/'),
  )
  return { unsent, unknown: unknown.map(({ method, path, place }) => ({ method, path, place })) }
}

/** A route for every method takes what is sent, so that one method is enough. */
const sends = (sent: Sent, method: string, template: string): boolean =>
  (sent.method === 'ANY' || method === 'ALL' || sent.method === method) &&
  covers(segments(sent.path), segments(template))

function isKnown(sent: Sent, routes: readonly KnownRoute[]): boolean {
  return routes.some(({ method, templates }) => {
    if (!answers(method, sent.method)) return false
    // What a regular expression answers is not known: it may be this.
    if (templates.length === 0) return true
    return templates.some((template) => meets(segments(template), segments(sent.path)))
  })
}

/** HEAD is answered by routes of GET, and OPTIONS by every route. */
const answers = (method: string, sent: string): boolean =>
  [method, 'ANY', 'OPTIONS'].includes(sent) || method === 'ALL' || (sent === 'HEAD' && method === 'GET')

const isMounted = (sent: Sent, mounts: readonly string[]): boolean =>
  mounts.some((mount) => meets(segments(`${mount}/{any*}`), segments(sent.path)))

type Segment = string | typeof one | typeof some | typeof any
const one = Symbol('one segment')
const some = Symbol('one segment or more')
const any = Symbol('no segment or more')

const segments = (path: string): Segment[] =>
  path
    .split('/')
    .slice(1)
    .filter((part, index, all) => part !== '' || (index === 0 && all.length > 1))
    .map((part) => {
      if (/^\{[^{}]+\*\}$/.test(part)) return any
      if (/^\{[^{}]+\+\}$/.test(part)) return some
      // A parameter that is a part of a segment: `v{version}`.
      return part.includes('{') ? one : part
    })

const isGreedy = (segment: Segment | undefined): boolean => segment === some || segment === any

/** Whether the wider path matches everything that the narrower does. */
function covers([wide, ...wides]: Segment[], narrow: Segment[]): boolean {
  const [first, ...rest] = narrow
  if (wide === any) return true
  if (wide === some) return first !== undefined && first !== any
  if (wide === undefined || first === undefined) return wide === first
  if (isGreedy(first)) return false
  return (wide === one || wide === first) && covers(wides, rest)
}

/** Whether a route answers what is sent: for a greedy path it is enough that it answers some of it. */
function meets(route: Segment[], [sent, ...others]: Segment[]): boolean {
  const [first, ...rest] = route
  if (first === any || sent === any) return true
  if (sent === some) return first !== undefined
  if (first === some) return sent !== undefined
  if (sent === undefined || first === undefined) return sent === first
  return (first === one || first === sent) && meets(rest, others)
}

/** A path below a base path, less the base path, which the application does not see. */
export function withoutBase(path: string, basePath: string): string {
  const base = basePath.replace(/\/$/, '')
  return base !== '' && (path === base || path.startsWith(`${base}/`)) ? path.slice(base.length) || '/' : path
}
