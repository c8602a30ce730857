import { createServer, type IncomingMessage, type RequestListener, request as sendRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toLambdaHandler, toStreamingLambdaHandler } from '@expressway/core/lambda'
import type { GatewayName, GatewayOptions, WireRequest, WireResponse } from '@expressway/testing/gateway'
import { invoke } from '@expressway/testing/invoke'
import { toHandle } from '../../src/lambda.ts'

/** A place where an application answers. */
export interface Opened {
  send(request: WireRequest): Promise<WireResponse>
  close(): Promise<void>
}

export interface Target {
  /** The column of the table. */
  column: string
  /** Whether chunks arrive as they are written. */
  streams: boolean
  open(app: object): Promise<Opened>
}

const gatewayTargets = {
  'rest-api': lambda('REST API', 'rest-api'),
  'rest-api-stream': lambda('REST API', 'rest-api', { responseTransferMode: 'STREAM' }),
  'http-api': lambda('HTTP API', 'http-api'),
  'http-api-v1': lambda('HTTP API', 'http-api-v1'),
  'function-url': lambda('Function URL', 'function-url'),
  'function-url-stream': lambda('Function URL', 'function-url', { invokeMode: 'RESPONSE_STREAM' }),
  alb: lambda('ALB', 'alb'),
  'alb-multi-value': lambda('ALB', 'alb-multi-value'),
  'vpc-lattice': lambda('VPC Lattice', 'vpc-lattice'),
  'vpc-lattice-v1': lambda('VPC Lattice', 'vpc-lattice-v1'),
}

export type TargetName = keyof typeof gatewayTargets | 'node'

export const server: Target = { column: 'Real server', streams: true, open: serve }

/** Where the shim runs: every gateway in each of its modes, and a real server. */
export const targets: Record<TargetName, Target> = { ...gatewayTargets, node: server }

export const columns: readonly string[] = [...new Set(Object.values(targets).map(({ column }) => column))]

const whole =
  'If a buffered answer fails half-way, the client receives a 502 instead of a cut-off 200, because nothing has been sent yet.'

/** Where an answer that breaks off is none at all. */
export const cutOff: Partial<Record<TargetName, string>> = Object.fromEntries(
  Object.entries(targets)
    .filter(([, { streams }]) => !streams)
    .map(([name]) => [name, whole]),
)

function lambda(column: string, gateway: GatewayName, gatewayOptions: GatewayOptions = {}): Target {
  const streams = 'responseTransferMode' in gatewayOptions || 'invokeMode' in gatewayOptions
  return {
    column,
    streams,
    async open(app) {
      const handler = streams ? toStreamingLambdaHandler(toHandle(app)) : toLambdaHandler(toHandle(app))
      // A REST API passes bytes on only for media types that it is told of.
      const options = { gateway, gatewayOptions: { binaryMediaTypes: ['*/*'], ...gatewayOptions } }
      return { send: async (request) => (await invoke(handler, request, options)).response, close: async () => {} }
    },
  }
}

async function serve(app: object): Promise<Opened> {
  const listening = createServer(app as RequestListener)
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  return {
    send: (request) => ask(port, request),
    close: () => {
      listening.closeAllConnections()
      return new Promise((resolve) => listening.close(() => resolve()))
    },
  }
}

// What the load balancer in front of a server says, and the gateways say of themselves.
const forwarded = ['x-forwarded-for', '192.0.2.1', 'x-forwarded-port', '443', 'x-forwarded-proto', 'https']

function ask(port: number, { method, path, query, headers, body }: WireRequest): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? [] : ['content-length', String(body.length)]
    const sending = sendRequest(
      {
        port,
        host: '127.0.0.1',
        agent: false,
        method,
        path: query === '' ? path : `${path}?${query}`,
        headers: [...headers.flat(), ...forwarded, ...length],
      },
      (response) => resolve(toWire(response)),
    )
    sending.on('error', reject)
    sending.end(body)
  })
}

function toWire(response: IncomingMessage): WireResponse {
  const { rawHeaders } = response
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1]] as [string, string]] : [],
  )
  return {
    status: response.statusCode as number,
    statusText: response.statusMessage as string,
    headers,
    body: new Uint8Array(),
    stream: response,
    warnings: [],
  }
}
