import type { Server } from 'node:http'
import type { Handle } from '@expressway/core/handle'
import { createNodeServer, type NodeServerOptions } from './bridge/node-server.ts'
import { closeAtSignal, webFunctionAddress } from './web-function.ts'

export { type NodeServerOptions, toNodeListener } from './bridge/node-server.ts'

export interface ListenOptions extends NodeServerOptions {
  /** Default: where AWS_LAMBDA_HTTP_ENDPOINT says, else PORT, else 3000; 0 is any that is free. */
  readonly port?: number
  /** Default: where AWS_LAMBDA_HTTP_ENDPOINT says, else every address of the machine. */
  readonly host?: string
}

/**
 * Serves a handle, such as that of a core app, on a real HTTP server: an AWS Lambda Web Function, a container, a machine.
 * At SIGTERM it finishes the requests that are under way, and lets the process end.
 * @example if (import.meta.main) listen(app.handle)
 * @throws TypeError where it is given no handle.
 */
export function listen(handle: Handle, options: ListenOptions = {}): Server {
  const address = webFunctionAddress()
  const { port = address?.port ?? Number(process.env.PORT || 3000), host = address?.host, ...rest } = options
  const server = createNodeServer(handle, { trustProxy: address !== undefined, ...rest })
  closeAtSignal(server)
  return server.listen({ port, host })
}
