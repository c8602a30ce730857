import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { PassThrough, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { createLocalServer } from '@expressway/cli/server'
import type { Handle } from '@expressway/core/handle'
import { lambdaContext } from '@expressway/testing/context'
import { functionUrlEvent } from '@expressway/testing/events'
import type { GatewayName, WireRequest } from '@expressway/testing/gateway'
import { invoke } from '@expressway/testing/invoke'
import realExpress from 'express'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { launchChromium } from '../../../../test/chromium.ts'
import shim, { type RequestHandler } from '../../src/index.ts'
import { toHandle } from '../../src/lambda.ts'
import { toHandle as listenerToHandle, toStreamingLambdaHandler } from '../../src/listener.ts'
import { invocation, toMessage } from '../listener/answers.ts'

const compression = createRequire(import.meta.url)('compression') as (options: object) => RequestHandler

type App = ReturnType<typeof shim>
type StreamHandler = App['streamHandler']

const frameworks: [name: string, create: typeof shim, toHandler: (app: App) => StreamHandler][] = [
  ['the shim', shim, (app) => app.streamHandler],
  ['Express under listener', realExpress as unknown as typeof shim, (app) => toStreamingLambdaHandler(app as never)],
]
const gatewayOptions = { invokeMode: 'RESPONSE_STREAM', responseTransferMode: 'STREAM' } as const
const send = (handler: StreamHandler, gateway: GatewayName, request: Partial<WireRequest> = {}) =>
  invoke(handler, { method: 'GET', path: '/', query: '', headers: [], ...request }, { gateway, gatewayOptions })
const value = async (chunks: AsyncIterator<Uint8Array>) => Buffer.from((await chunks.next()).value ?? '').toString()

afterEach(() => vi.restoreAllMocks())

describe.each(frameworks)('%s', (_name, create, toHandler) => {
  describe.each(['function-url', 'rest-api'] as GatewayName[])('behind a streaming %s', (gateway) => {
    test.each<[string, (res: Parameters<Parameters<App['get']>[1]>[1], open: Promise<void>) => unknown]>([
      [
        'res.write',
        async (res, open) => {
          res.write('one ')
          await open
          res.end('two')
        },
      ],
      [
        'res.write after flushHeaders',
        async (res, open) => {
          res.flushHeaders()
          res.write('one ')
          await open
          res.end('two')
        },
      ],
      [
        'pipe',
        (res, open) => {
          const source = new PassThrough()
          source.pipe(res)
          source.write('one ')
          open.then(() => source.end('two'))
        },
      ],
    ])('%s sends a chunk before the next exists', async (_how, write) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const app = create()
      app.get('/', (_req, res) => void write(res.status(203).set('x-a', '1'), promise))
      const { response } = await send(toHandler(app), gateway)
      expect(response.status).toBe(203)
      const chunks = response.stream![Symbol.asyncIterator]()
      expect(await value(chunks)).toBe('one ')
      resolve()
      expect(await value(chunks)).toBe('two')
      expect((await chunks.next()).done).toBe(true)
    })

    test('headers go out before the first chunk, where the application flushes them', async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const app = create()
      app.get('/', async (_req, res) => {
        res.type('text/event-stream').flushHeaders()
        await promise
        res.end('late')
      })
      const { response } = await send(toHandler(app), gateway)
      expect(response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1]).toMatch(/event-stream/)
      resolve()
      expect(await value(response.stream![Symbol.asyncIterator]())).toBe('late')
    })

    test('the compression middleware sends what res.flush() flushes', async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const app = create()
      app.use(compression({ threshold: 0 }))
      app.get('/', async (_req, res) => {
        res.type('text/plain').write('one ')
        ;(res as unknown as { flush(): void }).flush()
        await promise
        res.end('two')
      })
      const { response } = await send(toHandler(app), gateway, { headers: [['accept-encoding', 'gzip']] })
      const gunzip = createGunzip()
      const feeding = (async () => {
        for await (const chunk of response.stream!) gunzip.write(chunk)
        gunzip.end()
      })()
      const decoded = gunzip[Symbol.asyncIterator]()
      expect(String((await decoded.next()).value)).toBe('one ')
      resolve()
      await feeding
      expect(String((await decoded.next()).value)).toBe('two')
    })

    test('res.sendFile sends the file', async () => {
      const app = create()
      app.get('/', (_req, res) => res.sendFile(import.meta.filename))
      const { response } = await send(toHandler(app), gateway)
      let size = 0
      for await (const chunk of response.stream!) size += chunk.length
      expect([response.status, size]).toEqual([200, (await import('node:fs')).statSync(import.meta.filename).size])
    })
  })

  test('the client that goes before the first byte closes request and response', async () => {
    const log = vi.spyOn(console, 'error')
    const app = create()
    const closed = Promise.withResolvers<void>()
    const entered = Promise.withResolvers<void>()
    app.get('/', (_req, res) => {
      res.once('close', closed.resolve)
      entered.resolve()
    })
    const stream = new PassThrough()
    const running = toHandler(app)(functionUrlEvent({ path: '/' }), stream, lambdaContext())
    await entered.promise
    stream.destroy()
    await closed.promise
    await running
    expect(log).not.toHaveBeenCalled()
  })

  test('the client that goes later destroys the source', async () => {
    const app = create()
    const source = new Readable({ read() {} })
    app.get('/', (_req, res) => void process.getBuiltinModule('node:stream').pipeline(source, res, () => {}))
    source.push('one')
    const stream = new PassThrough()
    const running = toHandler(app)(functionUrlEvent({ path: '/' }), stream, lambdaContext())
    await once(stream, 'data')
    const closed = once(source, 'close').catch(() => {})
    stream.destroy()
    await closed
    await running
    expect(source.destroyed).toBe(true)
  })

  test('64 streams at once keep their own', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    let entered = 0
    const app = create()
    app.get('/:id', async (req, res) => {
      res.write(`${req.params.id} `)
      if (++entered === 64) resolve()
      await promise
      res.end(req.params.id)
    })
    const handler = toHandler(app)
    const texts = await Promise.all(
      Array.from({ length: 64 }, async (_, i) => {
        const { response } = await send(handler, 'function-url', { path: `/${i}` })
        let text = ''
        for await (const chunk of response.stream!) text += Buffer.from(chunk)
        return text
      }),
    )
    expect(texts).toEqual(Array.from({ length: 64 }, (_, i) => `${i} ${i}`))
  })
})

/** A page of events that tells what its EventSource got, by asking for it. */
function eventPage(gate: Promise<void>) {
  const app = shim()
  const told = Promise.withResolvers<string>()
  const first = Promise.withResolvers<void>()
  app.get('/page', (_req, res) => {
    res.send(`<script>
      const seen = []
      const source = new EventSource('/events')
      source.onmessage = ({ data }) => {
        seen.push(data)
        fetch('/got/' + seen.join('-'))
        if (data === 'two') source.close()
      }
    </script>`)
  })
  app.get('/events', async (_req, res) => {
    res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
    res.write('data: one\n\n')
    await gate
    res.end('data: two\n\n')
  })
  app.get('/got/:seen', (req, res) => {
    if (req.params.seen === 'one') first.resolve()
    else told.resolve(req.params.seen)
    res.end()
  })
  return { app, first: first.promise, told: told.promise }
}

describe('the local server', () => {
  test('curl -N shows a chunk before the next exists', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { app } = eventPage(promise)
    await using server = await createLocalServer(app.streamHandler, { gateway: 'function-url' })
    const curl = spawn('curl', ['-sN', `${server.url}/events`], { stdio: ['ignore', 'pipe', 'inherit'] })
    expect(String(await once(curl.stdout, 'data'))).toBe('data: one\n\n')
    resolve()
    expect(String(await once(curl.stdout, 'data'))).toBe('data: two\n\n')
  })

  test("a browser's EventSource gets an event before the next exists", async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { app, first, told } = eventPage(promise)
    await using server = await createLocalServer(app.streamHandler, { gateway: 'function-url' })
    const browser = await launchChromium()
    const page = await browser.newPage()
    await page.goto(`${server.url}/page`)
    await first
    resolve()
    expect(await told).toBe('one-two')
    await browser.close()
  })
})

describe.each<[string, typeof shim, (app: App) => Handle]>([
  ['the shim', shim, (app) => toHandle(app as never)],
  ['Express under listener', realExpress as unknown as typeof shim, (app) => listenerToHandle(app as never)],
])('%s: a client that leaves', (_name, create, toHandleOf) => {
  test('fails every write that it has not taken, so that no writer waits for ever', async () => {
    const called: [name: string, failed: boolean][] = []
    const app = create()
    app.get('/', (_req, res) => {
      for (const name of ['first', 'second', 'third']) {
        res.write(name, (error: unknown) => called.push([name, Boolean(error)]))
      }
    })
    const message = toMessage({ path: '/' })
    const { body } = await toHandleOf(app)(message, invocation({ streaming: true }))
    const chunks = (body as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    expect(await chunks.next()).toMatchObject({ done: false })
    await chunks.return!()
    await vi.waitFor(() => expect(called.map(([name]) => name)).toEqual(['first', 'second', 'third']))
    expect(called.slice(1).map(([, failed]) => failed)).toEqual([true, true])
  })
})
