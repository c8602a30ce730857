import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { GatewayName } from '@expressway/testing/gateway'
import { type GatewayOptions, gateway as gatewayNamed } from '@expressway/testing/gateway'
import type { Engine } from '../process/engine.ts'
import type { Paint } from '../terminal.ts'
import { type ServerParts, serve } from './exchange.ts'
import { History } from './history.ts'
import { hostName, isOwnHost } from './host-guard.ts'
import { createInspectPage } from './inspect-routes.ts'
import { formatInvocation } from './request-log.ts'

/** How the server listens, and what it shows of requests. */
export interface ListenOptions {
  gateway: GatewayName
  gatewayOptions?: GatewayOptions
  host?: string
  port?: number
  inspectPage?: boolean
  log?: (text: string) => void
  /** The colours of the log; without it there are none. */
  paint?: Paint
  /** Names besides the server's own address that requests may have as `Host`; `*` allows every name. */
  allowHosts?: readonly string[]
}

/** A server that runs. */
export interface LocalServer extends AsyncDisposable {
  /** `http://127.0.0.1:3000`, without a slash at the end. */
  readonly url: string
  readonly port: number
  /** Takes no more requests and waits a second for those underway. */
  close(): Promise<void>
}

/** How long requests that are underway may go on after `close`. */
const graceMs = 1000

/**
 * Listens, and sends each request to the engine.
 * @throws Error with the code EADDRINUSE if the port is in use
 */
export async function startServer(engine: Engine, options: ListenOptions): Promise<LocalServer> {
  const { host = '127.0.0.1', port = 0, log = () => {}, paint, gatewayOptions } = options
  const rules = { host, allowHosts: options.allowHosts }
  const parts: ServerParts = {
    engine,
    gateway: options.gateway,
    basePath: gatewayNamed(options.gateway).basePath(gatewayOptions),
    history: new History(),
    onDone: (record) => log(formatInvocation(record, paint)),
  }
  const inspect = options.inspectPage ? createInspectPage(parts, rules) : undefined
  // The gateway says which headers are too large, not Node.
  const server = createServer({ maxHeaderSize: 256 * 1024 }, (message, response) => {
    if (inspect?.handles(message)) inspect.serve(message, response)
    else if (!isOwnHost(message.headers.host ?? host, rules)) refuseHost(message, response, log)
    else void serve(parts, message, response)
  })
  await listen(server, host, port)
  const bound = (server.address() as AddressInfo).port
  const close = once(async () => {
    inspect?.close()
    await stop(server)
    await engine.close()
  })
  return { url: `http://${urlHost(host)}:${bound}`, port: bound, close, [Symbol.asyncDispose]: close }
}

/** 403 for a request by a name that is not the server's own: see {@link isOwnHost}. */
function refuseHost(message: IncomingMessage, response: ServerResponse, log: (text: string) => void): void {
  const name = hostName(message.headers.host ?? '')
  const sentence = `The host ${JSON.stringify(name)} is not allowed: use the address that the server prints, or allow the name by --allow-host (allowHosts in a program).`
  message.resume()
  log(`403 ${sentence}`)
  response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`)
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(readable(error, host, port)))
    server.listen(port, host, resolve)
  })
}

function readable(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} of ${host} is in use: stop what uses it, or choose another port (0 for any that is free).`,
    EACCES: `Port ${port} is not yours to use: choose one above 1023.`,
    EADDRNOTAVAIL: `This machine has no address ${host}: use 127.0.0.1, or 0.0.0.0 for all of its addresses.`,
    ENOTFOUND: `Nothing is known by the name ${host}: use 127.0.0.1, or 0.0.0.0 for all of its addresses.`,
  }
  const message = reasons[error.code ?? '']
  return message === undefined ? error : Object.assign(new Error(message), { code: error.code })
}

/** A host in a URL that a client on this machine can follow. */
function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(timer)
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => (running ??= work())
}
