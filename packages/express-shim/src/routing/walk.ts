import type { FoundRoute, Next, ParamHandler, Params, RoutedResponse } from '../types.ts'
import { originOf, pathnameOf } from '../url/parse-url.ts'
import type { Layer, Match } from './layer.ts'
import { type Calls, hasParamHandlers, processParams } from './params.ts'
import type { StackIndex } from './stack-index.ts'
import { isTraced, MATCHED, recordError, type TracedRequest } from './tracing.ts'

/** Where a router keeps the index of its stack. */
export const INDEX: unique symbol = Symbol('expressway.index') as never

/** What of a router is walked. */
export interface Walkable {
  readonly stack: Layer[]
  readonly params: Record<string, ParamHandler[]>
  readonly mergeParams?: boolean
  readonly [INDEX]: StackIndex
}

/** Leads one request through a router's stack: from layer to layer by `next`, and out to `callback` at its end. */
export function walk(router: Walkable, req: TracedRequest, res: RoutedResponse, callback: Next): void {
  const { stack } = router
  const { baseUrl, next: outerNext, params: outerParams } = req
  const outerPattern = req[MATCHED]
  const origin = originOf(req.url)
  const parentUrl = baseUrl || ''
  const allowed: string[] | undefined = req.method === 'OPTIONS' ? [] : undefined
  let index = 0
  let sync = 0
  let removed = ''
  let slashAdded = false
  let calls: Calls | undefined
  let url = req.url
  let path = routedPath(url)
  // What the index said of the path, and for how long a stack.
  let soughtPath: string | undefined
  let soughtLength = 0
  let candidates: number[] | undefined
  let cursor = 0

  req.next = next
  req.baseUrl = parentUrl
  req.originalUrl = req.originalUrl || req.url
  next()

  function next(error?: unknown): unknown {
    if (error && isTraced()) recordError(req, error)
    let layerError = error === 'route' ? null : error
    if (slashAdded || removed) restoreUrl()
    if (layerError === 'router') {
      setImmediate(done, null)
      return
    }
    if (index >= stack.length) {
      setImmediate(done, layerError)
      return
    }
    // Express's limit: the stack of a hundred synchronous layers is left before the next one.
    if (++sync > 100) {
      setImmediate(next, error)
      return
    }
    if (req.url !== url) path = routedPath((url = req.url))
    if (path === null) return done(layerError)
    for (;;) {
      const layer = nextCandidate(path)
      if (!layer) return done(layerError)
      let match: Match | false
      try {
        match = layer.match(path)
      } catch (thrown) {
        if (isTraced()) recordError(req, thrown)
        layerError = layerError || thrown
        continue
      }
      const { route } = layer
      if (match && (!route || (!layerError && (route._handlesMethod(req.method) || passesBy(route)))))
        return enter(layer, match, path, layerError)
    }
  }

  function nextCandidate(path: string): Layer | undefined {
    if (path !== soughtPath || stack.length !== soughtLength) {
      candidates = router[INDEX]?.candidates(stack, path)
      soughtPath = path
      soughtLength = stack.length
      cursor = 0
    }
    if (!candidates) return stack[index++]
    while (cursor < candidates.length) {
      const position = candidates[cursor++] as number
      if (position < index) continue
      index = position + 1
      return stack[position]
    }
    index = stack.length
    return undefined
  }

  /** Notes the methods of a route that is for others, for OPTIONS; a HEAD enters it all the same, as Express's does. */
  function passesBy(route: FoundRoute): boolean {
    if (req.method === 'OPTIONS') allowed?.push(...route._methods())
    return req.method === 'HEAD'
  }

  function enter(layer: Layer, match: Match, path: string, layerError: unknown): unknown {
    if (layer.route) req.route = layer.route
    if (isTraced()) req[MATCHED] = match.pattern
    req.params = router.mergeParams ? mergeParams(match.params, outerParams) : match.params
    if (!hasParamHandlers(router.params, match)) {
      call(layer, match, path, layerError)
      sync = 0
      return
    }
    calls ??= Object.create(null) as Calls
    processParams(router.params, layer, Object.keys(match.params), calls, req, res, (error) => {
      if (error) next(layerError || error)
      else call(layer, match, path, layerError)
      sync = 0
    })
  }

  function call(layer: Layer, match: Match, path: string, layerError: unknown): unknown {
    if (!layer.route && match.path && !trim(match.path, path)) return next(layerError)
    if (layerError) layer.handleError(layerError, req, res, next)
    else layer.handleRequest(req, res, next)
  }

  /** Takes the prefix that the layer matched off `req.url`, if the path has it up to a slash. */
  function trim(prefix: string, path: string): boolean {
    const following = path[prefix.length]
    if (!path.startsWith(prefix) || (following && following !== '/')) return false
    removed = prefix
    req.url = origin + (req.url as string).slice(origin.length + prefix.length)
    if (!origin && req.url[0] !== '/') {
      req.url = `/${req.url}`
      slashAdded = true
    }
    req.baseUrl = parentUrl + (prefix.endsWith('/') ? prefix.slice(0, -1) : prefix)
    return true
  }

  function restoreUrl(): void {
    let url = req.url as string
    if (slashAdded) {
      slashAdded = false
      // Kept where the layer rewrote the path under a mount path that has no trailing slash.
      const root = url === '/' || url.startsWith('/?')
      if (root || (removed.endsWith('/') && url[0] === '/')) url = url.slice(1)
    }
    req.baseUrl = parentUrl
    req.url = origin + removed + url.slice(origin.length)
    removed = ''
  }

  function done(error?: unknown): unknown {
    if (allowed?.length && !error) return answerOptions(res, allowed, leave)
    leave(error)
  }

  function leave(error?: unknown): void {
    req.baseUrl = baseUrl
    req.next = outerNext
    req.params = outerParams
    if (req[MATCHED] !== outerPattern) req[MATCHED] = outerPattern
    callback(error)
  }
}

/** null also where the URL is none: no layer matches it, and the request is none the worse for it. */
function routedPath(url: string | undefined): string | null {
  try {
    return pathnameOf(url)
  } catch {
    return null
  }
}

function answerOptions(res: RoutedResponse, methods: string[], next: Next): void {
  try {
    const allow = [...new Set(methods)].sort().join(', ')
    res.setHeader('Allow', allow)
    res.setHeader('Content-Length', Buffer.byteLength(allow))
    res.setHeader('Content-Type', 'text/plain')
    res.setHeader('X-Content-Type-Options', 'nosniff')
    res.end(allow)
  } catch (error) {
    next(error)
  }
}

/** A mounted router's parameters over its parent's; those of unnamed RegExp groups, numbered, come after the parent's. */
function mergeParams(params: Params, parent: Params | undefined): Params {
  if (typeof parent !== 'object' || !parent) return params
  const merged = { ...parent }
  if (!(0 in params) || !(0 in parent)) return Object.assign(merged, params)
  const own = countNumbered(params)
  const offset = countNumbered(parent)
  const shifted: Params = {}
  for (const [name, value] of Object.entries(params)) {
    const number = Number(name)
    shifted[Number.isInteger(number) && number < own ? number + offset : name] = value
  }
  return Object.assign(merged, shifted)
}

function countNumbered(params: Params): number {
  let count = 0
  while (count in params) count++
  return count
}
