import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request as clientRequest, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { createApp, type Request, reply } from '@expressway/core'
import type { Handle, HttpResponse } from '@expressway/core/handle'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type ListenOptions, listen } from '../src/server.ts'

const servers: Server[] = []

async function serve(handle: Handle, options: ListenOptions = {}): Promise<string> {
  const server = listen(handle, { port: 0, host: '127.0.0.1', ...options })
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** Bytes as they stand on the wire: for what a client library would refuse to send. */
async function raw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(bytes)
  return text(socket)
}

const app = createApp()
app.all('/seen', async (req) => ({
  method: req.method,
  path: req.rawPath,
  query: req.query,
  body: req.text(),
  length: req.headers.get('content-length'),
  framing: req.headers.get('transfer-encoding'),
  a: req.headers.getAll('x-a'),
  ip: req.ip,
  protocol: req.protocol,
  host: req.host,
  requestId: req.requestId,
  source: req.source,
}))
app.get('/cookies', (_req, res) => res.cookie('a', '1').cookie('b', '2').redirect('/seen'))
app.get('/nothing', (_req, res) => res.status(204).send())
app.get('/throws', () => {
  throw new Error('secret')
})

describe('a request', () => {
  test('has its target, fields, body and connection', async () => {
    const url = await serve(app.handle)
    const response = await fetch(`${url}/seen?a=1&a=2`, { method: 'POST', body: 'grüß', headers: { 'x-a': '1' } })
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        method: 'POST',
        path: '/seen',
        query: { a: ['1', '2'] },
        body: 'grüß',
        length: '6',
        a: ['1'],
        ip: '127.0.0.1',
        protocol: 'http',
        host: new URL(url).host,
        source: 'node',
      },
    ])
  })

  test('in chunks has a length; repeated fields and the absolute form are taken', async () => {
    const url = await serve(app.handle)
    const lines = ['PUT http://h.example/seen HTTP/1.1', 'Host: h.example', 'X-A: 1', 'X-A: 2', 'Connection: close']
    const answer = await raw(url, [...lines, 'Transfer-Encoding: chunked', '', '3', 'abc', '0', '', ''].join('\r\n'))
    expect(JSON.parse(/\{.*\}/.exec(answer)![0])).toMatchObject({
      path: '/seen',
      body: 'abc',
      length: '3',
      a: ['1', '2'],
      host: 'h.example',
    })
    expect(answer).not.toContain('framing')
  })

  test('with two Cookie lines has the cookies of both', async () => {
    const url = await serve(createApp().get('/', (req) => req.cookies).handle)
    const answer = await raw(
      url,
      'GET / HTTP/1.1\r\nHost: h\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n\r\n',
    )
    expect(JSON.parse(/\{.*\}/.exec(answer)![0])).toEqual({ a: '1', b: '2' })
  })

  test('for no resource is refused', async () => {
    const url = await serve(app.handle)
    expect(await raw(url, 'OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n')).toMatch(/^HTTP\/1.1 400 Bad Request/)
  })

  test.each([
    ['said', { 'content-length': '11' }],
    ['found', { 'transfer-encoding': 'chunked' }],
  ])('with a body that is %s to be too large is refused', async (_name, headers) => {
    const handle = vi.fn()
    const url = await serve(handle, { bodyLimit: 10 })
    const request = clientRequest(url, { method: 'POST', headers })
    request.on('error', () => {})
    request.end('x'.repeat(11))
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    expect([response.statusCode, await text(response), response.headers.connection]).toEqual([
      413,
      'Content Too Large',
      'close',
    ])
    expect(handle).not.toHaveBeenCalled()
  })

  test('of a Web Function is known by what Lambda says of it, of another by its connection', async () => {
    const headers = {
      'x-forwarded-for': '6.6.6.6, 203.0.113.7',
      'x-forwarded-proto': 'https',
      'lambda-web-request-id': 'r-1',
    }
    const behind = await (await fetch(`${await serve(app.handle, { trustProxy: true })}/seen`, { headers })).json()
    expect(behind).toMatchObject({ ip: '203.0.113.7', protocol: 'https', requestId: 'r-1' })
    const direct = await (await fetch(`${await serve(app.handle)}/seen`, { headers })).json()
    expect(direct).toMatchObject({ ip: '127.0.0.1', protocol: 'http' })
    expect(direct).not.toHaveProperty('requestId')
  })
})

describe('an answer', () => {
  test('has status, cookies and length', async () => {
    const url = await serve(app.handle)
    const response = await fetch(`${url}/cookies`, { redirect: 'manual' })
    expect([response.status, response.headers.getSetCookie(), response.headers.get('content-length')]).toEqual([
      302,
      ['a=1; Path=/', 'b=2; Path=/'],
      '0',
    ])
    const nothing = await fetch(`${url}/nothing`)
    expect([nothing.status, nothing.headers.get('content-length')]).toEqual([204, null])
    const head = await fetch(`${url}/seen`, { method: 'HEAD' })
    expect([head.status, await head.text(), head.headers.get('content-length')]).toEqual([200, '', null])
  })

  /** Two requests on one connection: what each answer says, as a client reads it. */
  async function twoAnswers(first: Handle, method = 'GET'): Promise<string> {
    const url = await serve((message, invocation) =>
      message.path === '/first'
        ? first(message, invocation)
        : { status: 200, headers: { 'content-type': 'text/plain' }, body: 'the second' },
    )
    const answers = await raw(
      url,
      `${method} /first HTTP/1.1\r\nHost: h\r\n\r\nGET /second HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`,
    )
    return answers.replace(/^(Date|Connection|Keep-Alive): .*\r\n/gim, '')
  }
  const second = 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\ncontent-type: text/plain\r\n\r\nthe second'

  test.each<[string, Record<string, string>]>([
    ['a longer length', { 'content-length': '100' }],
    ['a shorter length', { 'content-length': '2' }],
    ['a framing', { 'transfer-encoding': 'chunked' }],
    ['both', { 'content-length': '2', 'transfer-encoding': 'chunked' }],
    ['a connection', { connection: 'close', 'keep-alive': 'timeout=1', upgrade: 'h2c' }],
  ])('whose handler names %s keeps to its own bytes, and so does the next one', async (_name, headers) => {
    const first = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfirst'
    expect(await twoAnswers(() => ({ status: 200, headers, body: 'first' }))).toBe(first + second)
  })

  test.each([204, 304])('of status %i with a body sends none of it', async (status) => {
    const answers = await twoAnswers(() => ({ status, headers: { 'content-length': '5' }, body: 'first' }))
    expect(answers).toMatch(new RegExp(`^HTTP/1.1 ${status} [^\r]*\r\n\r\nHTTP/1.1 200 OK`))
    expect(answers).not.toContain('first')
  })

  test.each<[string, HttpResponse, string]>([
    ['its body', { status: 200, headers: {}, body: 'first' }, '5'],
    ['its handler', { status: 200, headers: { 'content-length': '7' } }, '7'],
  ])('to HEAD has the length of %s', async (_name, response, length) => {
    expect(await twoAnswers(() => response, 'HEAD')).toBe(
      `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n${second}`,
    )
  })

  test.each(['GET', 'HEAD'])('to %s that fetch has decoded loses its coding and the coded length', async (method) => {
    const content = 'a text that is worth compressing '.repeat(100)
    const coded = gzipSync(content)
    const upstream = createApp()
    upstream.get('/', () => reply({ body: coded, contentType: 'text/plain', headers: { 'content-encoding': 'gzip' } }))
    const origin = await serve(upstream.handle)
    const proxy = createApp()
    proxy.get('/', () => fetch(origin, { method }))
    const response = await fetch(await serve(proxy.handle), { method })
    expect(await response.text()).toBe(method === 'GET' ? content : '')
    expect([response.status, response.headers.get('content-encoding'), response.headers.get('content-length')]).toEqual(
      [200, null, null],
    )
  })

  test('of an interim status is 500: the client would take the next answer for this one', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    expect(await twoAnswers(() => ({ status: 103, headers: {}, body: 'first' }))).toMatch(/^HTTP\/1.1 500/)
    expect(log).toHaveBeenCalledExactlyOnceWith('expressway: 103 is not the status of an answer; sent 500')
  })

  test('of an application or a handle that fails is 500 and says nothing', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    for (const handle of [app.handle, () => Promise.reject(new Error('secret'))]) {
      const response = await fetch(`${await serve(handle)}/throws`)
      expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining('secret')])
    }
    expect(log).toHaveBeenCalledTimes(2)
  })

  test('is sent chunk by chunk', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const own = createApp()
    own.get('/', async function* () {
      yield 'one '
      await promise
      yield 'two'
    })
    const response = await fetch(await serve(own.handle))
    const reader = response.body!.getReader()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('one ')
    resolve()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('two')
    expect((await reader.read()).done).toBe(true)
  })

  test('that fails after its first byte is cut off, and logged', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const own = createApp()
    own.get('/', async function* () {
      yield 'one '
      throw new Error('late')
    })
    await expect(fetch(await serve(own.handle)).then((response) => response.text())).rejects.toThrow()
    expect(log).toHaveBeenCalledExactlyOnceWith(new Error('late'))
  })

  test('is read no faster than the client takes it, and ended when the client goes', async () => {
    let produced = 0
    let request: Request | undefined
    const ended = Promise.withResolvers<void>()
    const own = createApp()
    own.get('/', async function* (req) {
      request = req
      req.signal.throwIfAborted()
      try {
        for (;;) {
          produced++
          yield Buffer.alloc(65_536)
        }
      } finally {
        ended.resolve()
      }
    })
    const client = clientRequest(await serve(own.handle)).end()
    await once(client, 'response')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(produced).toBeLessThan(400)
    client.destroy()
    await ended.promise
    expect(String(request!.signal.reason)).toContain('The client has gone')
  })
})

describe('listen', () => {
  test('goes where a Web Function has to, else to PORT', async () => {
    vi.stubEnv('PORT', '0')
    const byPort = listen(app.handle, { host: '127.0.0.1' })
    servers.push(byPort)
    await once(byPort, 'listening')
    const { port } = byPort.address() as AddressInfo
    await new Promise((resolve) => byPort.close(resolve))
    vi.stubEnv('AWS_LAMBDA_HTTP_ENDPOINT', `127.0.0.1:${port}`)
    const byEndpoint = listen(app.handle)
    servers.push(byEndpoint)
    await once(byEndpoint, 'listening')
    expect(byEndpoint.address()).toMatchObject({ address: '127.0.0.1', port })
  })

  test('refuses what is no handle', () => {
    expect(() => listen(app as never)).toThrow(
      'toNodeListener() needs a handle, which is a function such as app.handle, not object',
    )
  })

  test('finishes its requests at SIGTERM, and ends, though a client keeps its connection', async () => {
    const program = `
      import { createApp } from '@expressway/core'
      import { listen } from '${new URL('../src/server.ts', import.meta.url).href}'
      const app = createApp()
      app.get('/slow', async () => { process.stdout.write('begun '); await new Promise((r) => process.once('SIGTERM', () => setTimeout(r, 50))); return 'finished' })
      const server = listen(app.handle, { port: 0, host: '127.0.0.1' })
      server.keepAliveTimeout = 60_000
      server.once('listening', () => process.stdout.write(String(server.address().port)))
    `
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [port] = await once(child.stdout, 'data')
    const answer = fetch(`http://127.0.0.1:${Number(port)}/slow`)
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    const closed = once(child, 'exit')
    expect(await (await answer).text()).toBe('finished')
    expect((await closed)[1]).toBe('SIGTERM')
  })
})
