import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { type Listener, toLambdaHandler } from '@expressway/express-shim/listener'
import type { GatewayName } from '@expressway/testing/gateway'
import { invoke } from '@expressway/testing/invoke'
import express, { type Express } from 'express'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Asked, ask, eventOf, gateways, throughGateway } from './answers.ts'
import { compression, session } from './middleware-packages.ts'

// What other adapters do wrong, each seen by running them, and right here on every event source.

const through = (listener: Listener, asked: Asked, gateway: GatewayName = 'http-api') =>
  throughGateway(toLambdaHandler(listener), asked, gateway)

const json = async (listener: Listener, asked: Asked, gateway?: GatewayName) =>
  JSON.parse(Buffer.from((await through(listener, asked, gateway)).body, 'latin1').toString())

const silence = () => vi.spyOn(console, 'error').mockImplementation(() => {})
const every = (callback: (req: express.Request, res: express.Response) => void): Express => express().use(callback)
const post = { method: 'POST', path: '/', headers: [['Content-Type', 'text/plain'] as [string, string]], body: 'text' }

afterEach(() => vi.restoreAllMocks())

describe.each(gateways)('through %s', (gateway) => {
  test('1: an unmatched route answers 404 with its page', async () => {
    const app = express().get('/there', (_req, res) => void res.send('here'))
    const answer = await through(app, { path: '/elsewhere' }, gateway)
    expect(answer.status).toBe(404)
    expect(answer.body).toContain('<pre>Cannot GET /elsewhere</pre>')
  })

  test('2: req.body is undefined until a parser sets it', async () => {
    const app = express()
      .use(express.json())
      .use((req, res) => void res.json([req.body === undefined, 'body' in req]))
    expect(await json(app, post, gateway)).toEqual([true, true])
    expect(
      await json(
        every((req, res) => void res.json('body' in req)),
        post,
        gateway,
      ),
    ).toBe(false)
  })

  test('3: req.ip is Express’s getter, and trust proxy has its effect', async () => {
    const app = every((req, res) => void res.json([Object.hasOwn(req, 'ip'), req.ip, req.socket.remoteAddress]))
    const asked: Asked = { path: '/', headers: [['X-Forwarded-For', '10.9.8.7']] }
    const [own, ip, remoteAddress] = await json(app, asked, gateway)
    expect([own, ip === remoteAddress]).toEqual([false, true])
    expect(ip).not.toBe('')
    expect((await json(app.set('trust proxy', true), asked, gateway))[1]).toBe('10.9.8.7')
  })

  test('5: a GET has no body and no length', async () => {
    const app = express()
      .use(express.raw({ type: () => true }))
      .use((req, res) => void res.json([req.headers['content-length'], req.headers['transfer-encoding'], req.body]))
    expect(await json(app, { path: '/' }, gateway)).toEqual([null, null, null])
  })

  test.each(['application/pdf', 'application/octet-stream', 'application/zip', 'font/woff2', 'image/png', undefined])(
    '6: bytes of the type %s arrive as they are',
    async (type) => {
      const bytes = Buffer.from(Array.from({ length: 1024 }, (_, i) => i % 256))
      const listener: Listener = (_req, res) => {
        if (type) res.setHeader('Content-Type', type)
        res.end(bytes)
      }
      expect((await through(listener, { path: '/' }, gateway)).body).toBe(bytes.toString('latin1'))
    },
  )

  test('7: end(text, encoding) decodes hex, base64 and latin1', async () => {
    const sent = { hex: 'ff00fe', base64: '/wD+', latin1: '\xff\x00\xfe' }
    for (const [encoding, text] of Object.entries(sent)) {
      const listener: Listener = (_req, res) => void res.end(text, encoding as BufferEncoding)
      expect((await through(listener, { path: '/' }, gateway)).body).toBe('\xff\x00\xfe')
    }
  })

  test('8: an application’s own Transfer-Encoding frames nothing', async () => {
    const parts = ['line1\r\n', '5\r\nline2', '\r\n0\r\n\r\n', 'end']
    const listener: Listener = (_req, res) => {
      res.setHeader('Transfer-Encoding', 'chunked')
      for (const part of parts) res.write(part)
      res.write(Buffer.from([255, 13, 10, 0]))
      res.end()
    }
    expect((await through(listener, { path: '/' }, gateway)).body).toBe(`${parts.join('')}\xff\r\n\x00`)
  })

  test('9: trailers and early hints are no part of the body', async () => {
    const listener: Listener = (_req, res) => {
      res.writeEarlyHints({ link: '</style.css>; rel=preload' })
      res.setHeader('Trailer', 'X-Checksum')
      res.write('body')
      res.addTrailers({ 'X-Checksum': '1' })
      res.end()
    }
    expect(await through(listener, { path: '/' }, gateway)).toMatchObject({ status: 200, body: 'body' })
  })

  test('12: each of several cookies arrives', async () => {
    const listener: Listener = (_req, res) => void res.writeHead(200, { 'Set-Cookie': ['a=1', 'b=2'] }).end()
    const { headers } = await through(listener, { path: '/' }, gateway)
    expect(headers.filter((line) => line.startsWith('set-cookie'))).toEqual(['set-cookie: a=1', 'set-cookie: b=2'])
  })

  test('12: so does a list of one', async () => {
    const listener: Listener = (_req, res) => void res.setHeader('Set-Cookie', ['only=1']).end()
    expect((await through(listener, { path: '/' }, gateway)).headers).toContain('set-cookie: only=1')
  })

  test('14: a malformed escape in the query is the application’s to read', async () => {
    const app = every((req, res) => void res.json(req.query.q))
    expect(await json(app, { path: '/', query: 'q=100%25' }, gateway)).toBe('100%')
    if (gateway.startsWith('alb')) expect(await json(app, { path: '/', query: 'q=100%' }, gateway)).toBe('100%')
  })

  test('16: req.url is percent-encoded', async () => {
    const listener: Listener = (req, res) => void res.end(req.url)
    const path = '/100%25/%20%22%E2%82%AC'
    expect((await through(listener, { path }, gateway)).body).toBe(path)
  })

  test('17: a list of header values arrives once', async () => {
    const app = every((_req, res) => void res.set('X-List', ['123', '456']).send('x'))
    expect((await through(app, { path: '/' }, gateway)).headers).toContain('x-list: 123, 456')
  })

  test('19: rawHeaders, headersDistinct and the version', async () => {
    const listener: Listener = (req, res) => {
      const { rawHeaders, httpVersion, httpVersionMajor, httpVersionMinor } = req
      const names = rawHeaders.map((text) => text.toLowerCase())
      const distinct = req.headersDistinct['x-some']
      res.end(JSON.stringify([names.includes('x-some'), distinct, httpVersion, httpVersionMajor, httpVersionMinor]))
    }
    expect(await json(listener, { path: '/', headers: [['X-Some', 'a']] }, gateway)).toEqual([true, ['a'], '1.1', 1, 1])
  })

  test('20: one socket, complete enough for middleware', async () => {
    const listener: Listener = (req, res) => {
      const { socket } = req
      const returned = [
        socket.setTimeout(0),
        socket.setKeepAlive(true),
        socket.setNoDelay(),
        socket.once('x', () => {}),
      ]
      const chained = returned.every((value) => value === socket)
      res.end(JSON.stringify([socket === res.socket, res.req === req, chained, socket.readable, socket.writable]))
    }
    expect(await json(listener, { path: '/' }, gateway)).toEqual([true, true, true, true, true])
  })

  test('21: the event stays as it was', async () => {
    const event = eventOf({ ...post, query: 'a=1&a=2' }, gateway)
    const before = structuredClone(event)
    const app = express().use(express.text(), (req, res) => void res.json([req.body, req.query, req.headers]))
    await toLambdaHandler(app)(freeze(event), {})
    expect(event).toEqual(before)
  })
})

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) freeze(member)
  return Object.freeze(value)
}

describe('4: the protocol is that of the client’s connection to the gateway', () => {
  const app = every(
    (req, res) => void res.json([req.protocol, req.secure, 'encrypted' in req.socket && req.socket.encrypted]),
  )

  test.each(['http', 'https'])('behind a load balancer’s %s listener', async (protocol) => {
    const event = (made: { headers: Record<string, string> }) => {
      made.headers['x-forwarded-proto'] = protocol
    }
    const answer = await throughGateway(toLambdaHandler(app), { path: '/' }, 'alb', { event })
    expect(JSON.parse(answer.body)).toEqual([protocol, protocol === 'https', protocol === 'https'])
  })

  test('secure: "auto" of a session follows it', async () => {
    const store = express()
      .use(session({ secret: 's', resave: false, saveUninitialized: true, cookie: { secure: 'auto' } }))
      .use((_req, res) => void res.send('x'))
    const cookie = async (protocol: string) => {
      const event = (made: { headers: Record<string, string> }) => {
        made.headers['x-forwarded-proto'] = protocol
      }
      return (await throughGateway(toLambdaHandler(store), { path: '/' }, 'alb', { event })).headers.join()
    }
    expect(await cookie('http')).not.toContain('Secure')
    expect(await cookie('https')).toContain('; Secure')
  })
})

describe('10: whatever happens, the invocation ends, once', () => {
  test.each<[string, number, Listener]>([
    ['res.destroy()', 502, (_req, res) => void res.destroy()],
    ['res.destroy(error)', 502, (_req, res) => void res.destroy(new Error('given up'))],
    [
      'res.destroy() with half of the answer written',
      502,
      (_req, res) => {
        res.write('half')
        res.destroy()
      },
    ],
    ['req.socket.destroy()', 502, (req) => void req.socket.destroy()],
    ['req.destroy()', 502, (req) => void req.destroy()],
    [
      'a listener that throws',
      500,
      () => {
        throw new Error('thrown')
      },
    ],
    [
      'an asynchronous listener that rejects',
      500,
      async () => {
        throw new Error('rejected')
      },
    ],
    [
      'a rejection after half of the answer',
      500,
      async (_req, res) => {
        res.write('half')
        throw new Error('rejected')
      },
    ],
    ['an error event that nobody listens for', 500, (_req, res) => void res.emit('error', new Error('emitted'))],
  ])('%s', async (_name, status, listener) => {
    const logged = silence()
    const answer = await through(listener, { path: '/' })
    expect(answer.status).toBe(status)
    expect(answer.body).not.toContain('half')
    expect(logged).toHaveBeenCalledOnce()
    expect(logged.mock.calls[0]![0]).toBeInstanceOf(Error)
  })

  test('compression writes after close without an end to wait for', async () => {
    silence()
    const app = express().use(compression(), (_req, res) => {
      res.on('close', () => {
        res.write('late')
        res.end()
      })
      res.destroy()
    })
    expect((await through(app, { path: '/', headers: [['Accept-Encoding', 'gzip']] })).status).toBe(502)
  })

  test('end() twice is no error', async () => {
    const errors: unknown[] = []
    const listener: Listener = (_req, res) => {
      res.on('error', (error) => errors.push(error))
      res.end('first')
      res.end()
    }
    expect((await through(listener, { path: '/' })).body).toBe('first')
    expect(errors).toEqual([])
  })

  test('an error after the answer is logged, and the answer stands', async () => {
    const logged = silence()
    const listener: Listener = async (_req, res) => {
      res.end('answered')
      await pause(5)
      throw new Error('too late')
    }
    expect((await through(listener, { path: '/' })).body).toBe('answered')
    await vi.waitFor(() => expect(logged).toHaveBeenCalledWith(new Error('too late')))
  })
})

test('11: close comes after finish', async () => {
  const events: string[] = []
  const listener = (_req: IncomingMessage, res: ServerResponse) => {
    for (const event of ['prefinish', 'finish', 'close']) res.on(event, () => events.push(event))
    res.end()
  }
  await through(listener, { path: '/' })
  expect(events).toEqual(['prefinish', 'finish', 'close'])
})

test('13: a load balancer gets the reason phrase', async () => {
  const listener: Listener = (_req, res) => void res.writeHead(299, 'Quite Fine').end()
  for (const name of ['alb', 'alb-multi-value'] as const) {
    const { result } = await invoke(toLambdaHandler(listener), ask({ path: '/' }), { gateway: name })
    expect(result).toMatchObject({ statusCode: 299, statusDescription: '299 Quite Fine' })
  }
})

test('15: a REST resource of {proxy+} keeps what stands before it', async () => {
  const listener: Listener = (req, res) => void res.end(req.url)
  const gatewayOptions = { resource: '/api/{proxy+}' }
  const answer = await throughGateway(toLambdaHandler(listener), { path: '/api/users' }, 'rest-api', { gatewayOptions })
  expect(answer.body).toBe('/api/users')
})

test('18: repeated request headers are joined as Node joins them', async () => {
  const listener: Listener = (req, res) => void res.end(JSON.stringify([req.headers.cookie, req.headers['x-twice']]))
  const headers: [string, string][] = [
    ['Cookie', 'a=1'],
    ['Cookie', 'b=2'],
    ['X-Twice', '1'],
    ['X-Twice', '2'],
  ]
  for (const name of ['rest-api', 'http-api', 'http-api-v1', 'alb-multi-value'] as const) {
    const [cookie, twice] = await json(listener, { path: '/', headers }, name)
    // An HTTP API with payload 2.0 joins them itself, without the blank.
    expect([cookie, twice.replace(/, ?/, ', ')]).toEqual(['a=1; b=2', '1, 2'])
  }
})
