import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { lambdaContext } from '@expressway/testing/context'
import { toWireRequest } from '@expressway/testing/events'
import { invoke } from '@expressway/testing/invoke'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { allowLog } from '../../../test/expect-log.ts'
import { type App, createApp, type Handler, HttpError, type Middleware } from '../src/index.ts'

// Warned of once in a process, see stream-warning.test.ts.
beforeEach(() => allowLog(/a streamed body was collected/))

const never = () => new Promise<never>(() => {})
const event = { httpMethod: 'GET', path: '/', resource: '/', headers: { origin: 'https://a.example' } }
const unavailable = { statusCode: 503, message: 'Service unavailable' }

const logged = () => {
  const lines: string[] = []
  return { lines, logger: { error: (...parts: unknown[]) => void lines.push(parts.join(' ')) } }
}

async function call(app: App, remainingMs = 60) {
  return (await app.handler(event, lambdaContext({ remainingMs }))) as {
    statusCode: number
    body: string
    headers?: Record<string, string>
    multiValueHeaders?: Record<string, string[]>
  }
}

describe('an answer that does not come is 503 before the deadline, and the log says who held it', () => {
  const named: Middleware = async function authenticate() {
    await never()
  }
  it.each<[string, (app: App) => unknown, RegExp]>([
    [
      'a handler',
      (app) => app.get('/', never),
      /^GET \/: not answered within \d+ ms, sent 503: the handler neither answered nor/,
    ],
    ['a middleware', (app) => app.use(named).get('/', () => 'x'), /: middleware authenticate neither answered nor/],
    [
      'a middleware after the answer',
      (app) => app.use((_req, _res, next) => next().then(never)).get('/', () => 'x'),
      /: it was answered, but a handler or middleware did not return/,
    ],
    [
      'the first chunk',
      (app) =>
        app.get('/', async function* () {
          await never()
          yield 'x'
        }),
      /: the first chunk of the body did not come/,
    ],
    [
      'an error handler',
      (app) =>
        app
          .get('/', () => {
            throw new RangeError('x')
          })
          .onError(RangeError, never),
      /: an error handler did not return/,
    ],
  ])('%s', async (_name, register, blame) => {
    const { lines, logger } = logged()
    const app = createApp({ logger, cors: { allowOrigin: 'https://a.example' } })
    register(app)
    const answer = await call(app)
    expect(answer.statusCode).toBe(503)
    expect(JSON.parse(answer.body)).toEqual(unavailable)
    expect({ ...answer.headers, ...answer.multiValueHeaders }['access-control-allow-origin']).toContain(
      'https://a.example',
    )
    expect(lines.join()).toMatch(blame)
  })

  it('has the form of the application’s errors', async () => {
    const app = createApp({ ...logged(), errors: 'problem' }).get('/', never)
    expect(JSON.parse((await call(app)).body)).toMatchObject({ status: 503, title: 'Service unavailable' })
  })

  it('a stream that never ends, behind a gateway that takes whole answers', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const ended = vi.fn()
    const app = createApp().get('/', async function* () {
      try {
        for (;;) {
          yield 'x'
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
      } finally {
        ended()
      }
    })
    const answer = await call(app)
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([503, unavailable])
    expect(error.mock.calls.flat().join(' ')).toMatch(/the body of GET \/ was not complete/)
    error.mockRestore()
    await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce())
  })

  it('a handler that heeds req.signal answers by itself', async () => {
    const app = createApp().get(
      '/',
      (req) =>
        new Promise((resolve) => {
          req.signal.addEventListener('abort', () => resolve('what there is'))
        }),
    )
    expect((await call(app, 200)).body).toBe('what there is')
  })

  it('what comes too late is dropped, and its stream ended', async () => {
    const { logger } = logged()
    const stream = Readable.from(['x'])
    const late = Promise.withResolvers<Readable>()
    const app = createApp({ logger }).get('/', () => late.promise)
    expect((await call(app)).statusCode).toBe(503)
    late.resolve(stream)
    await vi.waitFor(() => expect(stream.destroyed).toBe(true))
  })

  it('what fails too late ends nothing', async () => {
    const { logger } = logged()
    const late = Promise.withResolvers<never>()
    const app = createApp({ logger }).get('/', () => late.promise)
    expect((await call(app)).statusCode).toBe(503)
    late.reject(new HttpError(400, 'late'))
    await new Promise((resolve) => setTimeout(resolve, 5))
  })
})

describe('timers', () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

  it('are none for a synchronous route, and gone with an asynchronous one', async () => {
    const app = createApp()
    app.get('/sync', () => 'x')
    app.get('/async', async (req) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return { aborted: req.signal.aborted }
    })
    const set = vi.spyOn(globalThis, 'setTimeout')
    await app.handler({ ...event, path: '/sync' }, lambdaContext())
    expect(set).not.toHaveBeenCalled()
    set.mockRestore()
    const before = timers()
    await app.handler({ ...event, path: '/async' }, lambdaContext())
    expect(timers()).toBe(before)
  })

  it.each([Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER, Number.NaN, 0, -5])(
    'a context that says %d has no deadline',
    async (remaining) => {
      const app = createApp().get('/', async (req) => {
        const { signal } = req
        await new Promise((resolve) => setTimeout(resolve, 10))
        return remaining > 0 ? { aborted: signal.aborted } : 'x'
      })
      const result = await app.handler(event, { getRemainingTimeInMillis: () => remaining })
      expect(result).toMatchObject({ statusCode: 200, body: remaining > 0 ? '{"aborted":false}' : 'x' })
    },
  )
})

it('streamed: 503 where nothing was sent yet', async () => {
  const { lines, logger } = logged()
  const app = createApp({ logger }).get('/', never)
  const { response } = await invoke(app.streamHandler, toWireRequest({ path: '/' }), {
    gateway: 'function-url',
    gatewayOptions: { invokeMode: 'RESPONSE_STREAM' },
    context: { remainingMs: 60 },
  })
  const { body } = response.stream ? { body: await buffer(response.stream) } : response
  expect([response.status, JSON.parse(Buffer.from(body).toString())]).toEqual([503, unavailable])
  expect(lines).toHaveLength(1)
})

it('a HEAD request ends the stream that it does not read', async () => {
  const stream = new Readable({ read() {} })
  stream.push('x')
  const app = createApp().get('/', () => stream)
  await app.handler({ ...event, httpMethod: 'HEAD' })
  await vi.waitFor(() => expect(stream.destroyed).toBe(true))
})

describe('nobody waits, and the process lives', () => {
  it.each<[string, Handler]>([
    ['next(error) of the last handler is the answer', (_req, _res, next) => void next(new HttpError(418, 'teapot'))],
    [
      'next(error) by rest parameters is none',
      (...[, res, next]) => void [next(new HttpError(418, 'x')), res.status(418)],
    ],
    [
      'next() of the last handler, after it answered',
      (_req, res, next) => void [res.status(418), next(new HttpError(418, 'x'))],
    ],
  ])('%s', async (_name, handler) => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const app = createApp(logged()).get('/', handler)
    expect(await app.handler(event)).toMatchObject({ statusCode: 418 })
    await new Promise((resolve) => setTimeout(resolve, 5))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('res.write() after the client has gone rejects, and ends nothing', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const refused = Promise.withResolvers<unknown>()
    const app = createApp().get('/', async (_req, res) => {
      await res.write('a')
      await new Promise((resolve) => setTimeout(resolve, 20))
      res.write('nobody waits')
      await res.write('b').catch(refused.resolve)
    })
    const invocation = { source: 'node', event: {}, context: {}, streaming: true }
    const message = { method: 'GET', path: '/', basePath: '', query: '', headers: Object.create(null), rawHeaders: [] }
    const { body } = await app.handle({ ...message, protocol: 'https' } as never, invocation)
    for await (const chunk of body as AsyncIterable<string>) {
      expect(chunk).toBe('a')
      break
    }
    expect(await refused.promise).toEqual(new Error('The client has gone'))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})
