import type { AsyncLocalStorage } from 'node:async_hooks'
import type { TracingChannel } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { type Expectation, mismatch, show } from '../expect/expectation.ts'

/** A layer of an Express application that a request went through. */
export interface TracedLayer {
  /** Its function's name. */
  name: string
  /** Of a route: as registered, behind the paths of the routers that it is in. Of a middleware: what it was mounted at. */
  path: string
  kind: 'middleware' | 'route' | 'error'
  /** Of a route: the request's method. */
  method?: string
  handler: unknown
}

/** What Express 5.3 and the shim publish when a request enters a handler. */
interface Entered {
  req: {
    method: string
    baseUrl?: string
    socket?: { remotePort?: number }
    route?: { stack?: readonly unknown[] }
  }
  layer: { name?: string }
  handler: ((...args: unknown[]) => unknown) & { name: string }
  route?: unknown
  param?: string
  errorHandler?: true
}

/** https://expressjs.com: the channel that instrumentation listens to; without a listener no application pays for it. */
const CHANNEL = 'express.router.request'

let storage: AsyncLocalStorage<TracedLayer[]> | undefined
const byPort = new Map<number, TracedLayer[]>()
let listening = 0

/** Runs `work` and notes the layers that it enters, in this process or behind a connection of it. */
export async function withLayerTrace<T>(trace: TracedLayer[] | undefined, work: () => Promise<T>): Promise<T> {
  if (!trace) return work()
  const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks')
  storage ??= new AsyncLocalStorage()
  if (listening++ === 0) channel().start.subscribe(note)
  try {
    return await storage.run(trace, work)
  } finally {
    if (--listening === 0) channel().start.unsubscribe(note)
  }
}

/** A server of this process runs in another context: its requests are known by the port that they come from. */
export function traceConnection(socket: Socket, trace: TracedLayer[] | undefined): void {
  if (!trace) return
  const remember = () => byPort.set(socket.localPort!, trace)
  if (socket.connecting) socket.once('connect', remember)
  else remember()
  socket.once('close', () => byPort.delete(socket.localPort!))
}

function channel(): TracingChannel<string, object> {
  return process.getBuiltinModule('node:diagnostics_channel').tracingChannel(CHANNEL)
}

function note(message: unknown): void {
  const { req, layer, handler, route, param, errorHandler } = message as Entered
  if (param !== undefined) return
  // The context first: to ask a request of the shim for its socket would make it one.
  const trace = storage?.getStore() ?? byPort.get(req.socket?.remotePort ?? -1)
  if (!trace) return
  const base = req.baseUrl ?? ''
  const isRoute = req.route?.stack?.includes(layer) === true
  const path = isRoute ? base + (route === '/' && base ? '' : String(route)) : base || '/'
  const kind = errorHandler ? 'error' : isRoute ? 'route' : 'middleware'
  const name = handler.name || layer.name || '<anonymous>'
  trace.push({ name, path, kind, ...(isRoute ? { method: req.method } : {}), handler })
}

/** A layer of this name or path (`GET /users/:id`, `/users/:id`, `auth`), one that matches, or this function. */
export function expectHandledBy(layer: string | RegExp | ((...args: never[]) => unknown)): Expectation {
  return ({ trace = [] }) => {
    if (trace.some((entered) => isLayer(entered, layer))) return
    const entered = trace.map(describe)
    const wanted = typeof layer === 'function' ? layer.name || 'this function' : layer
    if (entered.length > 0) {
      return mismatch(`expected ${show(wanted)} to handle it, got: ${entered.join(', ')}`, wanted, entered)
    }
    return new Error(
      `expected ${show(wanted)} to handle it, but no layer was seen: the application has to run in this process, on ` +
        'Express 5.3 or later or the shim, whose routers tell of their layers.',
    )
  }
}

function isLayer(entered: TracedLayer, wanted: string | RegExp | ((...args: never[]) => unknown)): boolean {
  if (typeof wanted === 'function') return entered.handler === wanted
  const { name, path, method } = entered
  const known = method ? [name, path, `${method} ${path}`] : [name, path]
  return typeof wanted === 'string' ? known.includes(wanted) : known.some((text) => wanted.test(text))
}

function describe({ name, path, method }: TracedLayer): string {
  return `${name} ${method ? `${method} ` : ''}${path}`
}
