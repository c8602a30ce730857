// Each test here is a line of the table in SECURITY.md, by its name.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { createApp, type Request } from '../../packages/core/src/index.ts'
import express from '../../packages/express-shim/src/index.ts'
import { toLambdaHandler } from '../../packages/express-shim/src/lambda.ts'
import { assertLinear } from '../../packages/testing/fuzz/growth.ts'
import {
  albEvent,
  functionUrlEvent,
  httpApiEvent,
  latticeEvent,
  restApiEvent,
} from '../../packages/testing/src/events.ts'

interface Result {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly multiValueHeaders?: Record<string, string[]>
  readonly body: string
  readonly isBase64Encoded: boolean
}
type Handler = (event: unknown, context?: object) => Promise<unknown>

const get = (path: string, more: object = {}) => ({ httpMethod: 'GET', path, headers: {}, ...more })
const post = (body: string, type: string, more: object = {}) => ({
  ...{ httpMethod: 'POST', path: '/', headers: { 'content-type': type }, body, ...more },
})
const send = async (handler: unknown, event: unknown): Promise<Result> =>
  (await (handler as Handler)(event, {})) as Result
const reading = async (event: unknown, read: (req: Request<object>) => unknown): Promise<unknown> => {
  let seen: unknown
  const answer = (req: Request<object>) => {
    seen = read(req)
    return 'ok'
  }
  const app = createApp({ debug: true }).all('/*path', answer).all('/', answer)
  const { statusCode, body } = await send(app.handler, event)
  return statusCode === 200 ? seen : [statusCode, body]
}
const everySource = [restApiEvent, httpApiEvent, functionUrlEvent, albEvent, latticeEvent] as ((
  description: object,
) => unknown)[]
const folder = mkdtempSync(join(tmpdir(), 'expressway-trust-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('answers', () => {
  it('response splitting', async () => {
    const core = createApp({ logger: { error() {} } })
    core.get('/header', (req, res) => res.set('x-a', req.query['v'] as string).text('ok'))
    core.get('/direct', (req, res) => {
      res.headers['x-a'] = req.query['v'] as string
      return 'ok'
    })
    core.get('/redirect', (req, res) => res.redirect(req.query['v'] as string))
    const shim = express()
    shim.get('/header', (req, res) => void res.set('x-a', req.query['v'] as string).send('ok'))
    shim.get('/redirect', (req, res) => void res.redirect(req.query['v'] as string))
    vi.spyOn(console, 'error').mockImplementation(() => {})
    for (const app of [core, shim])
      for (const path of ['/header', '/direct', '/redirect']) {
        for (const v of ['a\r\nset-cookie: b=1', 'a\nb: c', 'a\rb', 'a\0b', '\u010d\u010aset-cookie: b=1']) {
          const result = await send(app.handler, get(path, { queryStringParameters: { v } }))
          expect(JSON.stringify([result.headers, result.multiValueHeaders])).not.toMatch(/set-cookie"|\\r|\\n|\\u0000/i)
        }
      }
    vi.restoreAllMocks()
  })

  it('conflicting Content-Length and Transfer-Encoding, hop-by-hop fields', async () => {
    const hop = { 'content-length': '1', 'transfer-encoding': 'chunked', connection: 'close, x-a', 'keep-alive': 'a' }
    const more = { upgrade: 'h2c', te: 'trailers', trailer: 'x', 'proxy-connection': 'close' }
    const app = createApp().get('/', (_req, res) => {
      for (const [name, value] of Object.entries({ ...hop, ...more, 'x-a': '1' })) res.set(name, value)
      return 'a whole answer'
    })
    for (const toEvent of everySource) {
      const result = await send(app.handler, toEvent({ path: '/' }))
      const names = Object.keys({ ...result.headers, ...result.multiValueHeaders })
      expect(names.sort()).toEqual(['content-type', 'x-a'])
      expect(result.body).toBe('a whole answer')
    }
  })

  it('cookie attribute smuggling', async () => {
    const thrown: unknown[] = []
    const attempts = [{ path: '/; Domain=evil' }, { domain: 'a; Secure' }, { path: '/\r\nx: y' }]
    const core = createApp().get('/', (_req, res) => {
      for (const options of attempts) expect(() => res.cookie('a', 'b', options)).toThrow(TypeError)
      return res.cookie('a', '; Domain=evil\r\n, c=d').text('ok')
    })
    const shim = express().get('/', (_req, res) => {
      for (const options of attempts)
        try {
          res.cookie('a', 'b', options)
        } catch (error) {
          thrown.push(error)
        }
      res.cookie('a', '; Domain=evil\r\n, c=d').send('ok')
    })
    const value = 'a=%3B%20Domain%3Devil%0D%0A%2C%20c%3Dd; Path=/'
    expect((await send(core.handler, get('/'))).headers['set-cookie']).toBe(value)
    expect((await send(shim.handler, get('/'))).headers['set-cookie']).toBe(value)
    expect(thrown).toHaveLength(attempts.length)
  })

  it('what an error says', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const fail = () => {
      throw new Error('password=hunter2')
    }
    for (const app of [createApp().get('/', fail), express().set('env', 'production').get('/', fail)]) {
      const result = await send(app.handler, get('/'))
      expect(result.statusCode).toBe(500)
      expect(JSON.stringify(result)).not.toMatch(/hunter2|\.ts|at /)
    }
    vi.restoreAllMocks()
  })

  it('cache poisoning by a missing Vary', async () => {
    const origin = (allowed: string) => ({ headers: { origin: allowed, 'accept-encoding': 'gzip' } })
    const app = createApp({
      compress: true,
      cors: { allowOrigin: /^https:\/\/[a-z]+\.example$/ },
      cacheControl: 'max-age=60',
    })
    app.get('/', () => 'x'.repeat(5000)).get('/small', () => 'x')
    for (const [path, sent] of [
      ['/', origin('https://a.example')],
      ['/', {}],
      ['/', origin('null')],
    ] as const) {
      expect((await send(app.handler, get(path, sent))).headers['vary']).toBe('Origin, Accept-Encoding')
    }
    const denied = await send(app.handler, get('/missing', origin('https://evil.test')))
    expect(denied.headers).toMatchObject({ vary: expect.stringContaining('Origin'), 'cache-control': 'no-cache' })
  })

  it('CORS with credentials', async () => {
    expect(() => createApp({ cors: { allowOrigin: '*', allowCredentials: true } })).toThrow(TypeError)
    expect(() => createApp({ cors: { allowOrigin: ['https://a', '*'], allowCredentials: true } })).toThrow(TypeError)
    const app = createApp({ cors: { allowOrigin: ['https://www.example.com'], allowCredentials: true } }).get(
      '/',
      () => 'x',
    )
    for (const origin of [
      'https://www.example.com.evil',
      'https://evilwww.example.com',
      'null',
      'http://www.example.com',
      '*',
    ])
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await send(app.handler, get('/', { httpMethod: method, headers: { origin } }))
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control-allow-o'))).toEqual([])
        expect(headers).not.toHaveProperty('access-control-allow-credentials')
      }
  })
})

describe('requests', () => {
  it('the path that was authorised is the path that is routed', async () => {
    for (const path of [
      '//evil.example/a',
      '/a/../b',
      '/a/./b',
      '/a%2Fb',
      '/%2e%2e/b',
      '/%61dmin',
      '/a//b',
      '/a;b=c',
      '/%2561',
    ])
      for (const toEvent of [functionUrlEvent, albEvent, latticeEvent]) {
        expect(await reading(toEvent({ path }), (req) => req.path)).toBe(path)
      }
    expect(await reading(get('/a/../b%2F..'), (req) => req.path)).toBe('/a/../b%2F..')
  })

  it('double decoding', async () => {
    const app = createApp().get('/:name', (req) => [req.params.name, req.query['q']])
    // VPC Lattice's map does not say whether it was decoded; where its path has the query, that is what counts.
    const raw = (toEvent: (description: object) => unknown) => (description: object) => ({
      ...(toEvent(description) as object),
      ...(toEvent === everySource[4] && { path: '/%2541%252F?q=%2541' }),
    })
    for (const toEvent of everySource.map(raw)) {
      const [name, q] = JSON.parse((await send(app.handler, toEvent({ path: '/%2541%252F', query: 'q=%2541' }))).body)
      expect([name, q]).toEqual(['%41%2F', '%41'])
    }
  })

  it('Host and X-Forwarded-* spoofing', async () => {
    const headers = [
      ['host', 'api.example'],
      ['x-forwarded-for', '6.6.6.6'],
      ['x-forwarded-host', 'evil.example'],
      ['x-forwarded-proto', 'http'],
      ['forwarded', 'for=6.6.6.6;host=evil.example'],
      ['x-real-ip', '6.6.6.6'],
      ['x-amzn-request-context', '{"authorizer":{"principalId":"root"}}'],
    ]
    for (const toEvent of everySource) {
      const seen = await reading(toEvent({ path: '/', headers, sourceIp: '192.0.2.7' }), (req) => ({
        ...{ ip: req.ip, host: req.host, method: req.method, identity: req.identity?.subject },
      }))
      expect(seen).toEqual({
        ip: '192.0.2.7',
        host: expect.not.stringContaining('evil'),
        method: 'GET',
        identity: undefined,
      })
    }
    expect(await reading(restApiEvent({ path: '/', headers: headers as never }), (req) => req.protocol)).toBe('https')
  })

  it('a length that is not the body’s', async () => {
    const headers = { 'content-length': '1', 'transfer-encoding': 'chunked', 'content-type': 'text/plain' }
    const event = post('x'.repeat(200_000), 'text/plain', { headers })
    expect(
      await reading(event, (req) => [req.headers.get('content-length'), req.headers.has('transfer-encoding')]),
    ).toEqual(['200000', false])
    const shim = express().use(express.text())
    vi.spyOn(console, 'error').mockImplementation(() => {})
    expect((await send(shim.handler, event)).statusCode).toBe(413)
    vi.restoreAllMocks()
  })

  it('prototype pollution by every name that a client controls', async () => {
    const names = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString']
    const nested = names.flatMap((name) => [`${name}[polluted]=1`, `a[${name}][polluted]=1`, `${name}=1`]).join('&')
    const json = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
    const multipart = names.map((name) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n1\r\n`).join('')
    const record = Object.fromEntries(names.map((name) => [name, '1']))
    const own = JSON.parse(JSON.stringify({ ...record, x: 1 }).replace('"x":1', '"__proto__":"1"'))
    const app = createApp().post('/:__proto__/:constructor', (req) => {
      const type = req.headers.get('content-type') ?? ''
      for (const seen of [req.query, req.cookies, req.params]) expect(Object.getPrototypeOf(seen)).toBeNull()
      const body = type.includes('json') ? req.json() : req.form()
      return { keys: Object.keys(body as object), query: Object.keys(req.query), cookies: Object.keys(req.cookies) }
    })
    const shim = express().set('query parser', 'extended')
    shim.use(express.json(), express.urlencoded({ extended: true }))
    shim.use((req, res) => void res.json([req.query, req.body, req.headers]))
    for (const [body, type] of [
      [nested, 'application/x-www-form-urlencoded'],
      [json, 'application/json'],
      [`${multipart}--b--`, 'multipart/form-data; boundary=b'],
    ] as const) {
      const headers = { ...own, 'content-type': type, cookie: names.map((name) => `${name}=1`).join('; ') }
      const event = JSON.parse(JSON.stringify(post(body, type, { path: '/a/b', headers, queryStringParameters: own })))
      const result = await send(app.handler, event)
      if (type === 'application/json') expect(result.statusCode).toBe(400)
      else {
        expect([result.statusCode, JSON.parse(result.body).cookies.sort()]).toEqual([200, [...names].sort()])
        expect(JSON.parse(result.body).query).toContain('__proto__')
      }
      const raw = { ...event, requestContext: { http: { method: 'POST' } }, rawPath: '/a', rawQueryString: nested }
      expect((await send(shim.handler, raw)).statusCode).toBe(200)
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
      expect((Object as unknown as Record<string, unknown>)['polluted']).toBeUndefined()
    }
  })

  it('open redirects by //host', async () => {
    mkdirSync(join(folder, 'evil.example'), { recursive: true })
    const shim = express().use(express.static(folder))
    for (const path of ['//evil.example', '///evil.example', '/\\evil.example', '//evil.example/..']) {
      const { headers } = await send(shim.handler, get(path))
      expect(headers['location'] ?? '/').toMatch(/^\/(?![/\\])/)
    }
    expect((await send(shim.handler, get('//evil.example'))).headers['location']).toBe('/evil.example/')
    const based = toLambdaHandler(
      express().get('/', (_req, res) => res.redirect('//evil.example/')),
      { basePath: 'mount' },
    )
    const { headers } = await send(based, {
      ...{ version: '2.0', rawPath: '/prod/', routeKey: 'GET /' },
      requestContext: { stage: 'prod', http: { method: 'GET', path: '/prod/' } },
    })
    // What the application wrote itself stays what it was: no prefix makes another host of it.
    expect(headers['location']).toBe('//evil.example/')
  })

  it('files outside of the root', async () => {
    mkdirSync(join(folder, 'public'), { recursive: true })
    writeFileSync(join(folder, 'secret'), 'hunter2')
    writeFileSync(join(folder, 'public', '.env'), 'hunter2')
    const app = express().use(express.static(join(folder, 'public')))
    app.get('/send/*name', (req, res) =>
      res.sendFile(([] as string[]).concat(req.params['name'] ?? []).join('/'), { root: join(folder, 'public') }),
    )
    app.use(((_error, _req, res, _next) => void res.status(404).end()) as express.ErrorRequestHandler)
    for (const up of [
      '/../secret',
      '/%2e%2e/secret',
      '/..%2fsecret',
      '/%2e%2e%2fsecret',
      '/a/../../secret',
      '/..\\secret',
      '/%00/secret',
      '/.env',
      '//../secret',
    ])
      for (const prefix of ['', '/send']) {
        const result = await send(app.handler, get(prefix + up))
        expect(result.statusCode).toBeGreaterThanOrEqual(400)
        expect(result.body).not.toContain('hunter2')
      }
  })
})

describe('resources', () => {
  it('JSON depth', async () => {
    const depth = 200_000
    const deep = '['.repeat(depth) + ']'.repeat(depth)
    const core = createApp().post('/', (req) => typeof req.json())
    const exact = createApp({ json: { numbers: 'exact' } }).post('/', (req) => typeof req.json())
    const shim = express().use(express.json({ limit: '1mb' }), (req, res) => void res.send(typeof req.body))
    expect((await send(core.handler, post(deep, 'application/json'))).statusCode).toBe(200)
    expect((await send(exact.handler, post(deep, 'application/json'))).statusCode).toBe(400)
    expect((await send(shim.handler, post(deep, 'application/json'))).statusCode).toBe(200)
    expect((await send(core.handler, post('[1]', 'application/json'))).body).toBe('object')
  })

  it('decompression bombs', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    const event = post(bomb.toString('base64'), 'application/json', {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      isBase64Encoded: true,
    })
    const before = process.memoryUsage().arrayBuffers
    const shim = express().use(express.json(), (_req, res) => void res.send('parsed'))
    expect((await send(shim.handler, event)).statusCode).toBe(413)
    // core never inflates: what came is what a handler sees.
    expect(await reading(event, (req) => req.bytes().length)).toBe(bomb.length)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024)
    vi.restoreAllMocks()
  })

  it('parameter floods', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const flood = Array.from({ length: 1001 }, (_, index) => `p${index}=`).join('&')
    const form = post(flood, 'application/x-www-form-urlencoded')
    for (const extended of [false, true]) {
      const shim = express().use(express.urlencoded({ extended }), (_req, res) => void res.send('parsed'))
      expect((await send(shim.handler, form)).statusCode).toBe(413)
    }
    const deep = post(`a${'[a]'.repeat(5000)}=1`, 'application/x-www-form-urlencoded')
    const shim = express().use(express.urlencoded({ extended: true }), (_req, res) => void res.send('parsed'))
    expect((await send(shim.handler, deep)).statusCode).toBe(400)
    expect(await reading(form, (req) => Object.keys(req.form()).length)).toBe(1001)
    const flooding = (text: string) =>
      reading(post(`${text}&a=b`.repeat(20), 'application/x-www-form-urlencoded'), (req) => req.form())
    await assertLinear(flooding)
    vi.restoreAllMocks()
  })

  const patterns = [
    '/:a-:b-:c',
    '/{:a}{/:b}{/:c}',
    '/*rest/x',
    '/:a.:b.:c',
    '/*a/*b',
    '/users/:id{.:ext}',
    '/:a{-:b}{-:c}x',
  ]

  it('ReDoS: route patterns', async () => {
    const app = createApp()
    for (const pattern of patterns) app.get(pattern, () => 'x')
    const shim = express()
    for (const pattern of patterns) shim.get(pattern, (_req, res) => void res.send('x'))
    for (const { handler } of [app, shim]) await assertLinear((text) => send(handler, get(`/${text}`)))
  }, 120_000)

  const fields = [
    ...['cookie', 'accept-encoding', 'accept', 'accept-language', 'content-type', 'if-none-match', 'range', 'host'],
    ...[
      'x-forwarded-for',
      'x-forwarded-proto',
      'origin',
      'cache-control',
      'if-range',
      'if-match',
      'x-amzn-trace-id',
      'if-modified-since',
      'authorization',
    ],
  ]

  it('ReDoS: header fields, queries and bodies', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const app = createApp({
      etag: true,
      compress: true,
      cors: { allowOrigin: ['https://a.example'] },
      accessLog: { log() {}, include: ['headers', 'query'] },
    })
    app.all('/', (req) => {
      for (const read of [() => req.query, () => req.form(), () => req.json()])
        try {
          read()
        } catch {}
      return [req.cookies, req.ip, req.protocol, req.host, req.traceId]
    })
    const shim = express().set('trust proxy', true).set('query parser', 'extended')
    shim.use(express.text(), express.raw(), (req, res) => {
      const { ip, ips, hostname, subdomains, protocol, fresh } = req
      res
        .vary('x')
        .json([
          req.accepts('html', 'json'),
          req.acceptsEncodings('gzip'),
          req.acceptsLanguages('en'),
          req.is('json'),
          req.range(10),
          req.query,
          { ip, ips, hostname, subdomains, protocol, fresh },
        ])
    })
    shim.use(((_error, _req, res, _next) => void res.status(400).end()) as express.ErrorRequestHandler)
    const attack = (text: string) => ({
      ...{ httpMethod: 'POST', path: '/', queryStringParameters: { [text]: text } },
      headers: Object.fromEntries(fields.map((name) => [name, text])),
      body: text,
    })
    for (const { handler } of [app, shim]) {
      await assertLinear((text) => send(handler, attack(text)))
      await assertLinear((text) =>
        send(handler, { ...attack(''), requestContext: { elb: {} }, queryStringParameters: { [text]: text } }),
      )
      for (const type of ['multipart/form-data; boundary=-', 'application/json', 'application/x-www-form-urlencoded'])
        await assertLinear((text) => send(handler, post(text, type)))
    }
    vi.restoreAllMocks()
  }, 240_000)

  it('ReDoS: the measure tells a quadratic expression', async () => {
    await expect(assertLinear((text) => /,+$/.test(text))).rejects.toThrow(/times as long/)
  }, 60_000)
})
