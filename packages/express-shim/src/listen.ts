import type { RequestListener, Server } from 'node:http'
import { linkNode } from './node/node-link.ts'
import { closeAtSignal, webFunctionAddress } from './web-function.ts'

/**
 * Starts a real HTTP server, as Express does, with `server.listen`'s arguments. A callback is called once, also with an error.
 * Without an address, a server in an AWS Lambda Web Function listens at AWS_LAMBDA_HTTP_ENDPOINT and closes at SIGTERM, after
 * the requests that are under way.
 */
export function listen(this: unknown, ...args: unknown[]): Server {
  const server = linkNode().createServer(this as RequestListener)
  const callback = args.at(-1)
  if (typeof callback === 'function') {
    const once = onlyOnce(callback as () => unknown)
    args[args.length - 1] = once
    server.once('error', once)
  }
  const address = webFunctionAddress()
  if (address && (args.length === 0 || (args.length === 1 && typeof callback === 'function'))) {
    args.unshift(address)
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
