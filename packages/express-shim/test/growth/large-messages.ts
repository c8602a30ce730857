// Large bodies and long streams through each framework, and what they take; a program of its own, so that the memory is its own.
// node --expose-gc packages/express-shim/test/growth/large-messages.ts
import { Readable, Writable } from 'node:stream'
import { createApp } from '@expressway/core'
import realExpress from 'express'
import shim from '../../src/index.ts'
import { toLambdaHandler, toStreamingLambdaHandler } from '../../src/listener.ts'

/** Memory and work of one large request with an answer of the same size. */
export interface Echo {
  /** Bytes of the body. */
  readonly size: number
  /** Bytes that are held beside the event while the handler has the body. */
  readonly inHandler: number
  /** Bytes that are held beside the event when the result is there. */
  readonly withResult: number
  /** Bytes that went through the functions of Buffer, each of which copies. */
  readonly copied: number
  /** Whether the answer has every byte of the request. */
  readonly isEqual: boolean
}

/** Memory of one streamed answer to a reader that is slower than its writer. */
export interface LongStream {
  readonly sent: number
  /** The most bytes of chunks that were held at a time. */
  readonly held: number
  /** Bytes by which the resident memory of the process had grown at most since its start. */
  readonly resident: number
}

export interface LargeMessages {
  readonly echoes: {
    readonly name: string
    readonly kind: 'text' | 'bytes'
    readonly quarter: Echo
    readonly large: Echo
  }[]
  /** By the framework's name. */
  readonly streams: Record<string, LongStream>
}

type Handler = (...parameters: never[]) => unknown

interface Framework {
  readonly handler: Handler
  readonly streamHandler: Handler
}

const MEGABYTE = 1024 * 1024
const CHUNKS = 1024

async function* chunks(): AsyncGenerator<Buffer> {
  for (let index = 0; index < CHUNKS; index++) yield Buffer.alloc(MEGABYTE, index)
}

let inHandler = 0

function coreApplication(): Framework {
  const app = createApp()
  app.post('/text', (req) => {
    const body = req.text()
    inHandler = held()
    return body
  })
  app.post('/bytes', (req) => {
    const body = req.bytes()
    inHandler = held()
    return body
  })
  app.get('/stream', () => chunks())
  return app as never
}

function expressApplication(express: typeof shim) {
  const app = express()
  app.post('/text', express.text({ limit: '7mb' }), (req, res) => {
    inHandler = held()
    res.send(req.body)
  })
  app.post('/bytes', express.raw({ limit: '7mb' }), (req, res) => {
    inHandler = held()
    res.send(req.body)
  })
  app.get('/stream', (_req, res) => {
    Readable.from(chunks(), { objectMode: false }).pipe(res)
  })
  return app
}

function listenerApplication(): Framework {
  const listener = expressApplication(realExpress as never) as never
  return { handler: toLambdaHandler(listener), streamHandler: toStreamingLambdaHandler(listener) }
}

const frameworks = {
  core: coreApplication(),
  shim: expressApplication(shim) as unknown as Framework,
  listener: listenerApplication(),
}

const context = { getRemainingTimeInMillis: () => 60_000 }

/** Bytes in use after a full collection. */
function held(): number {
  globalThis.gc!()
  globalThis.gc!()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

let copied = 0

/** Counts the bytes that each of these functions gives. */
function countCopies(): void {
  const count = (target: object, name: string, lengthOf: (result: never) => number) => {
    const original = Reflect.get(target, name) as (...parameters: unknown[]) => unknown
    Reflect.set(target, name, function (this: unknown, ...parameters: unknown[]) {
      const result = original.apply(this, parameters)
      // A view over an ArrayBuffer is no copy.
      if (!(parameters[0] instanceof ArrayBuffer)) copied += lengthOf(result as never)
      return result
    })
  }
  for (const name of ['from', 'concat', 'copyBytesFrom']) count(Buffer, name, (made: Buffer) => made.length)
  for (const name of ['toString', 'utf8Slice', 'latin1Slice'])
    count(Buffer.prototype, name, (text: string) => text.length)
  count(TextDecoder.prototype, 'decode', (text: string) => text.length)
  count(TextEncoder.prototype, 'encode', (made: Uint8Array) => made.length)
}

function eventOf(kind: 'text' | 'bytes', size: number): object {
  const isBase64Encoded = kind === 'bytes'
  // One flat text, as JSON.parse makes it.
  const body = isBase64Encoded
    ? Buffer.alloc((size / 4) * 3, 'bytes').toString('base64')
    : Buffer.alloc(size, 'text').toString('latin1')
  const headers = { 'content-type': isBase64Encoded ? 'application/octet-stream' : 'text/plain' }
  return { httpMethod: 'POST', path: `/${kind}`, headers, body, isBase64Encoded }
}

async function echo({ handler }: Framework, kind: 'text' | 'bytes', size: number): Promise<Echo> {
  const event = eventOf(kind, size)
  const before = held()
  copied = 0
  const result = (await handler(event as never, context as never)) as { body: string }
  const { body } = event as { body: string }
  const work = copied
  // What follows the answer, such as the `close` event, is over.
  await new Promise((resolve) => setImmediate(resolve))
  const withResult = held() - before
  return { size, inHandler: inHandler - before, withResult, copied: work, isEqual: result.body === body }
}

/** Takes one chunk for each turn of the event loop, and measures what is held. */
async function stream({ streamHandler }: Framework): Promise<LongStream> {
  const before = buffersHeld()
  let sent = 0
  let most = 0
  let taken = 0
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      sent += chunk.length
      if (++taken % 128 === 0) most = Math.max(most, buffersHeld() - before)
      setImmediate(done)
    },
  })
  const finished = new Promise((resolve, reject) => sink.once('finish', resolve).once('error', reject))
  const target = Object.assign(sink, { setContentType() {} })
  const event = { httpMethod: 'GET', path: '/stream', headers: {}, requestContext: {} }
  await streamHandler(event as never, target as never, context as never)
  await finished
  return { sent, held: most, resident: process.resourceUsage().maxRSS * 1024 - residentAtStart }
}

function buffersHeld(): number {
  globalThis.gc!()
  globalThis.gc!()
  return process.memoryUsage().arrayBuffers
}

const residentAtStart = process.resourceUsage().maxRSS * 1024
const streams: Record<string, LongStream> = {}
for (const [name, framework] of Object.entries(frameworks)) streams[name] = await stream(framework)

countCopies()
const size = 5.5 * MEGABYTE
const echoes: LargeMessages['echoes'] = []
for (const [name, framework] of Object.entries(frameworks)) {
  for (const kind of ['text', 'bytes'] as const) {
    await echo(framework, kind, 4096) // loads what is loaded at first use
    const quarter = await echo(framework, kind, size / 4)
    echoes.push({ name, kind, quarter, large: await echo(framework, kind, size) })
  }
}
console.log(JSON.stringify({ echoes, streams } satisfies LargeMessages))
