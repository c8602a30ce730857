import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { runtimeClient } from './runtime-client.ts'

/** What the runtime told Lambda of an invocation, or of its failed start. */
export interface Report {
  /** `response` or `error`. */
  kind: string
  contentType: string | undefined
  body: Buffer
  /** The error that came after the first byte. */
  error: { errorType: string; errorMessage: string; trace?: string[] } | undefined
}

/** The request by which the runtime reports, from its head on: the body is still to be read. */
export interface Reporting {
  requestId: string
  kind: string
  message: IncomingMessage
  /** Reads it to its end. */
  report(): Promise<Report>
}

export type Runtime = Awaited<ReturnType<typeof startRuntime>>

type Give = (response: ServerResponse) => void

/** Lambda's Runtime API in this process, and AWS's own runtime interface client as a child that talks to it. */
export async function startRuntime(folder: string, handler: string, env: Record<string, string> = {}) {
  const waiting: Give[] = []
  const idle: ServerResponse[] = []
  const asking = new EventEmitter()
  const reports = new Map<string, (reporting: Reporting) => void>()
  const initError = Promise.withResolvers<Report>()
  let count = 0

  const server = createServer((request, response) => {
    const [, id, kind = ''] = /\/invocation\/([^/]+)(?:\/(\w+))?$/.exec(request.url!) ?? []
    if (id === 'next') return void next(response)
    request.once('end', () => response.writeHead(202).end())
    const reporting = { requestId: id ?? '', kind, message: request, report: () => read(request, kind) }
    if (id === undefined) initError.resolve(reporting.report())
    else reports.get(id)!(reporting)
  })
  function next(response: ServerResponse): void {
    response.once('close', () => idle.includes(response) && idle.splice(idle.indexOf(response), 1))
    const give = waiting.shift()
    if (give) give(response)
    else {
      idle.push(response)
      asking.emit('next')
    }
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const port = (server.address() as AddressInfo).port
  const child = spawn(process.execPath, [...runtimeClient], {
    env: { ...environment(folder, handler, port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += chunk))
  const exited = once(child, 'exit')

  /** Gives the event to the runtime; settles when it begins to answer. */
  function begin(event: unknown, remainingMs = 10_000): Promise<Reporting> {
    const id = `request-${++count}`
    const { promise, resolve } = Promise.withResolvers<Reporting>()
    reports.set(id, resolve)
    const give: Give = (response) => {
      response.setHeader('lambda-runtime-aws-request-id', id)
      response.setHeader('lambda-runtime-deadline-ms', String(Date.now() + remainingMs))
      response.setHeader('lambda-runtime-invoked-function-arn', 'arn:aws:lambda:us-east-1:123456789012:function:f')
      response.end(JSON.stringify(event))
    }
    const ready = idle.shift()
    if (ready) give(ready)
    else waiting.push(give)
    return promise
  }

  return {
    begin,
    async invoke(event: unknown, remainingMs?: number): Promise<Report> {
      return (await begin(event, remainingMs)).report()
    },
    initError: initError.promise,
    /** Waits until so many threads ask for work. */
    async ready(threads: number): Promise<void> {
      while (idle.length < threads) await once(asking, 'next')
    },
    exited,
    log: () => log,
    async stop() {
      child.kill('SIGKILL')
      await exited
      server.closeAllConnections()
      server.close()
    },
  }
}

async function read(message: IncomingMessage, kind: string): Promise<Report> {
  const body = await buffer(message)
  const trailer = message.trailers['lambda-runtime-function-error-body']
  const error = trailer === undefined ? undefined : JSON.parse(Buffer.from(trailer, 'base64').toString())
  return { kind, contentType: message.headers['content-type'], body, error }
}

// The client reads the handler's name from _HANDLER alone, and refuses to start if one of the names below is missing.
const environment = (folder: string, handler: string, port: number): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  _HANDLER: handler,
  LAMBDA_TASK_ROOT: folder,
  AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
  AWS_LAMBDA_FUNCTION_NAME: 'f',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
  AWS_LAMBDA_LOG_GROUP_NAME: 'g',
  AWS_LAMBDA_LOG_STREAM_NAME: 's',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  // Asks for work in JavaScript instead of in the native module.
  AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
})
