import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

/** What the runtime told Lambda of one invocation. */
export interface Report {
  kind: string
  contentType: string | undefined
  body: Buffer
  trailers: NodeJS.Dict<string>
}

/** Lambda's Runtime API in this process, and AWS's own runtime interface client as a child that talks to it. */
export async function startRuntime(handler: string) {
  const waiting: ((response: ServerResponse) => void)[] = []
  const idle: ServerResponse[] = []
  const reports = new Map<string, (report: Report) => void>()
  const initError = Promise.withResolvers<Report>()
  let count = 0

  const server = createServer(async (request, response) => {
    const [, id, kind] = /\/invocation\/([^/]+)(?:\/(\w+))?$/.exec(request.url!) ?? []
    if (id === 'next') return void next(response)
    const report = await read(request, kind ?? 'init')
    response.writeHead(202).end()
    if (id === undefined) initError.resolve(report)
    else reports.get(decodeURIComponent(id))!(report)
  })
  function next(response: ServerResponse) {
    const give = waiting.shift()
    if (give) give(response)
    else idle.push(response)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const child = spawnClient(handler, (server.address() as AddressInfo).port)

  return {
    initError: initError.promise,
    invoke(event: unknown): Promise<Report> {
      const id = `request-${++count}`
      const { promise, resolve } = Promise.withResolvers<Report>()
      reports.set(id, resolve)
      const give = (response: ServerResponse) => {
        response.setHeader('lambda-runtime-aws-request-id', id)
        response.setHeader('lambda-runtime-deadline-ms', String(Date.now() + 10_000))
        response.setHeader('lambda-runtime-invoked-function-arn', 'arn:aws:lambda:us-east-1:123456789012:function:f')
        response.end(JSON.stringify(event))
      }
      const ready = idle.shift()
      if (ready) give(ready)
      else waiting.push(give)
      return promise
    },
    async stop() {
      child.kill('SIGKILL')
      server.closeAllConnections()
      server.close()
    },
  }
}

async function read(request: IncomingMessage, kind: string): Promise<Report> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return { kind, contentType: request.headers['content-type'], body: Buffer.concat(chunks), trailers: request.trailers }
}

/** Where AWS's client is; it is an optional dependency, for it compiles native code when it is installed. */
export const runtimeClient = findClient()

function findClient(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('aws-lambda-ric')
  } catch {
    return undefined
  }
}

function spawnClient(handler: string, port: number): ChildProcess {
  const env = {
    PATH: process.env.PATH,
    _HANDLER: handler,
    LAMBDA_TASK_ROOT: fileURLToPath(new URL('.', import.meta.url)),
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
    AWS_LAMBDA_FUNCTION_NAME: 'f',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_LOG_GROUP_NAME: 'g',
    AWS_LAMBDA_LOG_STREAM_NAME: 's',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    // The native client's own way to ask for work fails with some builds of libcurl; this one is JavaScript.
    AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
  }
  if (runtimeClient === undefined) throw new Error('aws-lambda-ric is not installed')
  return spawn(process.execPath, [runtimeClient], { env, stdio: 'ignore' })
}
