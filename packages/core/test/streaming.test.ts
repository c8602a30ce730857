import { lambdaContext } from '@expressway/testing/context'
import type { GatewayName, GatewayOptions } from '@expressway/testing/gateway'
import { invoke } from '@expressway/testing/invoke'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { allowLog } from '../../../test/expect-log.ts'
import { createApp, HttpError, ndjson, type Request, sse } from '../src/index.ts'

// Warned of once in a process, see stream-warning.test.ts.
beforeEach(() => allowLog(/a streamed body was collected/))

const streaming: GatewayOptions = { invokeMode: 'RESPONSE_STREAM', responseTransferMode: 'STREAM' }

const get = (app: ReturnType<typeof createApp>, path: string, options: Parameters<typeof invoke>[2] = {}) =>
  invoke(
    app.streamHandler,
    { method: 'GET', path, query: '', headers: [['accept-encoding', 'gzip']] },
    { gateway: 'function-url', gatewayOptions: streaming, ...options },
  )

async function text(stream: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream ?? []) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

const header = (headers: [string, string][], name: string) => headers.find(([key]) => key.toLowerCase() === name)?.[1]

/** A gate that the test opens. */
const gate = () => Promise.withResolvers<void>()

const sources: Record<string, (gate: Promise<void>) => (req: Request, res: never) => unknown> = {
  'an async generator': (opened) =>
    async function* () {
      yield 'one '
      await opened
      yield 'two'
    },
  'a web stream': (opened) => () =>
    new ReadableStream({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode('one '))
        await opened
        controller.enqueue(new TextEncoder().encode('two'))
        controller.close()
      },
    }),
  'a Node stream': (opened) => () => {
    const { PassThrough } = process.getBuiltinModule('node:stream')
    const stream = new PassThrough()
    stream.write('one ')
    opened.then(() => stream.end('two'))
    return stream
  },
}

describe.each(['function-url', 'rest-api'] as GatewayName[])('%s', (gateway) => {
  it.each(Object.keys(sources))('sends chunks of %s as they come', async (name) => {
    const { promise, resolve } = gate()
    const app = createApp()
    app.get('/', sources[name]!(promise) as never)
    const { response } = await get(app, '/', { gateway })
    const chunks = response.stream![Symbol.asyncIterator]()
    expect(Buffer.from((await chunks.next()).value!).toString()).toBe('one ')
    // The second chunk does not exist yet: the first did not wait for it.
    resolve()
    let rest = ''
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) rest += Buffer.from(next.value)
    expect(rest).toBe('two')
  })

  it('sends what res.write writes while the handler runs', async () => {
    const { promise, resolve } = gate()
    const app = createApp()
    app.get('/', async (_req, res) => {
      res.status(201).type('text/plain').cookie('a', '1').cookie('b', '2')
      await res.write('one ')
      await promise
      await res.write('two')
    })
    const { response } = await get(app, '/', { gateway })
    expect(response.status).toBe(201)
    expect(response.headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value)).toEqual([
      'a=1; Path=/',
      'b=2; Path=/',
    ])
    const chunks = response.stream![Symbol.asyncIterator]()
    expect(Buffer.from((await chunks.next()).value!).toString()).toBe('one ')
    resolve()
    expect(Buffer.from((await chunks.next()).value!).toString()).toBe('two')
    expect((await chunks.next()).done).toBe(true)
  })

  it('keeps status and headers of answers without a body', async () => {
    const app = createApp({ etag: true })
    app.get('/204', (_req, res) => res.status(204).set('x-a', '1').send())
    app.get('/302', (_req, res) => res.set('x-a', '1').redirect('/x'))
    app.get('/empty', (_req, res) => res.set('x-a', '1').send(''))
    for (const [path, status] of [
      ['/204', 204],
      ['/302', 302],
      ['/empty', 200],
    ] as const) {
      const { response } = await get(app, path, { gateway })
      expect([response.status, header(response.headers, 'x-a'), await text(response.stream)]).toEqual([status, '1', ''])
    }
  })

  it('an error before the first byte is an ordinary answer', async () => {
    const app = createApp()
    app.get('/', async (_req, res) => {
      res.type('text/csv')
      throw new HttpError(409, 'no')
    })
    const { response } = await get(app, '/', { gateway })
    expect(response.status).toBe(409)
    expect(await text(response.stream)).toBe('{"statusCode":409,"message":"no"}')
  })

  it('an error after it ends the stream as failed, and is logged', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const app = createApp()
    app.get('/yield', async function* () {
      yield 'part'
      throw new Error('late')
    })
    app.get('/write', async (_req, res) => {
      await res.write('part')
      throw new Error('late')
    })
    for (const path of ['/yield', '/write']) {
      const { response, finished } = await get(app, path, { gateway })
      const received = await text(response.stream).catch((error) => String(error))
      expect(received).not.toContain('Internal server error')
      expect((await finished)?.errorMessage).toContain('late')
      expect(log).toHaveBeenCalledOnce()
      log.mockClear()
    }
    log.mockRestore()
  })

  it('the deadline tells the source in time, and ends one that does not listen as failed', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const app = createApp()
    app.get('/listens', async function* (req) {
      yield 'one '
      await new Promise((resolve) => req.signal.addEventListener('abort', resolve))
      yield 'two'
    })
    app.get('/does-not', async function* () {
      yield 'one '
      await new Promise(() => {})
    })
    const context = { remainingMs: 250 }
    const listens = await get(app, '/listens', { gateway, context })
    expect(await text(listens.response.stream)).toBe('one two')
    expect(await listens.finished).toBeUndefined()
    const doesNot = await get(app, '/does-not', { gateway, context })
    await text(doesNot.response.stream).catch(() => {})
    expect((await doesNot.finished)?.errorMessage).toContain('deadline')
    log.mockRestore()
  })
})

describe('the client', () => {
  it('that goes aborts req.signal and ends the source', async () => {
    const app = createApp()
    const ended = gate()
    let reason: unknown
    app.get('/', async function* (req) {
      req.signal.addEventListener('abort', () => {
        reason = req.signal.reason
      })
      try {
        for (;;) {
          yield 'x'
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
      } finally {
        ended.resolve()
      }
    })
    const { event } = await get(createApp(), '/')
    const { PassThrough } = process.getBuiltinModule('node:stream')
    const stream = new PassThrough()
    const invocation = app.streamHandler(event, stream, lambdaContext())
    setTimeout(() => stream.destroy(), 5)
    await ended.promise
    await invocation
    expect(String(reason)).toBe('Error: The client has gone')
  })

  it('that sends HEAD leaves no source open', async () => {
    const app = createApp()
    const ended = gate()
    app.get('/', async function* () {
      try {
        yield 'x'
        yield 'y'
      } finally {
        ended.resolve()
      }
    })
    const { response } = await invoke(app.handler, { method: 'HEAD', path: '/', query: '', headers: [] })
    await ended.promise
    expect([response.status, response.body.length]).toEqual([200, 0])
  })
})

describe('before the first chunk', () => {
  it('a generator may set status and headers', async () => {
    const app = createApp()
    app.get('/', async function* (_req, res) {
      res.status(201).type('text/csv')
      yield 'a,b'
    })
    const { response } = await get(app, '/')
    expect([response.status, header(response.headers, 'content-type')]).toEqual([201, 'text/csv'])
  })

  it('a stream that fails is an ordinary error', async () => {
    const logger = { error: vi.fn() }
    const app = createApp({ logger })
    app.get('/', () => process.getBuiltinModule('node:fs').createReadStream('/none'))
    const { response } = await get(app, '/')
    expect(response.status).toBe(500)
    expect(await text(response.stream)).toBe('{"statusCode":500,"message":"Internal server error"}')
    expect(logger.error).toHaveBeenCalledOnce()
  })
})

describe('back-pressure', () => {
  it('reads the source no faster than the client takes', async () => {
    let produced = 0
    const app = createApp()
    app.get('/', async function* () {
      for (; produced < 1000; produced++) yield Buffer.alloc(64 * 1024)
    })
    const { response } = await get(app, '/')
    const chunks = response.stream![Symbol.asyncIterator]()
    await chunks.next()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(produced).toBeLessThan(100)
    await chunks.return?.()
  })
})

describe('sources that cannot stream', () => {
  it.each(['http-api', 'http-api-v1', 'alb', 'alb-multi-value', 'vpc-lattice'] as GatewayName[])(
    '%s gets the same answer whole, from both handlers',
    async (gateway) => {
      const app = createApp()
      app.get('/', async (_req, res) => {
        res.type('text/plain').set('x-a', '1')
        await res.write('one ')
        await res.write('two')
      })
      const request = { method: 'GET', path: '/', query: '', headers: [] as [string, string][] }
      const { response } = await invoke(app.handler, request, { gateway })
      expect([response.status, Buffer.from(response.body).toString()]).toEqual([200, 'one two'])
      // Lambda hands what a streaming handler wrote to such a gateway as one result.
      const writes: (string | Uint8Array)[] = []
      const stream = { write: (chunk: string) => writes.push(chunk) > 0, end() {}, once() {} }
      const { event } = await invoke(app.handler, request, { gateway })
      await app.streamHandler(event, stream, lambdaContext())
      expect(JSON.parse(writes.join(''))).toEqual(await app.handler(event, lambdaContext()))
    },
  )

  it('the streaming handler called as (event, context) answers whole', async () => {
    const app = createApp()
    app.get('/', () => 'x')
    const result = await app.streamHandler(
      { httpMethod: 'GET', path: '/' },
      lambdaContext() as never,
      undefined as never,
    )
    expect(result).toMatchObject({ statusCode: 200, body: 'x' })
  })

  it('works without the awslambda global', async () => {
    const scope = globalThis as { awslambda?: unknown }
    const { awslambda } = scope
    const app = createApp()
    app.get('/', (_req, res) => res.status(201).set('x-a', '1').text('x'))
    const { event } = await get(app, '/')
    const written: string[] = []
    let contentType = ''
    const stream = {
      write: (chunk: string) => written.push(chunk) > 0,
      end() {},
      once() {},
      setContentType: (type: string) => {
        contentType = type
      },
    }
    delete scope.awslambda
    await app.streamHandler(event, stream as never, lambdaContext())
    scope.awslambda = awslambda
    expect(contentType).toBe('application/vnd.awslambda.http-integration-response')
    const [prelude, body] = written.join('').split('\0'.repeat(8))
    expect(JSON.parse(prelude!)).toMatchObject({ statusCode: 201, headers: { 'x-a': '1' } })
    expect(body).toBe('x')
  })
})

describe('compression of a stream', () => {
  it('lets the client read each chunk at once', async () => {
    const { promise, resolve } = gate()
    const app = createApp({ compress: { encodings: ['gzip'] } })
    app.get('/', async function* (_req, res) {
      res.type('text/plain')
      yield 'one '
      await promise
      yield 'two'
    })
    const { response } = await get(app, '/')
    expect(header(response.headers, 'content-encoding')).toBe('gzip')
    const { createGunzip } = process.getBuiltinModule('node:zlib')
    const gunzip = createGunzip()
    const decoded = gunzip[Symbol.asyncIterator]()
    const feeding = (async () => {
      for await (const chunk of response.stream!) gunzip.write(chunk)
      gunzip.end()
    })()
    expect(String((await decoded.next()).value)).toBe('one ')
    resolve()
    await feeding
    expect(String((await decoded.next()).value)).toBe('two')
  })
})

describe('sse', () => {
  const events = (options: Parameters<typeof sse>[2], generate: Parameters<typeof sse>[1]) => {
    const app = createApp()
    app.get('/', (req) => sse(req, generate, options))
    return get(app, '/')
  }

  it('writes events as the HTML Standard has them', async () => {
    const { response } = await events({ retry: 500 }, async function* () {
      yield { data: 'two\nlines' }
      yield { event: 'price', id: 7, data: { a: 1 } }
      yield { retry: 10 }
    })
    expect(header(response.headers, 'content-type')).toBe('text/event-stream; charset=utf-8')
    expect(header(response.headers, 'cache-control')).toBe('no-cache, no-transform')
    expect(await text(response.stream)).toBe(
      'retry: 500\n\ndata: two\ndata: lines\n\nevent: price\nid: 7\ndata: {"a":1}\n\nretry: 10\n\n',
    )
  })

  it('tells the generator where the browser left off', async () => {
    const app = createApp()
    app.get('/', (req) =>
      sse(req, async function* (last) {
        yield { data: last }
      }),
    )
    const request = { method: 'GET', path: '/', query: '', headers: [['Last-Event-ID', '41']] as [string, string][] }
    const { response } = await invoke(app.streamHandler, request, {
      gateway: 'function-url',
      gatewayOptions: streaming,
    })
    expect(await text(response.stream)).toBe(':\n\ndata: 41\n\n')
  })

  it('keeps a silent connection open', async () => {
    const { promise, resolve } = gate()
    const { response } = await events({ heartbeat: 5 }, async function* () {
      await promise
      yield { data: 'late' }
    })
    const chunks = response.stream![Symbol.asyncIterator]()
    // The first says that the connection stands, the second that it still does.
    for (let i = 0; i < 2; i++) expect(Buffer.from((await chunks.next()).value!).toString()).toBe(':\n\n')
    resolve()
    let rest = ''
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) rest += Buffer.from(next.value)
    expect(rest.endsWith('data: late\n\n')).toBe(true)
  })

  it('refuses an id that would forge an event', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { response, finished } = await events({}, async function* () {
      yield { data: 'ok' }
      yield { id: '1\ndata: forged', data: 'x' }
    })
    await text(response.stream).catch(() => {})
    expect((await finished)?.errorMessage).toContain('must be one line')
    log.mockRestore()
  })
})

it('ndjson writes a line for each item', async () => {
  const app = createApp()
  app.get('/', () => ndjson([{ a: 1 }, 'x\ny']))
  const { response } = await get(app, '/')
  expect(await text(response.stream)).toBe('{"a":1}\n"x\\ny"\n')
})
