import { compilePath, type Path, type PathIndex, type PathMatch } from '@expressway/core/base'
import { ENTERED } from '../node/message-state.ts'
import type { EnteredLayer, FoundRoute, Handler, Next, Params, RoutedRequest, RoutedResponse } from '../types.ts'
import { follow } from './follow.ts'
import { isTraced, traceHandler } from './tracing.ts'

export interface LayerOptions {
  sensitive?: boolean
  strict?: boolean
  end?: boolean
}

/** What a layer's path took of the request's. */
export interface Match {
  readonly params: Params
  /** The matched text: of a `use` path the prefix that the layer's handler does not see. */
  readonly path: string
  /** The path that matched, as registered. */
  readonly pattern: unknown
}

// More than segments that are plain text or one parameter. A handler inside a route has no path of its own.
const FAULTY = /[^\w.~/:-]|:[^A-Za-z]|[^/]:|:$/

type Matcher = (path: string) => PathMatch | undefined

/**
 * One entry of a stack: a path and a handler. Its members are public by custom: instrumentation reads `name` and `route`
 * and replaces `handle`.
 */
export class Layer implements EnteredLayer {
  handle: Handler
  name: string
  /** The path as registered, nested arrays made flat. */
  rawPath: unknown
  /** True for `use('/')`, which takes every path and nothing of it. */
  slash: boolean
  /** One function for each path: gives the matched text and the parameters, or a falsy value. */
  declare matchers: Matcher[]
  /** The method that a handler inside a route is for, `undefined` for all; only such a layer has it. */
  declare method?: string | undefined
  /** The route that the layer leads to; only a router's layer has it. */
  declare route?: FoundRoute | undefined
  #options: LayerOptions
  #matchers: Matcher[] | undefined
  #isReplaced = false

  constructor(path: unknown, options: LayerOptions, handler: Handler) {
    this.handle = handler
    this.name = handler.name || '<anonymous>'
    this.rawPath = Array.isArray(path) ? path.flat(Infinity) : path
    this.slash = path === '/' && options.end === false
    Object.defineProperty(this, 'matchers', Layer.#matchersMember)
    this.#options = options
    // A path's fault is thrown at registration; what can have none is compiled when a request asks for it, if one does.
    if (options.end !== undefined && (typeof path !== 'string' || FAULTY.test(path))) this.#matchers = this.#compile()
  }

  // An own member, as in Express, but made at first use: one getter for all layers costs less than a function for each.
  static readonly #matchersMember: PropertyDescriptor & ThisType<Layer> = {
    configurable: true,
    enumerable: true,
    get() {
      return (this.#matchers ??= this.#compile())
    },
    set(value: Matcher[]) {
      this.#matchers = value
      this.#isReplaced = true
    },
  }

  /** Adds the layer's paths to an index, which has to find whatever `match` takes. */
  addTo(index: PathIndex<unknown>): void {
    const own = Object.hasOwn(this, 'match') || this.#isReplaced
    index.add(own || this.slash ? '/' : this.#paths(), undefined, own ? { end: false } : this.#options)
  }

  #compile(): Matcher[] {
    const options = { ...this.#options, decode }
    const paths = this.#paths()
    // Of an array `/` takes nothing but `/`: only alone is it the prefix of every path.
    return Array.isArray(paths) ? paths.map((path) => compilePath([path], options)) : [compilePath(paths, options)]
  }

  // Unless routing is strict, Express takes anything for a path: `app.use(undefined, fn)` is silently never reached.
  #paths(): Path | Path[] {
    const paths = this.rawPath as Path | Path[]
    const toPath = (path: Path) => (path instanceof RegExp || this.#options.strict ? path : String(path))
    return Array.isArray(paths) ? paths.map(toPath) : toPath(paths)
  }

  /** What the layer takes of the path, or false where it is another's. @throws URIError with status 400 for a malformed escape. */
  match(path: string | null | undefined): Match | false {
    if (path == null) return false
    if (this.slash) return { params: {}, path: '', pattern: this.rawPath }
    const matchers = (this.#matchers ??= this.#compile())
    for (let i = 0; i < matchers.length; i++) {
      const found = (matchers[i] as Matcher)(path)
      if (!found) continue
      const pattern = Array.isArray(this.rawPath) ? this.rawPath[i] : this.rawPath
      // As Express has it, the parameters of a RegExp are a plain object, those of a path one without prototype.
      return { params: pattern instanceof RegExp ? { ...found.params } : found.params, path: found.path, pattern }
    }
    return false
  }

  handleRequest(req: RoutedRequest, res: RoutedResponse, next: Next): unknown {
    const handler = this.handle
    if (handler.length > 3) return next()
    req[ENTERED] = this
    if (!this.route && isTraced()) return traceHandler(this, req, res, next)
    try {
      const returned = handler(req, res, next)
      if (returned) follow(returned, next)
    } catch (error) {
      next(error)
    }
  }

  handleError(error: unknown, req: RoutedRequest, res: RoutedResponse, next: Next): unknown {
    const handler = this.handle
    if (handler.length !== 4) return next(error)
    req[ENTERED] = this
    if (isTraced()) return traceHandler(this, req, res, next, error)
    try {
      const returned = handler(error, req, res, next)
      if (returned) follow(returned, next)
    } catch (thrown) {
      next(thrown)
    }
  }
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch (error) {
    throw Object.assign(error as URIError, {
      message: `Failed to decode param '${value}'`,
      status: 400,
      statusCode: 400,
    })
  }
}
