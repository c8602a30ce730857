import { createServer as createHttp1Server } from 'node:http'
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import request, { agent } from '../src/client/client.ts'
import type { AnyClient } from './client-scenarios/scenario.ts'
import { certificate, key } from './client-tls.ts'

async function answer(req: Http2ServerRequest, res: Http2ServerResponse): Promise<void> {
  const body = await text(req)
  const { pathname } = new URL(req.url, 'http://h')
  if (pathname === '/redirect') return void res.writeHead(302, { location: '/echo' }).end()
  if (pathname === '/cookies') return void res.writeHead(200, { 'set-cookie': ['a=1', 'b=2'] }).end()
  if (pathname === '/never') return
  if (pathname === '/reset') return void res.stream.close(2)
  if (pathname === '/fails') return void res.writeHead(500, { 'content-type': 'text/plain' }).end('no')
  if (pathname === '/gzip') {
    return void res.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end(gzipSync('coded'))
  }
  const fields = { ...req.headers, ':authority': String(req.headers[':authority']).replace(/:\d+$/, '') }
  const headers = Object.fromEntries(Object.entries(fields).sort())
  const seen = { version: req.httpVersion, method: req.method, url: req.url, headers, body }
  res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(seen))
}

const http2 = { http2: true } as const
const scenarios: Record<string, (client: AnyClient, agent: AnyClient) => AnyClient> = {
  GET: (c) => c.get('/echo?a=1').set('X-One', '1').set('X-Many', ['1', '2']).expect(200),
  'POST of JSON': (c) => c.post('/echo').send({ a: 1 }),
  'POST of much': (c) => c.post('/echo').type('text').send(Buffer.alloc(100_000, 'x')),
  'a Host': (c) => c.get('/echo').set('Host', 'api.test'),
  HEAD: (c) => c.head('/echo'),
  'a redirect': (c) => c.post('/redirect').send({ a: 1 }).redirects(1),
  cookies: (c) => c.get('/cookies').expect('set-cookie', 'a=1,b=2'),
  'the cookies of an agent': async (_, a) => {
    await a.get('/cookies')
    return a.get('/echo')
  },
  'a coded body': (c) => c.get('/gzip').expect('coded'),
  'a failing expectation': (c) => c.get('/fails').expect(200),
  'a time-out': (c) => c.get('/never').timeout(40),
  'a stream that is reset': (c) => c.get('/reset'),
}

async function observe(run: (typeof scenarios)[string], client: AnyClient, kept: AnyClient): Promise<unknown> {
  try {
    const { status, body, text, headers, redirects } = await run(client, kept)
    return { status, body, text, type: headers['content-type'], cookies: headers['set-cookie'], hops: redirects.length }
  } catch (error) {
    const { name, message, code, errno, timeout } = error as AnyClient
    return { name, message, code, errno, timeout }
  }
}

let listening: Http2Server
beforeAll(() => new Promise<void>((resolve) => void (listening = createServer(answer).listen(0, '127.0.0.1', resolve))))
afterAll(() => void listening.close())

describe.each<[string, () => AnyClient]>([
  ['a server', () => createServer(answer)],
  ['a server that listens', () => listening],
  ['a listener', () => (req: Http2ServerRequest, res: Http2ServerResponse) => answer(req, res)],
  ['a URL', () => `http://127.0.0.1:${(listening.address() as AddressInfo).port}`],
])('HTTP/2 as supertest speaks it, to %s', (_, target) => {
  test.each(Object.entries(scenarios))('%s', async (_name, run) => {
    const theirs = await observe(run, supertest(target(), http2), supertest.agent(target(), http2))
    expect(await observe(run, request(target(), http2), agent(target(), http2))).toEqual(theirs)
  })
})

describe('HTTP/2', () => {
  test('over TLS', async () => {
    const server: Http2SecureServer = createSecureServer({ key, cert: certificate }, answer)
    await request(server, { ...http2, ca: certificate })
      .get('/echo')
      .expect(200)
      .expectJsonPath('version', '2.0')
    expect(server.listening).toBe(false)
    await expect(request(server, http2).get('/echo')).rejects.toThrow('self-signed certificate')
  })

  test('of one request', async () => {
    const { port } = listening.address() as AddressInfo
    await request(`http://127.0.0.1:${port}`).get('/echo').http2().expectJsonPath('version', '2.0')
    await request(`http://api.test:${port}`).get('/echo').http2().connect('127.0.0.1').expect(200)
    await expect(request(`http://127.0.0.1:${port}`, http2).get('/echo').http2(false)).rejects.toThrow('Parse Error')
  })

  test('streams, and may be left', async () => {
    const { chunks } = await request(listening, http2).get('/gzip').stream()
    expect(chunks.length).toBe(1)
    const sent = request(listening, http2).get('/never')
    setTimeout(() => sent.abort(), 20)
    await expect(sent).rejects.toThrow('Aborted')
  })

  test('needs a server that speaks it', async () => {
    await expect(request(createHttp1Server(), http2).get('/')).rejects.toThrow('Protocol error')
    const handler = { handler: async () => ({ statusCode: 200 }) }
    await expect(request(handler).get('/').http2()).rejects.toThrow(
      '.http2() needs a server or a URL as target; GET https://api.example.com/ goes to a Lambda handler.',
    )
    await expect(request(handler, http2).get('/')).rejects.toThrow(TypeError)
  })
})
