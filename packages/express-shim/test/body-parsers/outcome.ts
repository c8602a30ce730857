import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HttpRequest } from '@expressway/core/handle'
import { Incoming } from '../../src/node/incoming.ts'

// The real package's parsers and ours are both called through this shape.
// biome-ignore lint/suspicious/noExplicitAny: they are typed for different requests, which is what is compared.
export type Middleware = (req: any, res: any, next: (error?: unknown) => void) => void

export interface Sent {
  headers?: Record<string, string>
  body?: string | Buffer
  /** Sent in these pieces, without a content-length. */
  chunks?: (string | Buffer)[]
  method?: string
}

export type Outcome = Record<string, unknown>

/** Everything that an application sees of what a parser did. */
export function describeOutcome(req: { body?: unknown }, error: unknown): Outcome {
  return {
    parsed: describeValue(req.body),
    has: 'body' in req,
    error: error === undefined ? undefined : describeError(error),
  }
}

function describeValue(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return `bytes ${value.toString('hex')}`
  return value === undefined ? 'undefined' : JSON.stringify(value)
}

function describeError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown
  const error = thrown as Error & Record<string, unknown>
  return {
    name: error.name,
    class: error.constructor.name,
    message: error.message,
    status: error.status,
    statusCode: error.statusCode,
    expose: error.expose,
    firstLine: String(error.stack).split('\n    at')[0],
    enumerable: Object.keys(error)
      .sort()
      .map((key) => [key, describeValue(error[key])]),
  }
}

/** A real server whose middleware changes from call to call. */
export class ParserServer {
  readonly #server: Server
  #middleware: Middleware = (_req, _res, next) => next()

  constructor() {
    this.#server = createServer((req, res) => {
      const answer = (error?: unknown) => {
        res.setHeader('connection', 'close')
        res.end(JSON.stringify(describeOutcome(req as IncomingMessage & { body?: unknown }, error)))
      }
      try {
        this.#middleware(req, res, answer)
      } catch (error) {
        answer(error)
      }
    })
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  /** Sends a request over a socket and gives what became of it. */
  run(middleware: Middleware, sent: Sent): Promise<Outcome> {
    this.#middleware = middleware
    const { port } = this.#server.address() as AddressInfo
    return new Promise((resolve, reject) => {
      const outgoing = request({ port, host: '127.0.0.1', method: sent.method ?? 'POST', headers: lengthened(sent) })
      outgoing.on('error', reject)
      outgoing.on('response', (res) => {
        let text = ''
        res.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
        })
        res.on('end', () => resolve(JSON.parse(text)))
      })
      for (const chunk of sent.chunks ?? []) outgoing.write(chunk)
      outgoing.end(sent.body)
    })
  }
}

function lengthened({ headers, body, chunks }: Sent): IncomingHttpHeaders {
  if (body === undefined && chunks === undefined) return { ...headers }
  if (chunks) return { 'transfer-encoding': 'chunked', ...headers }
  return { 'content-length': String(Buffer.byteLength(body!)), ...headers }
}

/** A request of ours with the body in memory. */
export function incoming(sent: Sent, asText: boolean): Incoming {
  const bytes = sent.body === undefined ? undefined : Buffer.from(sent.body)
  const message = {
    method: sent.method ?? 'POST',
    path: '/',
    basePath: '',
    query: '',
    headers: Object.assign(Object.create(null), lengthened(sent)),
    rawHeaders: [],
    body: asText && bytes ? bytes.toString() : bytes,
    remoteAddress: '192.0.2.1',
    protocol: 'https',
    host: 'example.com',
    requestId: undefined,
    identity: undefined,
  } satisfies HttpRequest
  return new Incoming(message, { source: 'alb', event: {}, context: {}, streaming: false })
}

/** Runs a parser on a request of ours; what it does, it does at once. */
export function runInMemory(middleware: Middleware, sent: Sent, asText = false): Outcome {
  const req = incoming(sent, asText) as Incoming & { body?: unknown }
  let outcome: Outcome | undefined
  const next = (error?: unknown) => {
    outcome = describeOutcome(req, error)
  }
  try {
    middleware(req, {}, next)
  } catch (error) {
    next(error)
  }
  // Through JSON, as the other outcomes went.
  return JSON.parse(JSON.stringify(outcome ?? { silent: true }))
}
