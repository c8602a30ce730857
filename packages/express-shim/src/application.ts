import type { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import { check } from './check.ts'
import { finalHandler } from './final-handler.ts'
import { type LambdaHandler, type StreamingLambdaHandler, toLambdaHandler, toStreamingLambdaHandler } from './lambda.ts'
import { listen } from './listen.ts'
import type { Incoming } from './node/incoming.ts'
import { INVOCATION, MESSAGE } from './node/message-state.ts'
import { linkNode } from './node/node-link.ts'
import { setPoweredBy } from './node/outgoing-headers.ts'
import { hide } from './property.ts'
import { Request } from './request.ts'
import { Response } from './response.ts'
import { methods } from './routing/methods.ts'
import { Router, splitPath } from './routing/router.ts'
import { applySetting, defaultSettings, inheritSettings, markTrustProxyDefault, type Settings } from './settings.ts'
import type { Handler, MessageApplication, Next, ParamHandler, RoutedRequest, RoutedResponse } from './types.ts'
import { dotted, type Engine, type View } from './view.ts'

/** A function of (req, res, next) with everything that `express.application` has, and an event emitter's members. */
export interface Application extends EventEmitter {
  (req: RoutedRequest, res: RoutedResponse, next?: Next): void
  request: RoutedRequest
  response: RoutedResponse
  cache: Record<string, View>
  engines: Record<string, Engine>
  settings: Settings
  locals: Record<string, unknown> & { settings: Settings }
  mountpath: unknown
  parent?: Application
  readonly router: Router
  init(): void
  defaultConfiguration(): void
  handle(req: RoutedRequest, res: RoutedResponse, callback?: Next): void
  use(...args: unknown[]): this
  route(path: unknown): Router['route'] extends (path: unknown) => infer R ? R : never
  all(path: unknown, ...handlers: unknown[]): this
  engine(extension: string, engine: Engine): this
  param(name: string | string[], handler: ParamHandler): this
  get(name: string, ...handlers: unknown[]): unknown
  set(name: string, value?: unknown): unknown
  path(): string
  enabled(name: string): boolean
  disabled(name: string): boolean
  enable(name: string): this
  disable(name: string): this
  render(name: string, options: object | RenderCallback | undefined, callback?: RenderCallback): void
  listen(...args: unknown[]): Server
  /** The application as a Lambda handler. */
  handler: LambdaHandler
  /** The same for answers that are sent as they are written. */
  streamHandler: StreamingLambdaHandler
  [method: string]: unknown
}

type RenderCallback = (error: unknown, html?: string) => void

/** Express's `application`: what each application is given a copy of, so that a patched member is in all that come after. */
export const application = {
  init(this: Application): void {
    this.cache = Object.create(null)
    this.engines = Object.create(null)
    this.settings = Object.create(null)
    this.defaultConfiguration()
    let router: Router | undefined
    Object.defineProperty(this, 'router', {
      configurable: true,
      enumerable: true,
      // At its first use, as the settings that it depends on are set after the application is made.
      get: () =>
        (router ??= new Router({
          caseSensitive: this.enabled('case sensitive routing'),
          strict: this.enabled('strict routing'),
        })),
    })
  },

  defaultConfiguration(this: Application): void {
    const { settings } = this
    Object.assign(settings, defaultSettings())
    markTrustProxyDefault(settings, true)
    this.on('mount', function (this: Application, parent: Application) {
      inheritSettings(this.settings, parent.settings)
      Object.setPrototypeOf(this.request, parent.request)
      Object.setPrototypeOf(this.response, parent.response)
      Object.setPrototypeOf(this.engines, parent.engines)
    })
    this.locals = Object.create(null)
    this.mountpath = '/'
    this.locals.settings = settings
  },

  handle(this: Application, req: RoutedRequest, res: RoutedResponse, callback?: Next): void {
    // Read now, as Express does: what a handler sets is for the next request.
    const { settings } = this
    const env = settings['env'] as string
    const done = callback || ((error: unknown) => finish(this, env, req, res, error))
    if (settings['x-powered-by']) setPoweredBy(res)
    if (res.req !== req && res.req) standIn(req, res.req)
    req.res = res
    res.req = req
    adopt(req, this.request, Request)
    adopt(res, this.response, Response)
    if (!res.locals) res.locals = Object.create(null)
    this.router.handle(req, res, done)
  },

  use(this: Application, ...args: unknown[]): Application {
    const [path, handlers] = splitPath(args)
    check(handlers.length, 'app.use() requires a middleware function')
    for (const handler of handlers as (Application | undefined)[]) {
      if (!handler?.handle || !handler.set) this.router.use(path, handler)
      else mount(this, path, handler)
    }
    return this
  },

  route(this: Application, path: unknown): unknown {
    return this.router.route(path)
  },

  engine(this: Application, extension: string, engine: Engine): Application {
    if (typeof engine !== 'function') throw new Error('callback function required')
    this.engines[dotted(extension)] = engine
    return this
  },

  param(this: Application, name: string | string[], handler: ParamHandler): Application {
    if (Array.isArray(name)) for (const each of name) this.param(each, handler)
    else this.router.param(name, handler)
    return this
  },

  set(this: Application, name: string, value?: unknown): unknown {
    // biome-ignore lint/complexity/noArguments: with one argument it reads the setting, with undefined as second it sets it.
    if (arguments.length === 1) return this.settings[name]
    applySetting(this.settings, name, value)
    return this
  },

  path(this: Application): string {
    return this.parent ? this.parent.path() + this.mountpath : ''
  },

  enabled(this: Application, name: string): boolean {
    return Boolean(this.set(name))
  },

  disabled(this: Application, name: string): boolean {
    return !this.set(name)
  },

  enable(this: Application, name: string): unknown {
    return this.set(name, true)
  },

  disable(this: Application, name: string): unknown {
    return this.set(name, false)
  },

  all(this: Application, path: unknown, ...handlers: unknown[]): Application {
    const route = this.route(path)
    for (const method of methods) (route[method] as Handler).apply(route, handlers)
    return this
  },

  render(
    this: Application,
    name: string,
    options: object | RenderCallback | undefined,
    callback?: RenderCallback,
  ): unknown {
    const done = (typeof options === 'function' ? options : callback) as RenderCallback
    const own = (typeof options === 'function' ? {} : (options ?? {})) as { _locals?: object; cache?: unknown }
    const merged: { cache?: unknown } = { ...this.locals, ...own._locals, ...own }
    merged.cache ??= this.enabled('view cache')
    let view = merged.cache ? this.cache[name] : undefined
    if (!view) {
      view = findView(this, name)
      if (!view.path) return done(missingView(name, view))
      if (merged.cache) this.cache[name] = view
    }
    try {
      return view.render(merged, done)
    } catch (error) {
      return done(error)
    }
  },

  listen,

  // Made when they are first read: `export const handler = app.handler`.
  get handler(): LambdaHandler {
    return hide(this, 'handler', toLambdaHandler(this))
  },

  set handler(handler: LambdaHandler) {
    hide(this, 'handler', handler)
  },

  get streamHandler(): StreamingLambdaHandler {
    return hide(this, 'streamHandler', toStreamingLambdaHandler(this))
  },

  set streamHandler(handler: StreamingLambdaHandler) {
    hide(this, 'streamHandler', handler)
  },
}

// No members of Express's that a tool might list or copy.
for (const name of ['handler', 'streamHandler']) Object.defineProperty(application, name, { enumerable: false })

for (const method of methods) {
  ;(application as unknown as Application)[method] = function (
    this: Application,
    path: string,
    ...handlers: unknown[]
  ) {
    const route = this.route(path)
    ;(route[method] as Handler).apply(route, handlers)
    return this
  }
}

const { get: route } = application as unknown as Application

// A function of its own that gathers no arguments: each request reads settings by it.
;(application as unknown as Application).get = function get(this: Application, name: string): unknown {
  // biome-ignore lint/complexity/noArguments: `app.get('setting')` and `app.get('/path', undefined)` differ in nothing else.
  return arguments.length === 1 ? this.set(name) : route.apply(this, arguments as unknown as [string])
}

/** Ours were made with the prototype of their application; Node's own, and those that another application made, are given it. */
function adopt(message: object, prototype: object, ours: typeof Request | typeof Response): void {
  if (Object.getPrototypeOf(message) === prototype) return
  if (!(message instanceof ours)) linkNode()
  Object.setPrototypeOf(message, prototype)
}

/** A hand-made request for an inner application borrows message and invocation of the request that the response answers. */
function standIn(req: object, answered: object): void {
  const { [MESSAGE]: message, [INVOCATION]: invocation } = answered as Partial<Incoming>
  if (message && !Object.hasOwn(req, MESSAGE)) {
    Object.assign(req, { [MESSAGE]: message, [INVOCATION]: invocation })
  }
}

/** Leads from a mounted function to its application, for what lists routes. */
const MOUNTED = Symbol.for('expressway.mounted-app')

function mount(parent: Application, path: unknown, child: Application): void {
  child.mountpath = path
  child.parent = parent
  function mounted_app(req: RoutedRequest, res: RoutedResponse, next: Next): void {
    const outer = req.app as MessageApplication
    child.handle(req, res, (error) => {
      Object.setPrototypeOf(req, outer.request)
      Object.setPrototypeOf(res, outer.response)
      next(error)
    })
  }
  hide(mounted_app, MOUNTED, child)
  parent.router.use(path, mounted_app)
  child.emit('mount', parent)
}

function finish(app: Application, env: string, req: RoutedRequest, res: RoutedResponse, error: unknown): void {
  // At once, not in a later turn as Express does: a Lambda environment may be frozen by then, and the message with it.
  finalHandler(req, res, { env, onerror: (thrown) => app.get('env') !== 'test' && console.error(thrown) })(error)
}

function findView(app: Application, name: string): View {
  const Found = app.get('view') as typeof View
  return new Found(name, {
    defaultEngine: app.get('view engine') as string | undefined,
    root: app.get('views') as string | string[],
    engines: app.engines,
  })
}

function missingView(name: string, view: View): Error {
  const { root } = view
  const many = Array.isArray(root) && root.length > 1
  const folders = many ? `directories "${root.slice(0, -1).join('", "')}" or "${root.at(-1)}"` : `directory "${root}"`
  return Object.assign(new Error(`Failed to lookup view "${name}" in views ${folders}`), { view })
}
