import type { RequestListener, Server } from 'node:http'
import { linkNode } from './node-link.ts'

/**
 * Starts a real HTTP server, as Express does, with `server.listen`'s arguments; a callback is called once, with an error too.
 * Without an address it listens where AWS_LAMBDA_HTTP_ENDPOINT says, if that is set: an AWS Lambda Web Function; it then
 * closes at SIGTERM, after the requests that are under way.
 */
export function listen(this: unknown, ...args: unknown[]): Server {
  const server = linkNode().createServer(this as RequestListener)
  const callback = args.at(-1)
  if (typeof callback === 'function') {
    const once = onlyOnce(callback as () => unknown)
    args[args.length - 1] = once
    server.once('error', once)
  }
  const endpoint = process.env.AWS_LAMBDA_HTTP_ENDPOINT
  if (endpoint && (args.length === 0 || (args.length === 1 && typeof callback === 'function'))) {
    args.unshift(addressOf(endpoint))
    closeAtSignal(server)
  }
  return server.listen(...(args as []))
}

function onlyOnce(callback: (...args: unknown[]) => unknown): (...args: unknown[]) => void {
  let called = false
  return function (this: unknown, ...args) {
    if (called) return
    called = true
    callback.apply(this, args)
  }
}

/** `127.0.0.1:8080`, or `[::1]:8080`. */
function addressOf(endpoint: string): { host: string; port: number } {
  const { hostname, port } = new URL(`http://${endpoint}`)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) }
}

function closeAtSignal(server: Server): void {
  const onSignal = () => {
    server.close(() => {
      // With no other listener the signal does what it would have done: it ends the process.
      if (process.listenerCount('SIGTERM') === 0) process.kill(process.pid, 'SIGTERM')
    })
  }
  process.once('SIGTERM', onSignal)
  server.once('close', () => process.off('SIGTERM', onSignal))
}
