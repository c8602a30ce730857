import type { AsyncLocalStorage } from 'node:async_hooks'
import type { TracingChannel } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { TracedLayer } from '../exchange.ts'

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

/** The channel that Express 5.3 publishes to for instrumentation. It costs nothing without a subscriber. */
const CHANNEL = 'express.router.request'

let storage: AsyncLocalStorage<TracedLayer[]> | undefined
const byPort = new Map<number, TracedLayer[]>()
let listening = 0

/** Runs `work` and records the layers that it enters, in this process or behind a connection from it. */
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

/** A server in this process runs in another asynchronous context: its requests are known by the port of the client. */
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
  // The asynchronous context first: to read `req.socket` of the shim creates a socket.
  const trace = storage?.getStore() ?? byPort.get(req.socket?.remotePort ?? -1)
  if (!trace) return
  const base = req.baseUrl ?? ''
  const isRoute = req.route?.stack?.includes(layer) === true
  const path = isRoute ? base + (route === '/' && base ? '' : String(route)) : base || '/'
  const kind = errorHandler ? 'error' : isRoute ? 'route' : 'middleware'
  const name = handler.name || layer.name || '<anonymous>'
  trace.push({ name, path, kind, ...(isRoute ? { method: req.method } : {}), handler })
}
