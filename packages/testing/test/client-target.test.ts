import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { describe, expect, test } from 'vitest'
import request, { agent, listener, Test, type TestAgent } from '../src/client/client.ts'

const ok = (body: string) => ({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body })
const answer = (_req: IncomingMessage, res: ServerResponse) => void res.end('from a listener')

describe('what is a Lambda handler', () => {
  test.each([
    ['of no parameters', async () => ok('lambda')],
    ['of one', async (_event: unknown) => ok('lambda')],
    ['of two', async (_event: unknown, _context: unknown) => ok('lambda')],
    ['that is not async', () => ok('lambda') as unknown],
    ['in an object', { handler: async () => ok('lambda') }],
    ['on a function that is a listener as well', Object.assign(answer, { handler: async () => ok('lambda') })],
  ])('a function %s', async (_, target) => {
    const response = await request(target).get('/').expect(200, 'lambda')
    expect(response.gateway?.name).toBe('http-api')
  })

  test('a mark of response streaming allows a third parameter', async () => {
    await import('../src/index.ts')
    const { streamifyResponse } = (globalThis as never as Streaming).awslambda
    const streaming = streamifyResponse(async (_event, stream, _context) => {
      stream.write('streamed')
      stream.end()
    })
    await request(streaming, { gateway: 'url' }).get('/').stream().expect(200, Buffer.from('streamed'))
  })
})

interface Streaming {
  awslambda: {
    streamifyResponse(
      handler: (event: unknown, stream: { write(text: string): void; end(): void }, context: unknown) => Promise<void>,
    ): (event: unknown, context: unknown) => unknown
  }
}

describe('what is reached by HTTP', () => {
  test('an Express application', async () => {
    const app = express().get('/', (_req, res) => void res.send('express'))
    const response = await request(app).get('/').expect(200, 'express')
    expect(response.gateway).toBeUndefined()
    expect(response.event).toBeUndefined()
  })

  test('a Koa application, by its callback', async () => {
    const koa = { use() {}, listen() {}, callback: () => answer }
    await request(koa).get('/').expect(200, 'from a listener')
  })

  test('a plain listener that is said to be one', async () => {
    const plain = (_req: IncomingMessage, res: ServerResponse) => void res.end('plain')
    await request(plain, { server: true }).get('/').expect('plain')
    await request(listener((_req: IncomingMessage, res: ServerResponse) => void res.end('marked')))
      .get('/')
      .expect('marked')
    await agent(plain, { server: true }).get('/').expect('plain')
  })

  test('a server that is not listening: it is closed after', async () => {
    const server = createServer(answer)
    await request(server).get('/').expect('from a listener')
    expect(server.listening).toBe(false)
  })

  test('a server that listens already: it stays open', async () => {
    const server = createServer(answer)
    await new Promise<void>((resolve) => server.listen(0, resolve))
    await request(server).get('/').expect('from a listener')
    expect(server.listening).toBe(true)
    const { port } = server.address() as AddressInfo
    await request(`http://127.0.0.1:${port}`).get('/').expect('from a listener')
    await request(`127.0.0.1:${port}`.replace('127', 'http://127')).get('/').expect(200)
    server.close()
  })

  test('a server that the test closes while others wait for an answer is opened again', async () => {
    const server = createServer((req, res) => void setTimeout(() => res.end('late'), req.url === '/slow' ? 60 : 0))
    const slow = request(server).get('/slow').expect(200, 'late').then()
    await new Promise((resolve) => server.once('request', resolve))
    server.close()
    await request(server).get('/').expect(200)
    await slow
    expect(server.listening).toBe(false)
  })

  test('many requests at once share one server', async () => {
    const ports = new Set<unknown>()
    const app = listener((req, res) => void res.end(String(ports.add(req.socket.localPort).size)))
    await Promise.all(Array.from({ length: 10 }, () => request(app).get('/').expect(200)))
    expect(ports.size).toBe(1)
    await request(app).get('/').expect(200)
  })

  test.each([
    ['a time-out', (sent: Test) => sent.timeout(30)],
    ['an abort', (sent: Test) => void setTimeout(() => sent.abort(), 30)],
  ])('a server is closed when a test hears of %s', async (_, giveUp) => {
    const server = createServer(() => {})
    const sent = request(server).get('/')
    giveUp(sent)
    await expect(sent).rejects.toThrow()
    expect(server.listening).toBe(false)
  })

  test('two requests after one another open the server again', async () => {
    const server = createServer(answer)
    const client = request(server)
    await client.get('/').expect(200)
    await client.get('/').expect(200)
  })
})

describe('a test that is made by hand', () => {
  test('takes any target, a method and a path', async () => {
    const app = express().post('/x', (_req, res) => void res.send('express'))
    await new Test(app, 'post', '/x').expect(200, 'express')
    await new Test(async () => ok('lambda'), 'get', '/').expect(200, 'lambda')
    await expect(new Test(app, 'post', '/x').expect(404)).rejects.toThrow('expected 404 "Not Found", got 200 "OK"')
    expect(() => new Test(5 as never, 'get', '/')).toThrow(TypeError)
  })

  test('a verb may be taken from its client, as from supertest', async () => {
    const app = express().get('/', (_req, res) => void res.send('express'))
    const { get } = request(app)
    await get('/').expect(200, 'express')
    await { ...request(app) }.get('/').expect(200)
    const refused = request('http://127.0.0.1:1').get
    const failure = await refused('/').then(null, (error) => error)
    expect(failure.stack.split('\n')[1]).toContain('client-target.test.ts')
  })

  test('is what every verb begins, so it may be extended', () => {
    expect(request(express()).get('/')).toBeInstanceOf(request.Test)
    expect(request.agent(express())).toBeInstanceOf(request.agent)
    expect(new (request.agent as never as typeof TestAgent)(express()).get('/')).toBeInstanceOf(Test)
  })
})

describe('what is refused', () => {
  test.each([
    ['null', null, 'Cannot send a request to null'],
    ['a number', 5, 'Cannot send a request to number'],
    ['an object without a handler', {}, 'Cannot send a request to object'],
    [
      'a function of three parameters',
      (_a: unknown, _b: unknown, _c: unknown) => {},
      'The handler declares 3 parameters',
    ],
    ['an application without a callback', { use() {}, listen() {} }, 'neither a (req, res) function'],
  ])('%s', (_, target, message) => {
    expect(() => request(target as never)).toThrow(TypeError)
    expect(() => request(target as never)).toThrow(message)
  })

  test('an unknown gateway', () => {
    expect(() => request(async () => {}, { gateway: 'edge' as never })).toThrow(
      'No gateway is called "edge". Use one of: rest-api, rest, http-api, http,',
    )
  })
})

describe('a target that cannot be reached', () => {
  test('is named in supertest words', async () => {
    await expect(request('http://127.0.0.1:1').get('/')).rejects.toThrow(/^ECONNREFUSED: Connection refused$/)
  })

  test('calls back with the failure', async () => {
    const error = await new Promise((resolve) => request('http://127.0.0.1:1').get('/').expect(200, resolve))
    expect(error).toMatchObject({ message: 'ECONNREFUSED: Connection refused' })
  })

  test('a path without slash', async () => {
    await expect(request(async () => ok('x')).get('hello')).rejects.toThrow(
      'path starts with "/", this one does not: hello',
    )
  })
})
