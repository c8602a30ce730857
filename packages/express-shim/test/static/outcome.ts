import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { HttpRequest, HttpResponse } from '@expressway/core/handle'
import { Incoming } from '../../src/node/incoming.ts'
import { Outgoing } from '../../src/node/outgoing.ts'
import { answerOf } from '../../src/node/outgoing-flow.ts'

// The real package and ours are both called through this shape.
// biome-ignore lint/suspicious/noExplicitAny: they are typed for different classes, which is what is compared.
export type Middleware = (req: any, res: any, next: (error?: unknown) => void) => void

export interface Asked {
  path: string
  method?: string
  headers?: Record<string, string>
  /** The path before a mount took its part away. */
  originalUrl?: string
}

export interface Outcome {
  status: number
  headers: string[]
  body: string
}

/** A directory of all kinds of files, with one date. */
export function makeTree(): { root: string; remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'expressway-static-'))
  const files: Record<string, string | Buffer> = {
    'index.html': '<p>home</p>',
    'name.txt': 'a name, and 26 bytes of it',
    'empty.txt': '',
    'big.bin': Buffer.alloc(200_000, 'expressway'),
    'sp ace.txt': 'space',
    '100%.txt': 'percent',
    'ütf.txt': 'utf',
    'a#b.txt': 'hash',
    noext: 'no extension',
    'unknown.ext-x': 'who knows',
    'page.html': '<p>page</p>',
    'page.json': '{}',
    'dir.with.dots/file': 'dots',
    '.hidden': 'hidden',
    '.well-known/x.txt': 'known',
    'users/index.html': '<p>users</p>',
    'users/tobi.txt': 'tobi',
    'users/.secret': 'secret',
    'users/other.htm': 'other',
    'bare/file.txt': 'bare',
    'index.d/index.html/file': 'an index that is a directory',
    'sub dir/é/f.css': 'p {}',
  }
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
    utimesSync(join(root, name), new Date('2024-02-03T04:05:06.789Z'), new Date('2024-02-03T04:05:06.789Z'))
  }
  return { root, remove: () => rmSync(root, { recursive: true }) }
}

/** What the test server answers where a middleware goes on: everything of the error. */
export function describeNext(error: unknown): string {
  if (!(error instanceof Error)) return `next ${JSON.stringify(error)}`
  const { name, message, status, statusCode, expose, code, headers } = error as Error & Record<string, unknown>
  return `next ${JSON.stringify({ name, message, status, statusCode, expose, code, headers })}`
}

interface Answering {
  readonly headersSent: boolean
  destroy(): unknown
  setHeader(name: string, value: number): unknown
  end(text: string): unknown
}

function answerNext(res: Answering, error: unknown): void {
  const text = describeNext(error)
  if (res.headersSent) res.destroy()
  else {
    res.setHeader('Content-Length', Buffer.byteLength(text))
    res.end(text)
  }
}

const unstable = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding'])

export class FileServer {
  readonly #server: Server
  #middleware: Middleware = (_req, _res, next) => next()
  #asked: Asked = { path: '/' }

  constructor() {
    this.#server = createServer((req: IncomingMessage & { originalUrl?: string }, res) => {
      if (this.#asked.originalUrl !== undefined) req.originalUrl = this.#asked.originalUrl
      const next = (error?: unknown) => answerNext(res, error)
      try {
        this.#middleware(req, res, next)
      } catch (error) {
        next(error)
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

  run(middleware: Middleware, asked: Asked): Promise<Outcome> {
    this.#middleware = middleware
    this.#asked = asked
    const { port } = this.#server.address() as AddressInfo
    const { path, method = 'GET', headers = {} } = asked
    return new Promise((resolve, reject) => {
      const outgoing = request({ port, host: '127.0.0.1', path, method, headers, agent: false })
      outgoing.on('error', reject)
      outgoing.on('response', (res) => {
        const chunks: Buffer[] = []
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('error', reject)
        res.on('end', () => {
          const lines: string[] = []
          for (let at = 0; at < res.rawHeaders.length; at += 2) {
            if (!unstable.has(res.rawHeaders[at]!.toLowerCase()))
              lines.push(`${res.rawHeaders[at]}: ${res.rawHeaders[at + 1]}`)
          }
          resolve({ status: res.statusCode!, headers: lines, body: shorten(Buffer.concat(chunks)) })
        })
      })
      outgoing.end()
    })
  }
}

function shorten(body: Buffer): string {
  if (body.length < 1000) return body.toString('latin1')
  return `${body.length} bytes ${createHash('sha1').update(body).digest('hex')}`
}

// As an HTTP parser does.
const trimmed = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.trim()]))

/** A request and a response of ours, with no server. */
export function exchange(asked: Asked, streaming = false): { req: Incoming & { originalUrl?: string }; res: Outgoing } {
  const [path, query = ''] = asked.path.split(/\?(.*)/s) as [string, string?]
  const message: HttpRequest = {
    method: asked.method ?? 'GET',
    path,
    basePath: '',
    query,
    headers: Object.assign(Object.create(null), { host: 'example.com' }, trimmed(asked.headers ?? {})),
    rawHeaders: [],
    body: undefined,
    remoteAddress: '192.0.2.1',
    protocol: 'https',
    host: 'example.com',
    requestId: undefined,
    identity: undefined,
  }
  const req = new Incoming(message, { source: 'alb', event: {}, context: {}, streaming })
  const res = new Outgoing(req)
  req.res = res
  return { req: Object.assign(req, asked.originalUrl === undefined ? {} : { originalUrl: asked.originalUrl }), res }
}

/** The same in memory; header names are lower-case there, so they are compared without regard to case. */
export async function runInMemory(middleware: Middleware, asked: Asked, streaming = false): Promise<Outcome> {
  const { req, res } = exchange(asked, streaming)
  const next = (error?: unknown) => answerNext(res, error)
  try {
    middleware(req, res, next)
  } catch (error) {
    next(error)
  }
  return toOutcome(await answerOf(res))
}

export async function toOutcome({ status, headers, body = '' }: HttpResponse): Promise<Outcome> {
  const chunks: Buffer[] = []
  if (typeof body === 'string' || body instanceof Uint8Array) chunks.push(Buffer.from(body as Uint8Array))
  else for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array))
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`))
  return { status, headers: lines, body: shorten(Buffer.concat(chunks)) }
}

/** In the same case and order. */
export function comparable({ status, headers, body }: Outcome): Outcome {
  const lines = headers.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()))
  return { status, headers: lines.sort(), body }
}
