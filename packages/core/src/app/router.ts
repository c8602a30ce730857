import type {
  Contract,
  ContractHandler,
  ContractMiddleware,
  ContractOptions,
  Declared,
} from '../contract/definition.ts'
import type { HttpEvent, Request } from '../handler/request.ts'
import type { Response } from '../handler/response.ts'
import { token } from '../message/grammar.ts'
import { compilePath, explainPathError, type Path } from '../router/path-index.ts'
import type { PathParams } from '../router/path-params.ts'
import type { Next, Step } from './compose.ts'
import { assertOptions, type BoundOptions, contractKey, type PlainOptions, type RouteOptions } from './route-options.ts'

/**
 * A handler, or a middleware if it calls `next`.
 * @typeParam Params the parameters of the route's path, inferred from it.
 */
export type Handler<Params = object, Event = HttpEvent> = (
  req: Request<Params, Event>,
  res: Response,
  next: Next,
) => unknown

/** A handler that passes on to the next one, for any path. */
export type Middleware<Event = HttpEvent> = Handler<object, Event>

/** One call of `use` or of a verb. */
export type Registration =
  | {
      readonly kind: 'route'
      readonly methods?: readonly string[]
      readonly path: Path
      readonly options: RouteOptions
      readonly steps: Step[]
    }
  | { readonly kind: 'middleware'; readonly prefix?: Path; readonly steps: Step[] }
  | { readonly kind: 'router'; readonly prefix: string; readonly router: AnyRouter }

/**
 * Registers handlers for a path: middleware first, the handler last, options or a contract before them.
 * @typeParam Method the method in lower case, for the types of a contract's routes.
 */
export interface Register<Event, Self, Method extends string = string> {
  <const P extends Path>(path: P, ...handlers: Handler<PathParams<P>, Event>[]): Self
  <const P extends Path>(path: P, options: PlainOptions, ...handlers: Handler<PathParams<P>, Event>[]): Self
  <const P extends string, C extends Contract>(
    path: P,
    contract: ContractOptions<C>,
    first: ContractMiddleware<C, PathParams<P>, Event>,
    second: ContractMiddleware<C, PathParams<P>, Event>,
    handler: ContractHandler<C, PathParams<P>, Event>,
  ): Self & Declared<Method, P, C>
  <const P extends string, C extends Contract>(
    path: P,
    contract: ContractOptions<C>,
    middleware: ContractMiddleware<C, PathParams<P>, Event>,
    handler: ContractHandler<C, PathParams<P>, Event>,
  ): Self & Declared<Method, P, C>
  // Last, so that the compiler's error is about the handler.
  <const P extends string, C extends Contract>(
    path: P,
    contract: ContractOptions<C>,
    handler: ContractHandler<C, PathParams<P>, Event>,
  ): Self & Declared<Method, P, C>
}

/** Answers errors of a class, with anything that a handler may return. */
export type ErrorHandler<E = Error, Event = HttpEvent> = (
  error: E,
  req: Request<object, Event>,
  res: Response,
) => unknown
/** A class of errors, abstract ones too. */
// biome-ignore lint/suspicious/noExplicitAny: constructors of any arguments; `unknown[]` would refuse most error classes
export type ErrorClass<E = unknown> = abstract new (...args: any[]) => E

/** A router whatever its event. */
// biome-ignore lint/suspicious/noExplicitAny: only handlers read the event
export type AnyRouter = Router<any>

/** Routes, middleware and error handlers in the order registered: an application is one, a nested router is another. */
export class Router<Event = HttpEvent> {
  /** @internal */
  readonly registrations: Registration[] = []
  /** @internal */
  readonly errorHandlers: [ErrorClass, ErrorHandler<never, never>][] = []
  /** @internal */
  readonly defaults: RouteOptions
  /** @internal Set at the first request: a later registration would hold for some requests and not for others. */
  frozen = false
  #prefixed = false

  readonly get: Register<Event, this, 'get'> = this.#verb('GET')
  readonly post: Register<Event, this, 'post'> = this.#verb('POST')
  readonly put: Register<Event, this, 'put'> = this.#verb('PUT')
  readonly patch: Register<Event, this, 'patch'> = this.#verb('PATCH')
  readonly delete: Register<Event, this, 'delete'> = this.#verb('DELETE')
  readonly head: Register<Event, this, 'head'> = this.#verb('HEAD')
  readonly options: Register<Event, this, 'options'> = this.#verb('OPTIONS')
  /** Every method. */
  readonly all: Register<Event, this> = this.#verb()

  /** @throws TypeError if an option is invalid. */
  constructor(defaults: RouteOptions = {}) {
    assertOptions(defaults)
    this.defaults = defaults
  }

  /**
   * Registers handlers for several methods, or for one without a verb of its own.
   * @example app.route(['GET', 'POST'], '/orders', handler)
   * @throws TypeError if a method, the path, the options or a handler is invalid, or after the first request.
   */
  route<const P extends Path>(
    methods: string | readonly string[],
    path: P,
    ...handlers: [RouteOptions | Handler<PathParams<P>, Event>, ...Handler<PathParams<P>, Event>[]]
  ): this {
    return this.#add([methods].flat(), path, handlers)
  }

  /**
   * Adds middleware for what is registered after it, under a path if one is given, or mounts a router. The middleware of a
   * mounted router also holds for what is registered after it under its path, as in Express.
   * @throws TypeError if an argument is neither, or a router with a RegExp in it is mounted under a path.
   * @example app.use('/admin', requireAdmin)
   * @example app.use('/users', users)
   */
  use(...middleware: Middleware<Event>[]): this
  use(prefix: Path, ...middleware: Middleware<Event>[]): this
  use(prefix: string, router: Router<Event>): this
  use(router: Router<Event>): this
  use(...args: (Path | Middleware<Event> | Router<Event>)[]): this {
    this.#assertOpen()
    const prefix = isPath(args[0]) ? args[0] : undefined
    const things = prefix === undefined ? args : args.slice(1)
    if (things.length === 0) throw new TypeError('use() needs a middleware function or a router')
    if (prefix !== undefined) assertPath(prefix)
    for (const thing of things) this.#use(prefix, thing)
    return this
  }

  /**
   * Answers errors of a class, or of several, and of classes that extend them; the closest class counts.
   * @throws TypeError if an argument is not a class or not a function.
   * @example app.onError(ZodError, (error, req, res) => res.status(422).json({ issues: error.issues }))
   */
  onError<E>(classes: ErrorClass<E> | readonly ErrorClass<E>[], handler: ErrorHandler<E, Event>): this {
    this.#assertOpen()
    assertFunction(handler, 'onError')
    for (const type of [classes].flat()) {
      if (typeof type !== 'function') throw new TypeError(`onError() takes classes of errors, not ${String(type)}`)
      this.errorHandlers.push([type, handler as ErrorHandler<never, never>])
    }
    return this
  }

  #verb<Method extends string>(method?: string): Register<Event, this, Method> {
    return ((path: Path, ...handlers: unknown[]) =>
      this.#add(method === undefined ? undefined : [method], path, handlers)) as Register<Event, this, Method>
  }

  #add(methods: readonly string[] | undefined, path: Path, rest: readonly unknown[]): this {
    this.#assertOpen()
    assertPath(path)
    this.#assertNoRegExp(path)
    for (const method of methods ?? []) assertMethod(method)
    const place = `${methods?.join(', ') ?? 'all'} ${String(path)}`
    const options = typeof rest[0] === 'object' ? (rest[0] as RouteOptions) : {}
    assertOptions(options)
    const given = (typeof rest[0] === 'object' ? rest.slice(1) : rest).flat() as Step[]
    if (given.length === 0) throw new TypeError(`${place} has no handler`)
    for (const step of given) assertFunction(step, place)
    const steps = (options as Partial<BoundOptions>)[contractKey]?.attach(given, methods, place) ?? given
    this.registrations.push({
      kind: 'route',
      methods: methods?.map((method) => method.toUpperCase()),
      path,
      options,
      steps,
    })
    return this
  }

  #use(prefix: Path | undefined, thing: unknown): void {
    if (!(thing instanceof Router)) {
      assertFunction(thing, 'use')
      if (prefix !== undefined) this.#assertNoRegExp(prefix)
      this.registrations.push({ kind: 'middleware', prefix, steps: [thing as Step] })
    } else if (prefix === undefined || typeof prefix === 'string') {
      if (this.#prefixed || (prefix ?? '/') !== '/') thing.#mountUnderPrefix()
      this.registrations.push({ kind: 'router', prefix: prefix ?? '', router: thing })
    } else {
      throw new TypeError(`A router is mounted under a path that is a string, not ${String(prefix)}`)
    }
  }

  /** From now on, and in routers within: no RegExp, which is matched against the whole path and would never match. */
  #mountUnderPrefix(): void {
    this.#prefixed = true
    for (const registration of this.registrations) {
      if (registration.kind === 'router') registration.router.#mountUnderPrefix()
      else this.#assertNoRegExp(registration.kind === 'route' ? registration.path : (registration.prefix ?? ''))
    }
  }

  #assertNoRegExp(path: Path): void {
    if (!this.#prefixed || !hasRegExp(path)) return
    throw new TypeError(
      `${String(path)} cannot be used in a router that is mounted under a path, as a RegExp is matched against the whole ` +
        'path: write it as a path such as /files/*path, or register it on the application',
    )
  }

  #assertOpen(): void {
    if (this.frozen) throw new TypeError('Routes are added before the first request: this application has answered one')
  }
}

const hasRegExp = (path: Path): boolean => path instanceof RegExp || (Array.isArray(path) && path.some(hasRegExp))

const isPath = (value: unknown): value is Path =>
  typeof value === 'string' || value instanceof RegExp || (Array.isArray(value) && value.every(isPath))

function assertFunction(value: unknown, place: string): void {
  if (typeof value !== 'function') throw new TypeError(`${place}: a handler must be a function, not ${String(value)}`)
}

function assertMethod(method: unknown): void {
  if (typeof method !== 'string' || !token.test(method)) {
    throw new TypeError(`route() takes HTTP methods, not ${String(method)}`)
  }
}

function assertPath(path: Path): void {
  try {
    compilePath(path)
  } catch (error) {
    throw explainPathError(path, error)
  }
}
