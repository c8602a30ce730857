import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { HttpRequest, LambdaContext } from '@expressway/core/handle'
import { lambdaContext } from '@expressway/testing/context'
import { functionUrlEvent } from '@expressway/testing/events'
import express from 'express'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { BridgeSocket } from '../../src/bridge/socket.ts'
import {
  getHttpRequest,
  getInvocation,
  type Listener,
  type ListenerSource,
  toHandle,
  toLambdaHandler,
} from '../../src/listener.ts'
import { invocation, toMessage } from './answers.ts'

const run = async (listener: ListenerSource, message: Partial<HttpRequest> = {}, context: LambdaContext = {}) =>
  toHandle(listener)(toMessage({ path: '/' }, message), invocation({ context }))

const silence = () => vi.spyOn(console, 'error').mockImplementation(() => {})
const hello: Listener = (_req, res) => void res.end('hello')

afterEach(() => vi.restoreAllMocks())

describe('what a listener is', () => {
  test.each<[string, ListenerSource]>([
    ['a function of two parameters', hello],
    ['an http.Server', createServer((req, res) => void hello(req, res))],
    ['a promise of a listener', Promise.resolve(hello)],
    ['a promise of an http.Server', Promise.resolve(createServer((req, res) => void hello(req, res)))],
    ['a factory', () => hello],
    ['an asynchronous factory', async () => hello],
    ['an Express application', express().use((_req, res) => void res.end('hello'))],
  ])('%s', async (_name, listener) => {
    expect(await run(listener)).toMatchObject({ status: 200, body: 'hello' })
  })

  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /not undefined/],
    ['null', null, /not object null/],
    ['text', 'app', /not string app/],
    ['a Nest application', { getHttpAdapter() {} }, /app\.getHttpAdapter\(\)\.getInstance\(\)/],
    ['a Fastify instance', { routing() {}, listen() {}, ready() {} }, /fastify\.routing/],
    ['a Koa application', { callback() {} }, /app\.callback\(\)/],
    ['a Hapi server', { listener: {} }, /server\.listener/],
    ['an application of web requests', { fetch() {} }, /toNodeHandler/],
    ['any object', { some: 1, thing: 2 }, /an object with the members some, thing/],
    ['an empty object', {}, /an object with the members none/],
  ])('%s is none, and the TypeError says what to pass', (_name, given, message) => {
    expect(() => toLambdaHandler(given as Listener)).toThrow(TypeError)
    expect(() => toLambdaHandler(given as Listener)).toThrow(message)
  })

  test('an unknown basePath or source is a TypeError at once', () => {
    expect(() => toHandle(hello, { basePath: 'shop' as '/shop' })).toThrow('basePath')
    expect(() => toHandle(hello, { basePath: '/' })).toThrow('basePath')
    expect(() => toLambdaHandler(hello, { source: 'gateway' as 'alb' })).toThrow(TypeError)
  })

  test('the handler has the two parameters that Lambda’s runtime takes', () => {
    expect(toLambdaHandler(hello)).toHaveLength(2)
  })

  test('other events go where onOtherEvent says', async () => {
    const handler = toLambdaHandler(hello, { onOtherEvent: (event) => ['taken', event] })
    expect(await handler({ Records: [] }, {})).toEqual(['taken', { Records: [] }])
  })
})

describe('a factory', () => {
  test('is called at once, and once', async () => {
    let calls = 0
    const handle = toHandle(async () => {
      calls++
      await pause(5)
      return hello
    })
    await pause(0)
    expect(calls).toBe(1)
    const answers = await Promise.all([1, 2, 3].map(() => handle(toMessage({ path: '/' }), invocation())))
    expect(answers.map(({ body }) => body)).toEqual(['hello', 'hello', 'hello'])
    expect(calls).toBe(1)
  })

  test('that failed fails the invocation, and is called again for the next one', async () => {
    let calls = 0
    const handle = toHandle(() => {
      if (++calls === 1) throw new Error('no database yet')
      return hello
    })
    await expect(handle(toMessage({ path: '/' }), invocation())).rejects.toThrow('no database yet')
    expect(await handle(toMessage({ path: '/' }), invocation())).toMatchObject({ body: 'hello' })
  })

  test('that gives no listener fails with what it gave', async () => {
    await expect(run(() => ({ callback() {} }) as unknown as Listener)).rejects.toThrow('app.callback()')
  })
})

describe('basePath', () => {
  const url: Listener = (req, res) => void res.end(req.url)
  const at = async (basePath: 'strip' | 'mount' | `/${string}` | undefined, path: string, query = '') =>
    (await toHandle(url, { basePath })(toMessage({ path, query }, { basePath: '/prod' }), invocation())).body

  test('is left out of the URL, or taken off together with another prefix', async () => {
    expect(await at(undefined, '/users', 'a=%20')).toBe('/users?a=%20')
    expect(await at('strip', '/users')).toBe('/users')
    expect(await at('mount', '/users', 'a')).toBe('/users?a')
    expect(await at('/shop', '/shop/users')).toBe('/users')
    expect(await at('/shop/', '/shop/users')).toBe('/users')
    expect(await at('/shop', '/shop')).toBe('/')
    expect(await at('/shop', '/shopping')).toBe('/shopping')
  })
})

describe('what the listener can ask', () => {
  test('the invocation, and the message with who the client is', async () => {
    const identity = { subject: 'anna' }
    const given = invocation({ source: 'rest-api', event: { a: 1 } })
    let seen: unknown
    const handle = toHandle((req, res) => {
      seen = [getInvocation(req) === given, getHttpRequest(req)?.identity]
      res.end()
    })
    await handle(toMessage({ path: '/' }, { identity }), given)
    expect(seen).toEqual([true, identity])
  })

  test('of a real server’s request: nothing', () => {
    expect(getInvocation({ socket: {} as IncomingMessage['socket'] })).toBeUndefined()
    expect(getHttpRequest({ socket: {} as IncomingMessage['socket'] })).toBeUndefined()
  })

  test('the socket: addresses, and the certificate of mutual TLS', async () => {
    let socket!: BridgeSocket
    const clientCertificate = {
      pem: '-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----',
      subject: 'CN=Anna\\, B., OU=a,OU=b,\u00a0CN=admin',
      issuer: 'CN=Root,nonsense',
      serialNumber: 'a1:b2',
      notBefore: 'May 28 12:30:02 2019 GMT',
      notAfter: 'Aug  5 09:36:04 2021 GMT',
    }
    const message = { remoteAddress: '2001:db8::1', protocol: 'https', identity: { clientCertificate } } as const
    await run((req, res) => {
      socket = req.socket as unknown as BridgeSocket
      res.end()
    }, message)
    expect(socket).toMatchObject({
      remoteAddress: '2001:db8::1',
      remoteFamily: 'IPv6',
      encrypted: true,
      authorized: true,
    })
    expect(socket.getPeerCertificate()).toEqual({
      subject: { CN: 'Anna, B.', OU: ['a', 'b'], '\u00a0CN': 'admin' },
      issuer: { CN: 'Root' },
      serialNumber: 'A1B2',
      valid_from: clientCertificate.notBefore,
      valid_to: clientCertificate.notAfter,
      raw: Buffer.from('hello'),
    })
  })

  test('the socket of a client that the gateway says nothing of', async () => {
    let socket!: BridgeSocket
    await run(
      (req, res) => {
        socket = req.socket as unknown as BridgeSocket
        res.end()
      },
      { remoteAddress: undefined },
    )
    expect(socket).toMatchObject({ encrypted: false, authorized: false, connecting: false, readyState: 'open' })
    expect([socket.remoteAddress, socket.remoteFamily, socket.remotePort]).toEqual([undefined, undefined, undefined])
    expect([socket.getPeerCertificate(), socket.address()]).toEqual([{}, {}])
    socket.encrypted = true
    expect(socket.encrypted).toBe(true)
  })

  test('what is written to the socket is no part of the answer', async () => {
    const written = vi.fn()
    const listener: Listener = (req, res) => {
      req.socket.write('HTTP/1.1 200 OK\r\n\r\n', written)
      res.end('answer')
    }
    expect((await run(listener)).body).toBe('answer')
    expect(written).toHaveBeenCalledOnce()
  })
})

describe('the body of a request', () => {
  const echo: Listener = async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    res.end(JSON.stringify([Buffer.concat(chunks).toString('latin1'), req.headers['content-length']]))
  }

  test('text, bytes and none, with the length that it has', async () => {
    const read = async (body: HttpRequest['body'], rawHeaders: string[] = [], headers: HttpRequest['headers'] = {}) =>
      JSON.parse((await run(echo, { method: 'POST', body, rawHeaders, headers })).body as string)
    expect(await read('€')).toEqual(['\xe2\x82\xac', '3'])
    expect(await read(new Uint8Array([1, 255]).subarray(1))).toEqual(['\xff', '1'])
    expect(await read('four', ['CONTENT-LENGTH', '99', 'Transfer-Encoding', 'chunked'])).toEqual(['four', '4'])
    expect(await read(undefined)).toEqual(['', null])
    expect(await read(undefined, ['Content-Length', '7'])).toEqual(['', null])
    // The message says whether a length of 0 is the client's.
    expect(await read(undefined, ['Content-Length', '0'], { 'content-length': '0' })).toEqual(['', '0'])
    expect(await read(undefined, ['Content-Length', '0'])).toEqual(['', null])
    expect(await read('')).toEqual(['', null])
  })

  test('any bytes in, the same bytes out', async () => {
    const pipe: Listener = (req, res) => void req.pipe(res)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const { body } = await run(pipe, { method: 'PUT', body: bytes })
        expect(Buffer.from(body as Uint8Array)).toEqual(Buffer.from(bytes))
      }),
      { numRuns: 50 },
    )
  })

  test('any text, however cut, comes out as Node would send it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('\ud83d'))), async (parts) => {
        const { body = '' } = await run((_req, res) => {
          for (const part of parts) res.write(part)
          res.end()
        })
        expect(Buffer.from(body as string)).toEqual(Buffer.concat(parts.map((part) => Buffer.from(part))))
      }),
      { numRuns: 50 },
    )
  })

  test('that is malformed base64 is the client’s fault', async () => {
    const event = { ...functionUrlEvent({ method: 'POST', path: '/' }), body: 'no base64!', isBase64Encoded: true }
    const result = await toLambdaHandler(hello)(event, lambdaContext())
    expect(result).toMatchObject({ statusCode: 400, body: 'The request body is not valid base64' })
  })
})

describe('the end of an invocation', () => {
  test('the deadline answers 503, says so in the log, and closes the connection', async () => {
    const logged = silence()
    const closed = vi.fn()
    const listener: Listener = (req, res) => {
      req.on('aborted', closed)
      res.on('close', closed)
    }
    const response = await run(listener, { path: '/slow' }, { getRemainingTimeInMillis: () => 100 })
    expect(response).toMatchObject({ status: 503, body: 'Service Unavailable' })
    expect(logged.mock.calls).toEqual([['The listener did not answer GET /slow before the deadline of the invocation']])
    await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(2))
  })

  test('an answer in time is not disturbed by it', async () => {
    const logged = silence()
    const listener: Listener = async (_req, res) => {
      await pause(10)
      res.end('in time')
    }
    expect(await run(listener, {}, { getRemainingTimeInMillis: () => 60 })).toMatchObject({ body: 'in time' })
    await pause(70)
    expect(logged).not.toHaveBeenCalled()
  })

  test.each([undefined, 0])('a context whose remaining time is %s has no deadline', async (remaining) => {
    const context = { getRemainingTimeInMillis: () => remaining as number }
    const listener: Listener = (_req, res) => void setTimeout(() => res.end('late'), 20)
    expect(await run(listener, {}, context)).toMatchObject({ status: 200, body: 'late' })
  })

  test('an http.Server without a listener is a fault of the server', async () => {
    const logged = silence()
    expect((await run(createServer())).status).toBe(500)
    expect(String(logged.mock.calls[0]![0])).toContain('no "request" listener')
  })

  test('all listeners of a server run, and a rejection of any of them is seen', async () => {
    const logged = silence()
    const server = createServer(async () => {
      throw new Error('second thoughts')
    })
    server.prependListener('request', (_req, res) => void res.setHeader('x', '1'))
    expect((await run(server)).status).toBe(500)
    expect(logged).toHaveBeenCalledExactlyOnceWith(new Error('second thoughts'))
  })

  test('a reason that is no Error is logged as it is', async () => {
    const logged = silence()
    expect((await run(() => Promise.reject('text') as never).catch(String)) as unknown).toBe('text')
    expect((await run((_req, _res) => Promise.reject('text'))).status).toBe(500)
    expect(logged).toHaveBeenCalledExactlyOnceWith('text')
  })

  test('who listens for an error has it alone', async () => {
    const logged = silence()
    const listener: Listener = (_req, res) => {
      res.on('error', () => res.end('mended'))
      res.emit('error', new Error('caught'))
    }
    expect(await run(listener)).toMatchObject({ status: 200, body: 'mended' })
    expect(logged).not.toHaveBeenCalled()
  })

  test('writing after the end is logged, and the answer stands', async () => {
    const logged = silence()
    const listener: Listener = (_req, res) => {
      res.end('whole')
      res.write('more')
    }
    expect(await run(listener)).toMatchObject({ status: 200, body: 'whole' })
    expect(logged).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'ERR_STREAM_WRITE_AFTER_END' }))
  })

  test('removing all listeners of the response does not keep it from arriving', async () => {
    const listener: Listener = (_req, res) => void res.removeAllListeners().end('still')
    expect((await run(listener)).body).toBe('still')
  })

  test('an idle connection with nobody to mind it is broken off', async () => {
    silence()
    expect((await run((req) => void req.socket.setTimeout(5))).status).toBe(502)
  })
})

test('many invocations at once keep apart', async () => {
  const handle = toHandle(async (req, res) => {
    const [name, wait] = req.url!.slice(1).split('-')
    res.setHeader('x-name', name!)
    res.write(`${name} `)
    await pause(Number(wait))
    res.end(req.url)
  })
  const names = Array.from({ length: 20 }, (_, i) => `/n${i}-${(i * 7) % 10}`)
  const answers = await Promise.all(names.map((path) => handle(toMessage({ path }), invocation())))
  expect(answers.map(({ body }) => body)).toEqual(names.map((path) => `${path.slice(1).split('-')[0]} ${path}`))
  expect(answers.map(({ headers }) => headers['x-name'])).toEqual(names.map((path) => path.slice(1).split('-')[0]))
})

describe('messages are Node’s own', () => {
  test('by their prototypes, which a listener may replace', async () => {
    const seen: unknown[] = []
    const Request = { __proto__: IncomingMessage.prototype, mark: 'mine' }
    const listener: Listener = (req, res) => {
      seen.push(Object.getPrototypeOf(req) === IncomingMessage.prototype)
      seen.push(Object.getPrototypeOf(res) === ServerResponse.prototype)
      Object.setPrototypeOf(req, Request)
      Object.setPrototypeOf(res, { __proto__: ServerResponse.prototype })
      res.end((req as { mark?: string }).mark)
    }
    expect((await run(listener)).body).toBe('mine')
    expect(seen).toEqual([true, true])
  })

  test('on an Express application’s prototypes from the start', async () => {
    const app = express()
    const handle = vi.spyOn(app as unknown as { handle(req: object, res: object): void }, 'handle')
    await run(app)
    const [req, res] = handle.mock.calls[0]!
    expect([Object.getPrototypeOf(req), Object.getPrototypeOf(res)]).toEqual([app.request, app.response])
  })

  test('unless these have members that Node’s constructors assign', async () => {
    const app = express()
    Object.defineProperty(app.request, 'url', {
      get() {
        throw new Error('meddled')
      },
    })
    app.use((req, res) => void res.send(req.url))
    expect(String((await run(app)).body)).toBe('/')
  })

  test('a field that repeats stands on several lines; set-cookie is always a list', async () => {
    const response = await run((_req, res) => {
      res.setHeader('X-Several', ['1', '2']).setHeader('X-One', ['1']).setHeader('X-None', []).setHeader('X-Number', 5)
      res.setHeader('Set-Cookie', 'a=1').setHeader('__proto__', 'x').end()
    })
    expect({ ...response.headers }).toEqual({
      'x-several': ['1', '2'],
      'x-one': '1',
      'x-number': '5',
      'set-cookie': ['a=1'],
      ['__proto__']: 'x',
    })
    expect([response.headers.constructor, response.headers.toString, '__proto__' in { ...response.headers }]).toEqual([
      undefined,
      undefined,
      true,
    ])
  })

  test('the reason phrase is there where the application chose one', async () => {
    expect((await run((_req, res) => res.writeHead(200).end())).statusText).toBeUndefined()
    expect((await run((_req, res) => res.writeHead(200, 'Fine').end())).statusText).toBe('Fine')
  })
})
