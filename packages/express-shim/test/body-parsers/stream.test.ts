import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { PassThrough } from 'node:stream'
import { gzipSync } from 'node:zlib'
import express from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import { json, raw, text, urlencoded } from '../../src/body/body-parsers.ts'
import { describeOutcome, incoming, type Middleware, type Outcome } from './outcome.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

type Handler = (req: IncomingMessage & { body?: unknown }, next: (error?: unknown) => void) => void

/** Starts a server that runs a handler on the first request, and gives what it came to. */
async function start(handler: Handler): Promise<{ port: number; outcome: Promise<Outcome> }> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  server = createServer((req: IncomingMessage & { body?: unknown }, res) => {
    handler(req, (error) => {
      resolve(JSON.parse(JSON.stringify(describeOutcome(req, error))))
      res.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, outcome: promise }
}

const call =
  (parser: Middleware): Handler =>
  (req, next) =>
    parser(req, {}, next)

/** Writes bytes to a socket and leaves it as told. */
async function sendRaw(handler: Handler, bytes: string, leave: boolean): Promise<Outcome> {
  const { port, outcome } = await start(handler)
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(bytes)
  if (leave) setTimeout(() => socket.destroy(), 30)
  const result = await outcome
  socket.destroy()
  return result
}

const both = (options?: object): [Middleware, Middleware] => [
  express.json(options) as Middleware,
  json(options) as Middleware,
]

describe('a real connection', () => {
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'

  it('that breaks gives the error of body-parser', async () => {
    const [theirs, ours] = both()
    const cut = `${head}Content-Length: 100\r\n\r\n{"a":`
    const expected = await sendRaw(call(theirs), cut, true)
    expect(expected).toHaveProperty('error.message', 'request aborted')
    expect(await sendRaw(call(ours), cut, true)).toEqual(expected)
  })

  it('that breaks while inflating gives it too, where body-parser would wait for ever', async () => {
    const cut = `${head}Content-Encoding: gzip\r\nContent-Length: 100\r\n\r\n\x1f`
    expect(await sendRaw(call(json() as Middleware), cut, true)).toHaveProperty('error.status', 400)
  })

  it('is read off after a refusal, so that the client can read the answer', async () => {
    const body = 'x'.repeat(300_000)
    const { port, outcome } = await start(call(json({ limit: 10 }) as Middleware))
    const outgoing = request({
      port,
      host: '127.0.0.1',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    })
    outgoing.end(body)
    const [res] = (await once(outgoing, 'response')) as [IncomingMessage]
    expect(res.statusCode).toBe(200)
    expect(await outcome).toHaveProperty('error.status', 413)
  })
})

describe('a stream that is not as it came', () => {
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'
  const changes: [string, (req: IncomingMessage) => void][] = [
    ['has an encoding', (req) => req.setEncoding('utf8')],
    ['has another length', (req) => Object.assign(req.headers, { 'content-length': '3' })],
    [
      'has no length that is a number',
      (req) => Object.assign(req.headers, { 'content-length': 'x', 'transfer-encoding': 'y' }),
    ],
    ['was destroyed', (req) => req.destroy()],
  ]
  it.each(changes)('%s', async (_name, change) => {
    const changed =
      (parser: Middleware): Handler =>
      (req, next) => {
        change(req)
        parser(req, {}, next)
      }
    const [theirs, ours] = both()
    const expected = await sendRaw(changed(theirs), head, false)
    expect(await sendRaw(changed(ours), head, false)).toEqual(expected)
  })

  it('was read to its end by another', async () => {
    const readFirst =
      (parser: Middleware): Handler =>
      (req, next) => {
        req.resume()
        req.on('end', () => setImmediate(() => parser(req, {}, next)))
      }
    const [theirs, ours] = both()
    const expected = await sendRaw(readFirst(theirs), head, false)
    expect(await sendRaw(readFirst(ours), head, false)).toEqual(expected)
  })

  it('is one of ours that somebody listens to already', async () => {
    const req = incoming({ headers: { 'content-type': 'application/json' }, body: '{"a":1}' }, false)
    const seen: string[] = []
    // What instrumentation does that copies bodies.
    req.on('data', (chunk: Buffer) => seen.push(String(chunk)))
    await new Promise((resolve) => json()(req as never, {} as never, resolve))
    expect(req).toHaveProperty('body', { a: 1 })
    expect(seen).toEqual(['{"a":1}'])
  })

  it('is no HTTP message at all', async () => {
    for (const body of ['{"a":1}', '']) {
      const stream = Object.assign(new PassThrough(), {
        headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      })
      setImmediate(() => stream.end(body))
      await new Promise((resolve) => json()(stream as never, {} as never, resolve))
      expect(stream).toHaveProperty('body', body ? { a: 1 } : {})
    }
  })
})

describe('one of ours', () => {
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=1' }

  it('looks read afterwards', () => {
    const req = incoming(form, true)
    expect([req.complete, req.readable, req.readableEnded]).toEqual([false, true, false])
    urlencoded()(req as never, {} as never, () => {})
    expect(req).toHaveProperty('body', { a: '1' })
    expect([req.complete, req.readable, req.readableEnded]).toEqual([true, false, true])
  })

  it('ends for whoever reads it after a parser', async () => {
    const req = incoming(form, true)
    raw({ type: () => true })(req as never, {} as never, () => {})
    const chunks: unknown[] = []
    for await (const chunk of req as unknown as AsyncIterable<unknown>) chunks.push(chunk)
    expect(chunks).toEqual([])
  })

  it('is left alone by a parser that it is not for', async () => {
    const req = incoming(form, true)
    json()(req as never, {} as never, () => {})
    expect([req.complete, req.readable]).toEqual([false, true])
    expect(req).toHaveProperty('body', undefined)
    urlencoded()(req as never, {} as never, () => {})
    expect(req).toHaveProperty('body', { a: '1' })
  })

  it('has raw bytes as a Buffer, and text as it came', () => {
    for (const asText of [true, false]) {
      const req = incoming({ headers: { 'content-type': 'x/y' }, body: 'é' }, asText) as unknown as { body: unknown }
      raw({ type: '*/*' })(req as never, {} as never, () => {})
      expect(req.body).toEqual(Buffer.from('é'))
      expect(Buffer.isBuffer(req.body)).toBe(true)
    }
  })

  it('replaces halves of surrogate pairs, as UTF-8 has none', () => {
    const req = incoming({ headers: { 'content-type': 'text/plain', 'content-length': '3' }, body: '' }, true)
    Object.defineProperty(messageOf(req), 'body', { value: '\ud800' })
    text()(req as never, {} as never, () => {})
    expect(req).toHaveProperty('body', '\ufffd')
  })

  it('hands on what the event has wrong', () => {
    const req = incoming({ headers: { 'content-type': 'text/plain' }, body: 'x' }, true)
    const error = Object.assign(new Error('The body is not base64'), { status: 400 })
    Object.defineProperty(messageOf(req), 'body', {
      get() {
        throw error
      },
    })
    let heard: unknown
    text()(req as never, {} as never, (thrown) => {
      heard = thrown
    })
    expect(heard).toBe(error)
  })

  const messageOf = (req: object): object => {
    const symbol = Object.getOwnPropertySymbols(req).find(({ description }) => description === 'expressway.message')!
    return (req as Record<symbol, object>)[symbol]!
  }

  it('is not answered twice by an error thrown after next', () => {
    const errors: unknown[] = []
    const run = () =>
      json()(
        incoming({ headers: { 'content-type': 'application/json' }, body: '{}' }, true) as never,
        {} as never,
        (error) => {
          errors.push(error)
          throw new Error('downstream')
        },
      )
    expect(run).toThrow('downstream')
    expect(errors).toEqual([undefined])
  })
})

describe('the async context', () => {
  it('of a request lasts over its parser', async () => {
    const storage = new AsyncLocalStorage<string>()
    const seen: (string | undefined)[] = []
    const { port, outcome } = await start((req, next) => {
      storage.run('request', () => {
        json()(req as never, {} as never, (error) => {
          seen.push(storage.getStore())
          next(error)
        })
      })
    })
    const options = {
      port,
      host: '127.0.0.1',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    }
    request(options).end(gzipSync('{"a":1}'))
    expect(await outcome).toHaveProperty('parsed', '{"a":1}')
    expect(seen).toEqual(['request'])
  })
})

describe('many requests at once', () => {
  it('keep their bodies apart', async () => {
    const parser = json()
    const run = async (index: number) => {
      const coded = index % 2 === 0
      const body = JSON.stringify({ index })
      const headers = { 'content-type': 'application/json', ...(coded ? { 'content-encoding': 'gzip' } : {}) }
      const req = incoming({ headers, body: coded ? gzipSync(body) : body }, false)
      if (index % 3 === 0) req.on('data', () => {})
      await new Promise((resolve) => parser(req as never, {} as never, resolve))
      expect(req).toHaveProperty('body', { index })
    }
    await Promise.all(Array.from({ length: 60 }, (_, index) => run(index)))
  })
})
