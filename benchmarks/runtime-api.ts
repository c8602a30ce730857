// The Lambda Runtime API as AWS documents it, for one runtime: what aws-lambda-ric asks for work.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Work {
  readonly payload: string
  resolve(result: string): void
  reject(error: Error): void
}

const version = '/2018-06-01/runtime'

export class RuntimeApi {
  readonly #server: Server = createServer((req, res) => void this.#route(req, res))
  readonly #waiting: Work[] = []
  readonly #running = new Map<string, Work>()
  #idle: ServerResponse | undefined
  #count = 0

  /** Starts to listen; gives what AWS_LAMBDA_RUNTIME_API has to be: host and port, without a scheme. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  /**
   * Hands an event, as JSON, to the runtime, and gives the result, as JSON.
   * @throws Error with what the runtime reports as the function's error.
   */
  invoke(payload: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ payload, resolve, reject })
      this.#hand()
    })
  }

  /** Fails everything that was asked: the runtime is gone. */
  abandon(reason: Error): void {
    for (const { reject } of [...this.#waiting.splice(0), ...this.#running.values()]) reject(reason)
    this.#running.clear()
  }

  async #route(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.url === `${version}/invocation/next`) {
      this.#idle = res
      return this.#hand()
    }
    const [, id, outcome] = /\/invocation\/([^/]+)\/(response|error)$/.exec(req.url ?? '') ?? []
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    res.writeHead(202).end('{"status":"OK"}')
    const work = this.#running.get(id ?? '')
    if (work === undefined) return this.abandon(new Error(`The runtime reports ${body}`))
    this.#running.delete(id!)
    if (outcome === 'response') work.resolve(body)
    else work.reject(new Error(`The function fails: ${body}`))
  }

  #hand(): void {
    const work = this.#idle && this.#waiting.shift()
    if (!work || !this.#idle) return
    const id = `00000000-0000-4000-8000-${String(++this.#count).padStart(12, '0')}`
    this.#running.set(id, work)
    this.#idle.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + 30_000),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:123456789012:function:benchmark',
      'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000001;Sampled=0',
    })
    this.#idle.end(work.payload)
    this.#idle = undefined
  }
}
