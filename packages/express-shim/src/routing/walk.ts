import type { FoundRoute, Next, ParamHandler, Params, RoutedResponse } from '../types.ts'
import { originOf, pathnameOf } from '../url/parse-url.ts'
import type { Layer, Match } from './layer.ts'
import { type Calls, hasParamHandlers, processParams } from './params.ts'
import type { StackIndex } from './stack-index.ts'
import { isTraced, MATCHED, recordError, type TracedRequest } from './tracing.ts'

/** The index of a router's stack. */
export const INDEX: unique symbol = Symbol('expressway.index') as never

/** The members of a router that a walk needs. */
export interface Walkable {
  readonly stack: Layer[]
  readonly params: Record<string, ParamHandler[]>
  readonly mergeParams?: boolean
  readonly [INDEX]: StackIndex
}

/** Leads one request through a router's stack: from layer to layer by `next`, and out to `callback` at its end. */
export function walk(router: Walkable, req: TracedRequest, res: RoutedResponse, callback: Next): void {
  const { next } = new Walk(router, req, res, callback)
  req.next = next
  next()
}

/** One request's way through one router. An object is cheaper than a closure for each step. */
class Walk {
  readonly next: Next
  private readonly router: Walkable
  private readonly req: TracedRequest
  private readonly res: RoutedResponse
  private readonly callback: Next
  private readonly stack: Layer[]
  private readonly origin: string
  private readonly parentUrl: string
  // What the request gets back at the end.
  private readonly outerUrl: string | undefined
  private readonly outerNext: Next | undefined
  private readonly outerParams: Params | undefined
  private readonly outerPattern: unknown
  private readonly allowed: string[] | undefined
  private index = 0
  private sync = 0
  private removed = ''
  private slashAdded = false
  private calls: Calls | undefined = undefined
  private url: string | undefined
  private path: string | null
  // The answer of the index, with the path and the length of the stack that it is for.
  private soughtPath: string | undefined = undefined
  private soughtLength = 0
  private candidates: number[] | undefined = undefined
  private cursor = 0

  constructor(router: Walkable, req: TracedRequest, res: RoutedResponse, callback: Next) {
    const next: Next = (error) => this.step(error)
    this.next = next
    this.router = router
    this.req = req
    this.res = res
    this.callback = callback
    this.stack = router.stack
    this.url = req.url
    this.path = routedPath(req.url)
    this.origin = originOf(req.url)
    this.outerUrl = req.baseUrl
    this.outerNext = req.next
    this.outerParams = req.params
    this.outerPattern = req[MATCHED]
    this.parentUrl = req.baseUrl || ''
    this.allowed = req.method === 'OPTIONS' ? [] : undefined
    req.baseUrl = this.parentUrl
    req.originalUrl = req.originalUrl || req.url
  }

  private step(error: unknown): unknown {
    const { req } = this
    if (error && isTraced()) recordError(req, error)
    const layerError = error === 'route' ? null : error
    if (this.slashAdded || this.removed) this.restoreUrl()
    if (layerError === 'router' || this.index >= this.stack.length) {
      setImmediate(() => this.done(layerError === 'router' ? null : layerError))
      return
    }
    // Express's limit: the stack of a hundred synchronous layers is left before the next one.
    if (++this.sync > 100) {
      setImmediate(this.next, error)
      return
    }
    if (req.url !== this.url) this.path = routedPath((this.url = req.url))
    return this.path === null ? this.done(layerError) : this.enterNext(this.path, layerError)
  }

  private enterNext(path: string, layerError: unknown): unknown {
    const { req } = this
    for (;;) {
      const layer = this.nextCandidate(path)
      if (!layer) return this.done(layerError)
      let match: Match | false
      try {
        match = layer.match(path)
      } catch (thrown) {
        if (isTraced()) recordError(req, thrown)
        layerError = layerError || thrown
        continue
      }
      const { route } = layer
      if (match && (!route || (!layerError && (route._handlesMethod(req.method) || this.passesBy(route)))))
        return this.enter(layer, match, path, layerError)
    }
  }

  private nextCandidate(path: string): Layer | undefined {
    const { stack } = this
    if (path !== this.soughtPath || stack.length !== this.soughtLength) {
      this.candidates = this.router[INDEX]?.candidates(stack, path)
      this.soughtPath = path
      this.soughtLength = stack.length
      this.cursor = 0
    }
    const { candidates } = this
    if (!candidates) return stack[this.index++]
    while (this.cursor < candidates.length) {
      const position = candidates[this.cursor++] as number
      if (position < this.index) continue
      this.index = position + 1
      return stack[position]
    }
    this.index = stack.length
    return undefined
  }

  /** Notes the methods of a route that is for others, for OPTIONS; a HEAD enters it all the same, as Express's does. */
  private passesBy(route: FoundRoute): boolean {
    const { method } = this.req
    if (method === 'OPTIONS') this.allowed?.push(...route._methods())
    return method === 'HEAD'
  }

  private enter(layer: Layer, match: Match, path: string, layerError: unknown): void {
    const { router, req } = this
    if (layer.route) req.route = layer.route
    if (isTraced()) req[MATCHED] = match.pattern
    req.params = router.mergeParams ? mergeParams(match.params, this.outerParams) : match.params
    if (hasParamHandlers(router.params, match)) this.callAfterParams(layer, match, path, layerError)
    else {
      this.call(layer, match, path, layerError)
      this.sync = 0
    }
  }

  private callAfterParams(layer: Layer, match: Match, path: string, layerError: unknown): void {
    this.calls ??= Object.create(null) as Calls
    processParams(this.router.params, layer, Object.keys(match.params), this.calls, this.req, this.res, (error) => {
      if (error) this.next(layerError || error)
      else this.call(layer, match, path, layerError)
      this.sync = 0
    })
  }

  private call(layer: Layer, match: Match, path: string, layerError: unknown): unknown {
    const { req, res, next } = this
    if (!layer.route && match.path && !this.trim(match.path, path)) return next(layerError)
    if (layerError) layer.handleError(layerError, req, res, next)
    else layer.handleRequest(req, res, next)
  }

  /** Takes the prefix that the layer matched off `req.url`, if the path has it up to a slash. */
  private trim(prefix: string, path: string): boolean {
    const { req, origin } = this
    const following = path[prefix.length]
    if (!path.startsWith(prefix) || (following && following !== '/')) return false
    this.removed = prefix
    req.url = origin + (req.url as string).slice(origin.length + prefix.length)
    if (!origin && req.url[0] !== '/') {
      req.url = `/${req.url}`
      this.slashAdded = true
    }
    req.baseUrl = this.parentUrl + (prefix.endsWith('/') ? prefix.slice(0, -1) : prefix)
    return true
  }

  private restoreUrl(): void {
    const { req, origin, removed } = this
    let url = req.url as string
    if (this.slashAdded) {
      this.slashAdded = false
      // Kept if the layer rewrote the path below a mount path without a trailing slash.
      const root = url === '/' || url.startsWith('/?')
      if (root || (removed.endsWith('/') && url[0] === '/')) url = url.slice(1)
    }
    req.baseUrl = this.parentUrl
    req.url = origin + removed + url.slice(origin.length)
    this.removed = ''
  }

  private done(error: unknown): void {
    if (this.allowed?.length && !error) answerOptions(this.res, this.allowed, (failure) => this.leave(failure))
    else this.leave(error)
  }

  private leave(error: unknown): void {
    const { req } = this
    req.baseUrl = this.outerUrl as string
    req.next = this.outerNext
    req.params = this.outerParams
    if (req[MATCHED] !== this.outerPattern) req[MATCHED] = this.outerPattern
    this.callback(error)
  }
}

/** Null for a malformed URL as well: no layer matches it, and nothing is thrown. */
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
