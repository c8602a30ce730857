/**
 * The same applications on a real HTTP server: in a container, on a machine, behind the Lambda Web Adapter.
 * @module
 */
import type { Server } from 'node:http'
import { type Handle, type NodeListenerOptions, toNodeListener } from '@expressway/core/handle'
import { createServer } from './bridge/node-http.ts'
import { closeAtSignal, webFunctionAddress } from './web-function.ts'

export { type NodeListenerOptions, toNodeListener } from '@expressway/core/handle'

/** The options of {@link listen}. */
export interface ListenOptions extends NodeListenerOptions {
  /** Default: the port of AWS_LAMBDA_HTTP_ENDPOINT if it is set, otherwise PORT, otherwise 3000. 0 is any free port. */
  readonly port?: number
  /** Default: the host of AWS_LAMBDA_HTTP_ENDPOINT if it is set, otherwise every address of the machine. */
  readonly host?: string
}

/**
 * Serves a handle, such as that of a core app, on a real HTTP server: an AWS Lambda Web Function, a container, a machine.
 * At SIGTERM it finishes the requests that are under way, and lets the process end. `trustProxy` is true by default in a
 * Lambda Web Function.
 * @example if (import.meta.main) listen(app.handle)
 * @throws TypeError if `handle` is not a function.
 */
export function listen(handle: Handle, options: ListenOptions = {}): Server {
  const address = webFunctionAddress()
  const { port = address?.port ?? Number(process.env.PORT || 3000), host = address?.host, ...rest } = options
  const server = createServer(toNodeListener(handle, { trustProxy: address !== undefined, ...rest }))
  closeAtSignal(server)
  return server.listen({ port, host })
}
