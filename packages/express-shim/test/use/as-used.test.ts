import { createServer, request as sendRequest } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import * as zlib from 'node:zlib'
import { gzipSync } from 'node:zlib'
import type { LambdaHandler } from '@expressway/core/lambda'
import { albEvent, functionUrlEvent, httpApiEvent, restApiEvent } from '@expressway/testing/events'
import type { GatewayName } from '@expressway/testing/gateway'
import { invoke } from '@expressway/testing/invoke'
import realExpress from 'express'
import { describe, expect, it } from 'vitest'
import shimExpress from '../../src/index.ts'
import { toLambdaHandler } from '../../src/lambda.ts'
import { toLambdaHandler as listenerToLambdaHandler } from '../../src/listener.ts'
import { same } from '../differential/harness.ts'
import { load } from '../matrix/scenario.ts'

type Result = { statusCode: number; headers: Record<string, string>; body: string }

/** The same application on the shim, and on Express behind the listener. */
const ways: [
  name: string,
  toHandler: (build: (express: typeof realExpress) => unknown, options?: object) => LambdaHandler,
][] = [
  ['shim', (build, options) => toLambdaHandler(build(shimExpress as unknown as typeof realExpress) as object, options)],
  ['listener', (build, options) => listenerToLambdaHandler(build(realExpress) as never, options)],
]

/** What an application answers to an event, parsed. */
async function echoed(handler: LambdaHandler, event: unknown): Promise<unknown> {
  const result = (await handler(event)) as Result
  expect(result.statusCode, result.body).toBe(200)
  return JSON.parse(result.body)
}

describe.each(ways)('the request headers of the %s', (_name, toHandler) => {
  const headers = {
    host: 'shop.example',
    'x-one': '1',
    'cf-ipcity': 'Sīgulda',
    'x-damaged': 'a\ufffdb',
    'x-latin': 'é',
  }

  it('are a plain object', async () => {
    const { isPlainObject } = load('lodash')
    const handler = toHandler((express) =>
      express().get('/', (req, res) => {
        const { headers } = req
        // biome-ignore lint/suspicious/noPrototypeBuiltins: middleware calls it.
        res.json([isPlainObject(headers), headers.hasOwnProperty('x-one'), `${headers}`])
      }),
    )
    expect(await echoed(handler, functionUrlEvent({ headers }))).toEqual([true, true, '[object Object]'])
  })

  it("are taken by Node's own APIs: one character for each byte, as Node's parser gives them", async () => {
    const handler = toHandler((express) =>
      express().get('/', (req, res) => {
        new Headers(req.headers as Record<string, string>)
        sendRequest({ host: '127.0.0.1', port: 1, headers: req.headers })
          .on('error', () => {})
          .destroy()
        const { 'cf-ipcity': city, 'x-damaged': damaged, 'x-latin': latin } = req.headers
        res.json({
          city,
          damaged,
          latin,
          distinct: req.headersDistinct['cf-ipcity'],
          raw: req.rawHeaders.includes(city as string),
        })
      }),
    )
    const city = await parsedByNode('Sīgulda')
    const damaged = await parsedByNode('a\ufffdb')
    for (const event of [functionUrlEvent({ headers }), restApiEvent({ headers }), albEvent({ headers })]) {
      expect(await echoed(handler, event)).toEqual({ city, damaged, latin: 'é', distinct: [city], raw: true })
    }
  })

  it('name the host of the gateway if the event names none', async () => {
    const handler = toHandler((express) =>
      express().get('/', (req, res) => void res.json([req.hostname, req.host, req.get('host'), req.rawHeaders])),
    )
    const event = {
      httpMethod: 'GET',
      path: '/',
      requestContext: { domainName: 'abc.execute-api.eu-west-1.amazonaws.com' },
    }
    const host = 'abc.execute-api.eu-west-1.amazonaws.com'
    expect(await echoed(handler, event)).toEqual([host, host, host, ['Host', host]])
  })

  it('keep the length 0 that a client says', async () => {
    const handler = toHandler((express) =>
      express().get('/', (req, res) => void res.json(req.headers['content-length'] ?? null)),
    )
    const saying = (event: { headers?: object }) => ({ ...event, headers: { ...event.headers, 'content-length': '0' } })
    expect(await echoed(handler, saying(functionUrlEvent({})))).toBe('0')
    expect(await echoed(handler, saying(albEvent({})))).toBe('0')
    expect(await echoed(handler, functionUrlEvent({}))).toBe(null)
    // An HTTP API writes it for every request without a body.
    expect(await echoed(handler, saying(httpApiEvent({})))).toBe(null)
  })
})

it('a header named __proto__ is harmless', async () => {
  const app = shimExpress()
  app.get('/', (req: Any, res: Any) => {
    res.json([
      Object.getPrototypeOf(req.headers) === Object.prototype,
      Object.hasOwn(req.headers, '__proto__'),
      req.headers.polluted,
    ])
  })
  const event = { ...functionUrlEvent({}), headers: JSON.parse('{"__proto__":"polluted","host":"a"}') }
  expect(await echoed(app.handler, event)).toEqual([true, true, null])
})

// biome-ignore lint/suspicious/noExplicitAny: the members are Express's.
type Any = any

/** What Node's parser makes of a value's UTF-8 bytes. */
async function parsedByNode(value: string): Promise<string> {
  const server = createServer((req, res) => void res.end(JSON.stringify(req.headers['x-value'])))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.end(`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Value: ${value}\r\n\r\n`)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  server.close()
  return JSON.parse(/"(.*)"/.exec(answer)![0])
}

describe.each(ways)('an answer to HEAD of the %s', (_name, toHandler) => {
  const build = (express: typeof realExpress) => express().get('/', (_req, res) => void res.send('hello'))

  it.each([restApiEvent, httpApiEvent, functionUrlEvent, albEvent])(
    'keeps the length of the answer that it stands for: %o',
    async (toEvent) => {
      const { headers, body } = (await toHandler(build)(toEvent({ method: 'HEAD' }))) as Result
      expect([headers['content-length'], body]).toEqual(['5', ''])
    },
  )

  it('and an answer to GET leaves its length to the gateway', async () => {
    const { headers, body } = (await toHandler(build)(functionUrlEvent({}))) as Result
    expect([headers['content-length'], body]).toEqual([undefined, 'hello'])
  })
})

describe.each(ways)('a 304 of the %s', (_name, toHandler) => {
  const build = (express: typeof realExpress) =>
    express()
      .get('/page', (_req, res) => void res.send('<p>hello</p>'))
      .use(express.static(import.meta.dirname))

  it.each(['rest-api', 'http-api', 'http-api-v1', 'function-url'] satisfies GatewayName[])(
    'keeps the content type of the 200 behind %s',
    async (gateway) => {
      for (const path of ['/page', '/as-used.test.ts']) {
        const asked = { method: 'GET', path, query: '', headers: [] as [string, string][] }
        const typeOf = ({ headers }: { headers: [string, string][] }) =>
          headers.find(([name]) => name === 'content-type')?.[1]
        const first = await invoke(toHandler(build), asked, { gateway })
        const tag = first.response.headers.find(([name]) => name === 'etag')![1]
        const second = await invoke(toHandler(build), { ...asked, headers: [['if-none-match', tag]] }, { gateway })
        expect(second.response.status).toBe(304)
        expect(typeOf(second.response)).toBe(typeOf(first.response))
      }
    },
  )

  it('has none behind a load balancer, as on a server', async () => {
    const { headers } = (await toHandler(build)(
      albEvent({ path: '/page', headers: { 'if-none-match': '*' } }),
    )) as Result
    expect(headers['content-type']).toBe(undefined)
  })
})

describe('a compressed body', () => {
  const content = JSON.stringify({ text: 'a'.repeat(1100) })
  const codings = {
    gzip: gzipSync(content),
    deflate: zlib.deflateSync(content),
    br: zlib.brotliCompressSync(content),
    zstd: zlib.zstdCompressSync(content),
  }

  it.each(Object.entries(codings))(
    '%s, over the limit and cut off, is too large as for Express',
    async (coding, bytes) => {
      for (const limit of [1000, 2000]) {
        const build = (express: typeof realExpress) =>
          express()
            .use(express.json({ limit }))
            .post('/', (req, res) => void res.json(Object.keys(req.body)))
        const headers = { 'content-type': 'application/json', 'content-encoding': coding }
        for (const cut of [1, 2, 8]) {
          await same(
            build,
            { method: 'POST', headers, body: bytes.subarray(0, -cut) },
            { only: ['alb', 'alb-multi-value'], env: 'production' },
          )
        }
      }
    },
  )
})

describe.each(ways)('basePath of the %s', (_name, toHandler) => {
  const build = (express: typeof realExpress) =>
    express()
      .use(express.static(`${import.meta.dirname}/..`))
      .get('/go', (_req, res) => res.redirect('/me'))
      .use(
        '/inner',
        express.Router().get('/*rest', (req, res) => void res.json([req.url, req.baseUrl, req.originalUrl])),
      )
  const stage = (path: string) => restApiEvent({ path, stage: 'prod' })

  it('`mount` puts the application below the stage: redirects and URLs name it', async () => {
    const handler = toHandler(build, { basePath: 'mount' })
    expect(await echoed(handler, stage('/inner/x'))).toEqual(['/x', '/prod/inner', '/prod/inner/x'])
    for (const [path, location] of [
      ['/go', '/prod/me'],
      ['/use', '/prod/use/'],
    ] as const) {
      expect(((await handler(stage(path))) as Result).headers.location).toBe(location)
    }
  })

  it('`strip`, the default, hides it', async () => {
    const handler = toHandler(build)
    expect(await echoed(handler, stage('/inner/x'))).toEqual(['/x', '/inner', '/inner/x'])
    expect(((await handler(stage('/go'))) as Result).headers.location).toBe('/me')
  })

  it('a path of its own is taken off besides', async () => {
    const handler = toHandler(build, { basePath: '/shop' })
    expect(await echoed(handler, stage('/shop/inner/x'))).toEqual(['/x', '/inner', '/inner/x'])
  })

  it.each(['keep', 'shop', '/', '', null, 3])('refuses %o', (basePath) => {
    expect(() => toHandler(build, { basePath })).toThrow(/basePath is 'strip', 'mount' or a path such as '\/shop', not/)
  })
})
