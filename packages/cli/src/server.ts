/**
 * The local server of the command, for a program: a handler behind a gateway on a port.
 * @module
 */
import type { ContextOptions } from '@expressway/testing/context'
import type { GatewayName, GatewayOptions } from '@expressway/testing/gateway'
import { installStreaming, type LambdaHandler } from '@expressway/testing/runtime'
import { localEngine } from './process/engine.ts'
import { type LocalServer, startServer } from './server/listen.ts'

export type { LocalServer } from './server/listen.ts'

/** How {@link createLocalServer} listens and what stands in front of the handler. */
export interface LocalServerOptions {
  /** Default `http-api`. */
  gateway?: GatewayName
  /**
   * What belongs to the gateway: stage, CORS, binary media types and so on. A streaming handler turns on a function URL's
   * and a REST API's streaming, unless it is set here.
   */
  gatewayOptions?: GatewayOptions
  /** The Lambda context; `remainingMs` is 30 seconds by default, and each request has an id of its own. */
  context?: ContextOptions
  /** Default 127.0.0.1: only this machine. */
  host?: string
  /** Default 0: any free port. */
  port?: number
  /** Names besides the server's own address that requests may have as `Host`; `*` allows every name. Others get a 403. */
  allowHosts?: readonly string[]
  /** Serves a page at `/_expressway` that shows the last 200 invocations, secrets and all. Default false. */
  inspectPage?: boolean
  /** Gets a line for each request, with its warnings and a failed function's stack on lines after it. Default: nothing. */
  log?: (text: string) => void
}

/**
 * A real HTTP server that sends every request through a gateway and the Lambda runtime to a handler.
 * @throws TypeError if `handler` is not a handler, or the gateway is unknown
 * @throws Error with the code EADDRINUSE if the port is in use
 * @example
 * await using server = await createLocalServer(handler, { gateway: 'function-url' })
 * await fetch(`${server.url}/hello/ada`)
 */
export async function createLocalServer(
  handler: LambdaHandler | { handler: LambdaHandler },
  options: LocalServerOptions = {},
): Promise<LocalServer> {
  installStreaming()
  const { gateway = 'http-api', gatewayOptions, context } = options
  const engine = localEngine(lambdaHandlerOf(handler), { gateway, gatewayOptions, context })
  return startServer(engine, { ...options, gateway })
}

function lambdaHandlerOf(given: LambdaHandler | { handler: LambdaHandler }): LambdaHandler {
  const handler = 'handler' in Object(given) ? (given as { handler: LambdaHandler }).handler : given
  if (typeof handler === 'function') return handler
  const kind = given === null ? 'null' : typeof given
  throw new TypeError(`createLocalServer takes a Lambda handler or an object with one as \`handler\`, this is ${kind}`)
}
