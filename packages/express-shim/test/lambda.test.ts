import { createRequire } from 'node:module'
import {
  toLambdaHandler as toCoreHandler,
  toStreamingLambdaHandler as toCoreStreamHandler,
} from '@expressway/core/lambda'
import { lambdaContext } from '@expressway/testing/context'
import { albEvent, httpApiEvent, restApiEvent } from '@expressway/testing/events'
import { invoke } from '@expressway/testing/invoke'
import realExpress, { type Express } from 'express'
import { afterEach, describe, expect, test, vi } from 'vitest'
import express, { type Request } from '../src/index.ts'
import { toHandle, toLambdaHandler } from '../src/lambda.ts'

interface Result {
  statusCode: number
  headers: Record<string, string>
  multiValueHeaders: Record<string, string[]>
  body: string
}

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const logged = () => {
  const spy = vi.spyOn(console, 'error')
  spy.mockReset()
  return spy.mockImplementation(() => {})
}

describe('app.handler', () => {
  test('is a Lambda handler of two parameters, made when it is first read and then the same', async () => {
    const app = express()
    app.get('/hello', (req, res) => void res.json({ to: req.query.to }))
    const { handler } = app
    expect(handler).toHaveLength(2)
    expect(app.handler).toBe(handler)
    expect(await handler(httpApiEvent({ path: '/hello?to=you' }), lambdaContext())).toMatchObject({
      statusCode: 200,
      body: '{"to":"you"}',
    })
  })

  test('does not stand in the way of what an application sets itself', () => {
    const own = () => {}
    for (const app of [express(), express()] as unknown as { handler: unknown }[]) {
      app.handler = own
      expect(app.handler).toBe(own)
    }
    expect(Object.keys(express.application)).not.toContain('handler')
  })

  test('gives handlers the event, the context and who the client is', async () => {
    const app = express()
    let seen: Pick<Request, 'lambda' | 'identity'> | undefined
    app.get('/', (req, res) => {
      seen = { lambda: req.lambda, identity: req.identity }
      res.end()
    })
    const event = restApiEvent({ path: '/' })
    const context = lambdaContext()
    await app.handler(event, context)
    expect(seen?.lambda.event).toBe(event)
    expect(seen?.lambda.context).toBe(context)
  })

  test('answers many invocations at once, each its own', async () => {
    const app = express()
    app.get('/:id', async (req, res) => {
      const { id } = req.params
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
      res.set('x-id', id).send(`${id} ${req.params.id} ${req.url}`)
    })
    const ids = Array.from({ length: 50 }, (_, index) => String(index))
    const results = (await Promise.all(ids.map((id) => app.handler(httpApiEvent({ path: `/${id}` }))))) as Result[]
    expect(results.map(({ body }) => body)).toEqual(ids.map((id) => `${id} ${id} /${id}`))
  })

  test('what is no application is refused when the handler is made', () => {
    for (const wrong of [undefined, null, {}, () => {}, 'app', express.Router(), realExpress()]) {
      expect(() => toHandle(wrong as object)).toThrow(/not an application of the shim's express\(\)/)
    }
  })

  test('streams where the runtime does', async () => {
    const app = express()
    app.get('/', (_req, res) => {
      res.write('a')
      setTimeout(() => res.end('b'), 5)
    })
    const request = { method: 'GET', path: '/', query: '', headers: [] }
    const chunks: string[] = []
    const { response, finished } = await invoke(toCoreStreamHandler(toHandle(app)), request, {
      gateway: 'function-url',
      gatewayOptions: { invokeMode: 'RESPONSE_STREAM' },
      onChunk: (chunk) => chunks.push(Buffer.from(chunk).toString()),
    })
    for await (const _ of response.stream ?? []);
    await finished
    expect([response.status, chunks]).toEqual([200, ['a', 'b']])
  })
})

test('require() gives the function, with the members of the module', () => {
  const required = createRequire(import.meta.url)('../src/index.ts')
  expect(typeof required).toBe('function')
  expect(typeof required.Router).toBe('function')
})

describe('toLambdaHandler', () => {
  test('takes the options of core', async () => {
    const app = express()
    app.get('/', (_req, res) => void res.send('http'))
    const handler = toLambdaHandler(app, { source: 'alb', onOtherEvent: () => 'other' })
    expect(await handler({ Records: [] })).toBe('other')
    expect(await handler(albEvent({ path: '/' }))).toMatchObject({ statusCode: 200, body: 'http' })
  })

  test('an unknown basePath is refused', () => {
    expect(() => toLambdaHandler(express(), { basePath: 'v1' as 'mount' })).toThrow(
      "basePath is 'strip', 'mount' or a path such as '/shop', not \"v1\"",
    )
  })
})

describe('the stage and the base path', () => {
  const seen = (app: Express) => {
    app.get('/where{/*rest}', (req, res) => {
      res.json({ url: req.url, originalUrl: req.originalUrl, baseUrl: req.baseUrl, path: req.path })
    })
    app.get('/to/:kind', (req, res) => {
      const targets: Record<string, string> = {
        path: '/login?x=1',
        full: `${req.baseUrl}/login`,
        root: '/',
        origin: 'https://example.com/login',
        host: '//example.com/login',
        relative: 'login',
        alike: '/production',
      }
      res.redirect(targets[req.params.kind] as string)
    })
    const router = express.Router()
    router.get('/', (req, res) => void res.json({ url: req.url, baseUrl: req.baseUrl, originalUrl: req.originalUrl }))
    app.use('/router', router)
    return app
  }
  const staged = (path: string) => httpApiEvent({ path, stage: 'prod' })
  const ask = async (basePath: 'strip' | 'mount', event: unknown) =>
    (await toLambdaHandler(seen(express()), { basePath })(event)) as Result

  test('are not seen by default', async () => {
    const { body } = await ask('strip', staged('/where/x'))
    expect(JSON.parse(body)).toEqual({ url: '/where/x', originalUrl: '/where/x', baseUrl: '', path: '/where/x' })
    expect((await ask('strip', staged('/to/path'))).headers.location).toBe('/login?x=1')
  })

  test('are where the application is mounted, if it is asked for', async () => {
    const { body } = await ask('mount', staged('/where/x?y=1'))
    expect(JSON.parse(body)).toEqual({
      url: '/where/x?y=1',
      originalUrl: '/prod/where/x?y=1',
      baseUrl: '/prod',
      path: '/where/x',
    })
    expect(JSON.parse((await ask('mount', staged('/router'))).body)).toEqual({
      url: '/',
      baseUrl: '/prod/router',
      originalUrl: '/prod/router',
    })
    expect((await ask('mount', staged('/none'))).body).toContain('Cannot GET /prod/none')
  })

  test.each([
    ['path', '/prod/login?x=1'],
    ['full', '/prod/login'],
    ['root', '/prod/'],
    ['origin', 'https://example.com/login'],
    ['host', '//example.com/login'],
    ['relative', 'login'],
    ['alike', '/prod/production'],
  ])('a redirect to a %s then goes to %s', async (kind, location) => {
    expect((await ask('mount', staged(`/to/${kind}`))).headers.location).toBe(location)
  })

  test('one application serves both URLs of an API', async () => {
    const handler = toLambdaHandler(seen(express()), { basePath: 'mount' })
    const onStage = (await handler(staged('/to/path'))) as Result
    const onDomain = (await handler(httpApiEvent({ path: '/to/path' }))) as Result
    expect([onStage.headers.location, onDomain.headers.location]).toEqual(['/prod/login?x=1', '/login?x=1'])
  })
})

describe('a response that nobody ends', () => {
  const app = express()
  app.use(function guard(_req, _res, next) {
    next()
  })
  app.use('/files', function uploads() {})
  app.get('/users/:id', function showUser() {})
  app.route('/all').all(function everything() {})
  const router = express.Router()
  router.post('/', async function create() {})
  app.use('/orders', router)
  app.get('/started', function half(_req, res) {
    res.write('half')
  })

  test.each([
    ['GET', '/users/7', 'the handler showUser of GET /users/:id'],
    ['GET', '/files/x', 'the handler uploads of /files'],
    ['GET', '/all', 'the handler everything of all /all'],
    ['POST', '/orders', 'the handler create of POST /orders/'],
    ['GET', '/started', 'the handler half of GET /started'],
  ])('%s %s: 503 before the deadline, and who kept it', async (method, path, who) => {
    const errors = logged()
    const event = httpApiEvent({ method, path })
    // Set before the timer of the shim: where the event loop is late both are due, and what is due first runs first.
    const over = new Promise((resolve) => setTimeout(resolve, 80, 'Lambda ended the invocation'))
    const result = await Promise.race([app.handler(event, lambdaContext({ remainingMs: 80 })), over])
    expect(result).toMatchObject({ statusCode: 503, headers: { 'content-type': 'text/html; charset=utf-8' } })
    expect((result as Result).body).toContain('<pre>Service Unavailable</pre>')
    expect(errors.mock.calls.flat().map((line) => String(line).replace(/\d+ ms/, '# ms'))).toEqual([
      `${method} ${path} was not answered within # ms; sent 503: ${who} neither ended the response nor called next()`,
    ])
  })

  test('there is no deadline beyond what a timer can wait for', async () => {
    const slow = express()
    slow.get('/', (_req, res) => void setTimeout(() => res.send('late'), 5))
    expect(await slow.handler(httpApiEvent(), lambdaContext({ remainingMs: 2 ** 31 }))).toMatchObject({ body: 'late' })
  })

  test('its listeners are told that it is over', async () => {
    logged()
    const closed = vi.fn()
    const waiting = express()
    waiting.get('/', (_req, res) => void res.on('close', closed))
    await waiting.handler(httpApiEvent(), lambdaContext({ remainingMs: 20 }))
    await new Promise((resolve) => setImmediate(resolve))
    expect(closed).toHaveBeenCalledOnce()
  })

  test('one that is ended in time leaves no timer behind', async () => {
    const clear = vi.spyOn(globalThis, 'clearTimeout')
    const set = vi.spyOn(globalThis, 'setTimeout')
    const slow = express()
    slow.get('/', async (_req, res) => {
      await new Promise((resolve) => setImmediate(resolve))
      res.send('done')
    })
    slow.get('/sync', (_req, res) => void res.send('done'))
    expect(await slow.handler(httpApiEvent(), lambdaContext())).toMatchObject({ statusCode: 200 })
    expect(set).toHaveBeenCalledOnce()
    expect(clear).toHaveBeenCalledWith(set.mock.results[0]?.value)
    await slow.handler(httpApiEvent({ path: '/sync' }), lambdaContext())
    expect(set).toHaveBeenCalledOnce()
  })

  test('without a deadline in the context nothing is said', async () => {
    const answered = express()
    answered.get('/', (_req, res) => void setTimeout(() => res.send('late'), 5))
    expect(await answered.handler(httpApiEvent(), {})).toMatchObject({ body: 'late' })
  })
})

describe('an error', () => {
  test('that comes after the answer is logged', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    const errors = logged()
    const app = express()
    const late = new Error('late')
    app.get('/throws', (_req, res) => {
      res.send('sent')
      throw late
    })
    app.get('/rejects', async (_req, res) => {
      res.send('sent')
      await null
      throw late
    })
    for (const path of ['/throws', '/rejects']) {
      expect(await app.handler(httpApiEvent({ path }))).toMatchObject({ statusCode: 200, body: 'sent' })
    }
    await vi.waitFor(() => expect(errors.mock.calls).toEqual([[late], [late]]))
  })

  test('is logged before the answer is given, as Lambda may freeze the process then', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    const errors = logged()
    const app = express()
    app.get('/', () => {
      throw new Error('first')
    })
    const answer = toHandle(app)
    const calls: number[] = []
    const handler = toCoreHandler(async (message, invocation) => {
      const given = await answer(message, invocation)
      calls.push(errors.mock.calls.length)
      return given
    })
    expect(await handler(httpApiEvent())).toMatchObject({ statusCode: 500 })
    expect(calls).toEqual([1])
  })

  test('is not logged under NODE_ENV=test', async () => {
    vi.stubEnv('NODE_ENV', 'test')
    const errors = logged()
    const app = express()
    app.get('/', () => Promise.reject(new Error('quiet')))
    expect(await app.handler(httpApiEvent())).toMatchObject({ statusCode: 500 })
    expect(errors).not.toHaveBeenCalled()
  })
})
