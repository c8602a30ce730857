import { lambdaContext } from '@expressway/testing/context'
import { restApiEvent } from '@expressway/testing/events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { allowLog } from '../../../test/expect-log.ts'
import { type AccessLogEntry, type AppOptions, createApp, createRouter, type Hooks, HttpError } from '../src/index.ts'

// Warned of once in a process, see stream-warning.test.ts.
beforeEach(() => allowLog(/a streamed body was collected/))

const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1'
const event = (path: string, more: object = {}) => ({
  httpMethod: 'GET',
  path,
  resource: '/{proxy+}',
  headers: { authorization: 'Bearer letmein', cookie: 'sid=1', 'x-amzn-trace-id': trace, 'user-agent': 'test' },
  requestContext: { requestId: 'gateway-1' },
  ...more,
})

function observed(options: AppOptions = {}) {
  const told: [hook: string, route: string | undefined, what?: unknown][] = []
  const hooks: Hooks = {
    onRequest: ({ req, route }) => void told.push(['onRequest', route, req.path]),
    onError: ({ route, error }) => void told.push(['onError', route, String(error)]),
    onResponse: ({ route, status }) => void told.push(['onResponse', route, status]),
  }
  const app = createApp({ logger: { error: () => {} }, hooks, ...options })
  return { app, told }
}

describe('hooks', () => {
  it('are told of the request, its route with the routers’ prefixes, and the answer', async () => {
    const { app, told } = observed()
    app.use(
      '/shop',
      createRouter().get('/orders/:id', (req) => req.params.id),
    )
    await app.handler(event('/shop/orders/7'))
    await app.handler(event('/unknown'))
    await app.handler(event('/shop/orders/7', { httpMethod: 'POST' }))
    await app.handler(event('/%zz'))
    expect(told).toEqual([
      ['onRequest', '/shop/orders/:id', '/shop/orders/7'],
      ['onResponse', '/shop/orders/:id', 200],
      ['onRequest', undefined, '/unknown'],
      ['onResponse', undefined, 404],
      ['onRequest', undefined, '/shop/orders/7'],
      ['onResponse', undefined, 405],
      ['onRequest', undefined, '/%zz'],
      ['onResponse', undefined, 404],
    ])
  })

  it('run before the first middleware, and are told whatever was thrown before it is answered', async () => {
    const { app, told } = observed()
    app.use((_req, _res, next) => {
      told.push(['middleware', undefined])
      return next()
    })
    app.get('/sync', () => {
      throw new HttpError(409, 'taken')
    })
    app.get('/async', async () => {
      throw new TypeError('broken')
    })
    app.onError(HttpError, (error) => {
      told.push(['handler', undefined])
      return { was: error.message }
    })
    await app.handler(event('/sync'))
    await app.handler(event('/async'))
    expect(told).toEqual([
      ['onRequest', '/sync', '/sync'],
      ['middleware', undefined],
      ['onError', '/sync', 'HttpError: taken'],
      ['handler', undefined],
      ['onResponse', '/sync', 409],
      ['onRequest', '/async', '/async'],
      ['middleware', undefined],
      ['onError', '/async', 'TypeError: broken'],
      ['onResponse', '/async', 500],
    ])
  })

  it('are told of an error handler that fails, too', async () => {
    const { app, told } = observed()
    app.get('/', () => {
      throw new RangeError('first')
    })
    app.onError(RangeError, async () => {
      throw new Error('second')
    })
    await app.handler(event('/'))
    expect(told.slice(1)).toEqual([
      ['onError', '/', 'RangeError: first'],
      ['onError', '/', 'Error: second'],
      ['onResponse', '/', 500],
    ])
  })

  it('are told of an answer that did not come in time', async () => {
    const { app, told } = observed()
    app.get('/', () => new Promise(() => {}))
    await app.handler(event('/'), lambdaContext({ remainingMs: 30 }))
    expect(told[1]).toEqual(['onError', '/', expect.stringContaining('not answered within 2')])
    expect(told[2]).toEqual(['onResponse', '/', 503])
  })

  it('are told of a stream when its last chunk has gone, and of one that breaks', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const { app, told } = observed()
    app.get('/whole', async function* () {
      yield 'a'
      told.push(['chunk', undefined])
      yield 'b'
    })
    app.get('/broken', async function* () {
      yield 'a'
      throw new Error('cut')
    })
    expect(await app.handler(event('/whole'))).toMatchObject({ body: 'ab' })
    await app.handler(event('/broken'))
    expect(told).toEqual([
      ['onRequest', '/whole', '/whole'],
      ['chunk', undefined],
      ['onResponse', '/whole', 200],
      ['onRequest', '/broken', '/broken'],
      ['onError', '/broken', 'Error: cut'],
      ['onResponse', '/broken', 200],
    ])
    vi.restoreAllMocks()
  })

  it('several are told in order; the answer waits for what onResponse promises', async () => {
    const order: string[] = []
    const named = (name: string): Hooks => ({
      onResponse: async () => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        order.push(name)
      },
    })
    const app = createApp({ hooks: [named('a'), named('b')] }).get('/', () => 'x')
    await app.handler(event('/'))
    expect(order).toEqual(['a', 'b'])
  })

  it('that fail are logged, and the answer stands', async () => {
    const error = vi.fn()
    const fail = () => {
      throw new Error('hook')
    }
    const app = createApp({
      logger: { error },
      hooks: [
        { onRequest: fail, onError: fail, onResponse: fail },
        { onResponse: () => Promise.reject(new Error('late')) },
      ],
    })
    app.get('/', () => {
      throw new HttpError(400, 'bad')
    })
    expect(await app.handler(event('/'))).toMatchObject({ statusCode: 400 })
    expect(error.mock.calls.map(([text]) => text)).toEqual([
      'The hook onRequest failed:',
      'The hook onError failed:',
      'The hook onResponse failed:',
      'The hook onResponse failed:',
    ])
  })

  it('that never end do not keep the answer beyond the deadline', async () => {
    const app = createApp({ hooks: { onResponse: () => new Promise(() => {}) } }).get('/', () => 'x')
    expect(await app.handler(event('/'), lambdaContext({ remainingMs: 30 }))).toMatchObject({ statusCode: 200 })
  })

  it('of an unknown name are refused', () => {
    expect(() => createApp({ hooks: { onReqest: () => {} } as never })).toThrow(
      new TypeError('hooks are onRequest, onError and onResponse, not onReqest'),
    )
  })
})

describe('the access log', () => {
  const log = vi.fn<(entry: AccessLogEntry) => void>()
  const logging = (accessLog: AppOptions['accessLog']) => {
    log.mockClear()
    const app = createApp({ accessLog })
    app.post('/orders/:id/:token', () => ({ secret: 'in the answer' }))
    return app
  }
  const post = {
    httpMethod: 'POST',
    body: '{"card":"4111"}',
    queryStringParameters: { page: '2', access_token: 'abc', Code: 'oauth' },
  }

  it('has one entry for a request: method, pattern, status, duration, ids', async () => {
    await logging({ log }).handler(event('/orders/7/key', post), lambdaContext({ requestId: 'lambda-1' }))
    expect(log.mock.calls).toEqual([
      [
        {
          method: 'POST',
          route: '/orders/:id/:token',
          status: 200,
          durationMs: expect.any(Number),
          source: 'rest-api',
          requestId: 'gateway-1',
          awsRequestId: 'lambda-1',
          traceId: '1-5759e988-bd862e3fe1be46a994272793',
        },
      ],
    ])
  })

  it('holds what was asked for, without credentials and what was named', async () => {
    const app = logging({ log, include: ['params', 'query', 'headers'], redact: ['ID', 'user-agent'] })
    await app.handler(event('/orders/7/key', post))
    const { params, query, headers } = log.mock.calls[0]![0]
    expect(params).toEqual({ id: '[redacted]', token: '[redacted]' })
    expect(query).toEqual({ page: '2', access_token: '[redacted]', Code: '[redacted]' })
    expect(headers).toEqual({
      authorization: '[redacted]',
      cookie: '[redacted]',
      'user-agent': '[redacted]',
      'content-length': '15',
      'x-amzn-trace-id': trace,
    })
  })

  it('never holds bodies, cookies or credentials, whatever is included', async () => {
    const app = logging({ log, include: ['params', 'query', 'headers'] })
    await app.handler(event('/orders/7/key', post))
    expect(JSON.stringify(log.mock.calls)).not.toMatch(/4111|in the answer|letmein|sid=1|abc|oauth|key"/)
  })

  it('is one line of JSON on the console, whatever a client sends', async () => {
    const print = vi.spyOn(console, 'log').mockImplementation(() => {})
    const app = createApp({ accessLog: { include: ['query'] } }).get('/', () => 'x')
    await app.handler(event('/', { queryStringParameters: { a: '\n{"status":200}\r\n\u2028' } }))
    const [line] = print.mock.calls[0] as [string]
    expect(line).not.toMatch(/[\r\n]/)
    expect(JSON.parse(line)).toMatchObject({ route: '/', status: 200, query: { a: '\n{"status":200}\r\n\u2028' } })
    print.mockRestore()
  })

  it('is an object where Lambda writes JSON itself', async () => {
    vi.stubEnv('AWS_LAMBDA_LOG_FORMAT', 'JSON')
    const print = vi.spyOn(console, 'log').mockImplementation(() => {})
    await createApp({ accessLog: true })
      .get('/', () => 'x')
      .handler(event('/'))
    expect(print.mock.calls[0]).toEqual([expect.objectContaining({ route: '/', status: 200 })])
    print.mockRestore()
    vi.unstubAllEnvs()
  })

  it('logs a query that does not decode as 400', async () => {
    const app = createApp({ accessLog: { log, include: ['query'] } }).get('/', (req) => ({ ...req.query }))
    log.mockClear()
    const { requestContext, ...rest } = event('/')
    await app.handler({ ...rest, requestContext: { elb: {} }, queryStringParameters: { a: '%zz' } })
    expect(log.mock.calls[0]![0]).toMatchObject({ status: 400, query: {} })
    expect(requestContext.requestId).toBe('gateway-1')
  })

  it('refuses an option that is none', () => {
    expect(() => createApp({ accessLog: { include: ['body' as never] } })).toThrow(
      "accessLog.include takes 'params', 'query' and 'headers', not body",
    )
  })
})

describe('req.traceId', () => {
  const read = async (headers: Record<string, string>, context = {}) => {
    const app = createApp().get('/', (req) => ({ id: req.traceId ?? null }))
    const result = (await app.handler(event('/', { headers }), context)) as { body: string }
    return JSON.parse(result.body).id
  }
  const id = '1-5759e988-bd862e3fe1be46a994272793'

  it.each<[string, Record<string, string>, object, string | null]>([
    [
      'the context’s',
      { 'x-amzn-trace-id': trace },
      { xRayTraceId: trace.replace('5759', '1234') },
      id.replace('5759', '1234'),
    ],
    ['else the gateway’s', { 'X-Amzn-Trace-Id': trace }, {}, id],
    ['behind Self', { 'x-amzn-trace-id': `Self=1-5759e988-${'0'.repeat(24)};${trace}` }, {}, id],
    ['none', {}, {}, null],
    ['nothing that a client made up', { 'x-amzn-trace-id': 'Root=1-x"\n;Sampled=1' }, {}, null],
  ])('%s', async (_name, headers, context, expected) => expect(await read(headers, context)).toBe(expected))

  it('is each request’s own among many at once, and never the environment’s', async () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', trace)
    const app = createApp().get('/', async (req) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10))
      return { id: req.traceId ?? null }
    })
    const contexts = Array.from({ length: 64 }, (_, i) =>
      i % 8 === 0 ? {} : { xRayTraceId: `Root=1-0000${1000 + i}-${'a'.repeat(24)}` },
    )
    const answers = await Promise.all(contexts.map((context) => app.handler(event('/', { headers: {} }), context)))
    const ids = answers.map((answer) => JSON.parse((answer as { body: string }).body).id)
    expect(ids).toEqual(contexts.map(({ xRayTraceId }) => xRayTraceId?.slice(5) ?? null))
    vi.unstubAllEnvs()
  })
})

it('costs nothing where it is not used', async () => {
  const now = vi.spyOn(performance, 'now')
  await createApp()
    .get('/', () => 'x')
    .handler(event('/'))
  expect(now).not.toHaveBeenCalled()
  now.mockRestore()
})

it('takes events of the testing package', async () => {
  const { app, told } = observed({ accessLog: { log: () => {} } })
  app.get('/orders/:id', () => 'x')
  await app.handler(restApiEvent({ path: '/orders/7' }))
  expect(told.map(([hook, route]) => [hook, route])).toEqual([
    ['onRequest', '/orders/:id'],
    ['onResponse', '/orders/:id'],
  ])
})
