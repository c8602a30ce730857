import { once } from 'node:events'
import { OutgoingMessage, ServerResponse } from 'node:http'
import { finished, pipeline, Readable } from 'node:stream'
import { pipeline as piped } from 'node:stream/promises'
import type { Chunk, HttpResponse } from '@expressway/core/handle'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { answerOf } from '../../src/response.ts'
import { exchange, heard, turn } from './exchange.ts'

const streaming = () => exchange({}, { streaming: true })

async function collected({ body }: HttpResponse): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body as AsyncIterable<Chunk>) chunks.push(Buffer.from(chunk as string))
  return Buffer.concat(chunks).toString()
}

const silent = () => vi.spyOn(console, 'error').mockImplementation(() => {})

afterEach(() => void vi.restoreAllMocks())

describe('an answer', () => {
  it('is there at once where nobody waits', () => {
    const { res } = exchange()
    res.status(201).send('hi')
    expect(answerOf(res)).toEqual({
      status: 201,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-length': '2',
        etag: 'W/"2-witfkXg0JglCjW9RssWvTAveakI"',
      },
      body: 'hi',
    })
    expect(res).toMatchObject({ writableFinished: true, destroyed: true, closed: true, headersSent: true })
  })

  it('waits for listeners of finish and close', async () => {
    const { res } = exchange()
    const events = heard(res, 'finish', 'close')
    res.send('hi')
    expect(events).toEqual([])
    expect(answerOf(res)).toBeInstanceOf(Promise)
    await answerOf(res)
    expect(events).toEqual(['finish', 'close'])
  })

  it('waits for those who come after the end', async () => {
    const { res } = exchange()
    res.send('hi')
    const events = heard(res, 'finish', 'close')
    await answerOf(res)
    expect(events).toEqual(['finish', 'close'])
  })

  it('waits for callbacks of writes and of the end', async () => {
    const { res } = exchange()
    const called: string[] = []
    res.write('a', () => called.push('write'))
    res.end(() => called.push('end'))
    expect((await answerOf(res)).body).toBe('a')
    expect(called).toEqual(['write', 'end'])
  })

  it('comes to who asked before', async () => {
    const { res, answer } = exchange()
    const promise = answer()
    await turn()
    res.json({ a: 1 })
    expect(await promise).toMatchObject({ status: 200, body: '{"a":1}' })
  })

  it('carries what the application chose as reason phrase', async () => {
    const own = exchange()
    own.res.statusMessage = 'Own Words'
    own.res.end()
    expect(await own.answer()).toMatchObject({ status: 200, statusText: 'Own Words' })
    const standard = exchange()
    standard.res.statusMessage = 'OK'
    standard.res.end()
    expect(await standard.answer()).not.toHaveProperty('statusText')
  })

  it('has text for every field, and lists where there are several lines', async () => {
    const { res, answer } = exchange()
    res.setHeader('X-Number', 5).setHeader('X-List', ['a', 'b']).setHeader('X-None', []).setHeader('Cookie', ['a', 'b'])
    res.setHeader('__proto__', 'own').setHeader('constructor', 'own').setHeader('Set-Cookie', 'a=b')
    res.end()
    const { headers } = await answer()
    expect(Object.entries(headers)).toEqual([
      ['x-number', '5'],
      ['x-list', ['a', 'b']],
      ['cookie', 'a; b'],
      ['__proto__', 'own'],
      ['constructor', 'own'],
      ['set-cookie', 'a=b'],
    ])
    expect(headers.hasOwnProperty).toBeUndefined()
    expect(res.getHeader('X-Number')).toBe(5)
  })

  it('keeps written bytes, whatever becomes of their memory', async () => {
    const { res, answer } = exchange()
    const bytes = Buffer.from('first')
    res.write(bytes)
    bytes.fill('x')
    res.end('!')
    expect(String((await answer()).body)).toBe('first!')
  })

  it('never frames a body as chunked', async () => {
    const { res, answer } = exchange()
    res.setHeader('Transfer-Encoding', 'chunked')
    res.writeEarlyHints({ link: '</a.css>; rel=preload' })
    res.writeContinue()
    res.writeProcessing()
    res.write('hello \r\n')
    res.addTrailers({ 'x-sum': '1' })
    res.end('world')
    expect((await answer()).body).toBe('hello \r\nworld')
  })
})

describe('an answer that is collected', () => {
  it('asks a fast writer to wait for a tick', async () => {
    const { res, answer } = exchange()
    const big = Buffer.alloc(40_000)
    expect(res.write(big)).toBe(true)
    expect(res.write(big)).toBe(false)
    expect(res).toMatchObject({ writableLength: 80_000, writableNeedDrain: true })
    await once(res, 'drain')
    expect(res).toMatchObject({ writableLength: 0, writableNeedDrain: false })
    res.end()
    expect((await answer()).body).toHaveLength(80_000)
  })

  it('is piped to until all is there', async () => {
    const { res, answer } = exchange()
    await piped(Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(30_000))), res as never)
    expect((await answer()).body).toHaveLength(600_000)
  })
})

describe('an answer that is streamed', () => {
  it('goes out with its first chunk', async () => {
    const { res, answer } = streaming()
    res.status(202).set('X-A', 'b').write('one,')
    const first = await answer()
    expect(first).toMatchObject({ status: 202, headers: { 'x-a': 'b' } })
    res.status(500)
    setTimeout(() => res.write('two,') && setTimeout(() => res.end('three'), 2), 2)
    expect(await collected(first)).toBe('one,two,three')
    expect(res).toMatchObject({ writableFinished: true, closed: true })
  })

  it('goes out with flushed headers', async () => {
    const { res, answer } = streaming()
    res.flushHeaders()
    const first = await answer()
    res.end('body')
    expect(await collected(first)).toBe('body')
  })

  it('is whole where it was sent at once', async () => {
    const { res, answer } = streaming()
    res.send('hi')
    expect((await answer()).body).toBe('hi')
  })

  it('holds its writer to the pace of its reader', async () => {
    const { res, answer } = streaming()
    const written: string[] = []
    expect(res.write('x'.repeat(70_000), () => written.push('first'))).toBe(false)
    expect(res).toMatchObject({ writableLength: 70_000, writableNeedDrain: true })
    const events = heard(res, 'drain', 'finish', 'close')
    await turn()
    expect(events).toEqual([])
    expect(written).toEqual([])
    const reader = ((await answer()).body as AsyncIterable<Chunk>)[Symbol.asyncIterator]()
    expect((await reader.next()).value).toHaveLength(70_000)
    await turn()
    expect(events).toEqual(['drain'])
    const next = reader.next()
    expect(written).toEqual(['first'])
    expect(res.write('y')).toBe(true)
    expect((await next).value).toBe('y')
    res.end()
    expect(await reader.next()).toEqual({ done: true, value: undefined })
    expect(events).toEqual(['drain', 'finish', 'close'])
  })

  it('is piped to at the pace of its reader', async () => {
    const { res, answer } = streaming()
    let produced = 0
    const source = Readable.from(
      (function* () {
        for (; produced < 50; produced++) yield Buffer.alloc(30_000)
      })(),
    )
    const done = piped(source, res as never)
    const reader = ((await answer()).body as AsyncIterable<Chunk>)[Symbol.asyncIterator]()
    await turn()
    expect(produced).toBeLessThan(30)
    let size = 0
    for (let part = await reader.next(); !part.done; part = await reader.next()) size += (part.value as Buffer).length
    await done
    expect(size).toBe(1_500_000)
  })

  it('ends where the client goes away', async () => {
    const { req, res, answer } = streaming()
    const { signal } = req
    req.on('data', () => {})
    const events = heard(res, 'close', 'finish', 'error')
    const aborted = heard(req, 'close')
    const sockets = heard(req.socket, 'close')
    res.write('a')
    const reader = ((await answer()).body as AsyncIterable<Chunk>)[Symbol.asyncIterator]()
    await reader.next()
    await reader.return?.()
    await turn()
    expect([events, aborted, sockets]).toEqual([['close'], ['close'], ['close']])
    expect(signal.aborted).toBe(true)
    expect(res).toMatchObject({ destroyed: true, writableEnded: false, writableFinished: false, errored: undefined })
    expect(res.write('b')).toBe(false)
    expect(res.end()).toBe(res)
  })

  it('breaks off where it is destroyed', async () => {
    const { res, answer } = streaming()
    res.write('a')
    const first = await answer()
    res.destroy(new Error('enough'))
    await expect(collected(first)).rejects.toThrow('enough')
  })

  it('breaks off as a connection does where no error is given', async () => {
    const { res, answer } = streaming()
    res.write('a')
    const first = await answer()
    res.destroy()
    await expect(collected(first)).rejects.toMatchObject({ code: 'ECONNRESET' })
  })
})

describe('an answer that is lost', () => {
  it('is 502 at once, and the error is logged', async () => {
    const log = silent()
    const { res, answer } = exchange()
    const events = heard(res, 'close', 'finish', 'error')
    const error = new Error('broken')
    res.set('X-A', 'b').write('half')
    res.destroy(error)
    expect(res.destroy()).toBe(res)
    expect(await answer()).toMatchObject({ status: 502, body: 'Bad Gateway' })
    expect(log.mock.calls).toEqual([[error]])
    expect(events).toEqual(['close'])
    expect(res.errored).toBe(error)
  })

  it('is not lost where it was complete', async () => {
    const { res, answer } = exchange()
    res.end('all')
    res.destroy()
    expect(await answer()).toMatchObject({ status: 200, body: 'all' })
  })

  it('calls back with the error', async () => {
    silent()
    const { res, answer } = exchange()
    const called: unknown[] = []
    res.destroy(new Error('broken'))
    expect(res.write('a', (error) => called.push((error as NodeJS.ErrnoException).code))).toBe(false)
    res.end((error) => called.push(error?.message))
    await answer()
    expect(called.sort()).toEqual(['ERR_STREAM_DESTROYED', 'broken'])
  })

  it('is told to stream.pipeline', async () => {
    silent()
    const { res, answer } = exchange()
    const source = new Readable({ read: () => source.destroy(new Error('no file')) })
    const done = new Promise((resolve) => pipeline(source, res as never, resolve))
    expect(await done).toMatchObject({ message: 'no file' })
    expect((await answer()).status).toBe(502)
  })

  it('is told to stream.finished', async () => {
    const { res } = exchange()
    const done = new Promise((resolve) => finished(res as never, resolve))
    res.destroy()
    expect(await done).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })
  })
})

describe('misuse', () => {
  it('after the end is logged and harms nothing where nobody listens', async () => {
    const log = silent()
    const { res, answer } = exchange()
    res.end('all')
    expect(res.write('more')).toBe(false)
    res.end('again')
    expect(await answer()).toMatchObject({ status: 200, body: 'all' })
    await turn()
    expect(log.mock.calls.map(([error]) => error.code)).toEqual([
      'ERR_STREAM_WRITE_AFTER_END',
      'ERR_STREAM_WRITE_AFTER_END',
    ])
  })

  it('of strictContentLength throws before the answer goes out wrong', () => {
    const { res } = exchange()
    res.strictContentLength = true
    res.setHeader('Content-Length', 2)
    res.write('a')
    expect(() => res.write('bcd')).toThrow(
      expect.objectContaining({
        code: 'ERR_HTTP_CONTENT_LENGTH_MISMATCH',
        message:
          "Response body's content-length of 4 byte(s) does not match the content-length of 2 byte(s) set in header",
      }),
    )
    expect(() => res.end()).toThrow(/content-length of 1 byte/)
  })

  it('has errors that print as those of Node', () => {
    const { res } = exchange()
    res.end()
    let seen: unknown
    try {
      res.setHeader('a', 'b')
    } catch (error) {
      seen = error
    }
    expect(String(seen)).toBe('Error [ERR_HTTP_HEADERS_SENT]: Cannot set headers after they are sent to the client')
  })
})

describe('kinship with Node', () => {
  it('is that of a ServerResponse', () => {
    const { res } = exchange()
    expect(res).toBeInstanceOf(ServerResponse)
    expect(res).toBeInstanceOf(OutgoingMessage)
  })

  it('lets replaced methods be called as Node calls them', async () => {
    const { res, answer } = exchange()
    const calls: unknown[][] = []
    for (const name of ['writeHead', 'end', 'setHeader'] as const) {
      const original = res[name] as (...args: unknown[]) => unknown
      Object.assign(res, {
        [name](this: unknown, ...args: unknown[]) {
          calls.push([name, ...args])
          return Reflect.apply(original, this, args)
        },
      })
    }
    res.send('hi')
    expect(await answer()).toMatchObject({ status: 200, body: Buffer.from('hi') })
    expect(calls).toEqual([
      ['setHeader', 'Content-Type', 'text/html; charset=utf-8'],
      ['setHeader', 'Content-Length', '2'],
      ['setHeader', 'ETag', 'W/"2-witfkXg0JglCjW9RssWvTAveakI"'],
      ['end', Buffer.from('hi'), undefined],
      ['writeHead', 200],
    ])
  })

  it("lets Node's own header methods work on it", async () => {
    const { res, answer } = exchange()
    const node = OutgoingMessage.prototype
    node.setHeader.call(res, 'X-Own', 'a')
    node.appendHeader.call(res, 'x-own', 'b')
    node.setHeader.call(res, 'Set-Cookie', ['c=d'])
    node.setHeader.call(res, 'X-Gone', '1')
    node.removeHeader.call(res, 'x-gone')
    expect(node.getHeader.call(res, 'X-OWN')).toEqual(res.getHeader('x-own'))
    expect(node.hasHeader.call(res, 'set-cookie')).toBe(true)
    expect(node.getHeaderNames.call(res)).toEqual(['x-own', 'set-cookie'])
    expect(node.getHeaders.call(res)).toEqual(res.getHeaders())
    res.end()
    expect((await answer()).headers).toMatchObject({ 'x-own': ['a', 'b'], 'set-cookie': ['c=d'] })
    expect(() => node.setHeader.call(res, 'X-Late', '1')).toThrow(
      expect.objectContaining({ code: 'ERR_HTTP_HEADERS_SENT' }),
    )
  })

  it('takes a socket and gives it back', () => {
    const { req, res } = exchange()
    expect(res.socket).toBe(req.socket)
    expect(res.connection).toBe(req.connection)
    res.detachSocket(req.socket as never)
    expect(res.socket).toBeNull()
    const seen = heard(res, 'socket')
    res.assignSocket(req.socket as never)
    expect(res.socket).toBe(req.socket)
    expect(seen).toEqual(['socket'])
  })
})
