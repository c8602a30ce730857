import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { Chunk, HttpResponse, LambdaContext } from '@expressway/core/handle'
import { toStreamingLambdaHandler } from '@expressway/core/lambda'
import { type Listener, toHandle } from '@expressway/express-shim/listener'
import express from 'express'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Asked, invocation, throughGateway, toMessage } from './answers.ts'

type Body = AsyncIterableIterator<Chunk>

const stream = async (listener: Listener, asked: Partial<Asked> = {}, context: LambdaContext = {}) =>
  toHandle(listener)(toMessage({ path: '/', ...asked }), invocation({ streaming: true, context }))

const bodyOf = ({ body }: HttpResponse): Body => {
  expect(body).toHaveProperty('next')
  return body as Body
}

const textOf = async (body: Body): Promise<string[]> => {
  const chunks: string[] = []
  for await (const chunk of body) chunks.push(Buffer.from(chunk as string).toString())
  return chunks
}

const silence = () => vi.spyOn(console, 'error').mockImplementation(() => {})

afterEach(() => vi.restoreAllMocks())

describe('when the answer begins', () => {
  test('the first chunk brings status and headers, before the rest is written', async () => {
    let end = () => {}
    const response = await stream((_req, res) => {
      res.writeHead(203, { 'Content-Type': 'text/plain' })
      res.write('one')
      end = () => res.end('two')
    })
    expect(response).toMatchObject({ status: 203, headers: { 'content-type': 'text/plain' } })
    const body = bodyOf(response)
    expect(await body.next()).toEqual({ done: false, value: 'one' })
    end()
    expect(await textOf(body)).toEqual(['two'])
  })

  test('flushHeaders begins it without a chunk', async () => {
    let end = () => {}
    const response = await stream((_req, res) => {
      res.setHeader('X-A', '1')
      res.flushHeaders()
      end = () => res.end()
    })
    expect(response.headers).toMatchObject({ 'x-a': '1' })
    end()
    expect(await textOf(bodyOf(response))).toEqual([])
  })

  test.each<[string, Listener, Chunk | undefined]>([
    ['end(text)', (_req, res) => res.end('whole'), 'whole'],
    ['end(bytes)', (_req, res) => res.end(Buffer.from([255])), Buffer.from([255])],
    ['write and end at once', (_req, res) => [res.write('a'), res.end('b')], 'ab'],
    ['end()', (_req, res) => res.end(), undefined],
    ['a redirect', (_req, res) => res.writeHead(302, { Location: '/' }).end(), undefined],
    ['204', (_req, res) => res.writeHead(204).end('never'), undefined],
  ])('%s is whole, and no stream', async (_name, listener, body) => {
    expect((await stream(listener)).body).toEqual(body)
  })

  test('a HEAD has no body, whatever is written', async () => {
    const listener: Listener = async (_req, res) => {
      res.write('never')
      await pause(2)
      res.end('never')
    }
    expect((await stream(listener, { method: 'HEAD' })).body).toBeUndefined()
  })
})

describe('back-pressure', () => {
  test('write returns false once the high-water mark is reached, and drain comes when all is taken', async () => {
    let response!: ServerResponse
    const seen: unknown[] = []
    const body = bodyOf(
      await stream((_req, res) => {
        response = res
        res.on('drain', () => seen.push(`drain ${res.writableLength} ${res.writableNeedDrain}`))
        const half = Buffer.alloc(res.writableHighWaterMark / 2)
        seen.push(res.write(half), res.write(half), res.writableLength === 2 * half.length, res.writableNeedDrain)
      }),
    )
    expect(seen).toEqual([true, false, true, true])
    await body.next()
    await pause(2)
    expect(seen).toHaveLength(4)
    await body.next()
    await pause(2)
    expect(seen.at(-1)).toBe('drain 0 false')
    response.end()
    expect(await textOf(body)).toEqual([])
  })

  test('a source is not read faster than the client reads', async () => {
    let produced = 0
    const source = new Readable({
      read() {
        produced++
        this.push(Buffer.alloc(10_000))
      },
    })
    const body = bodyOf(await stream((_req, res) => void pipeline(source, res, () => {})))
    await pause(20)
    const before = produced
    expect(before).toBeLessThan(40)
    for (let i = 0; i < 20; i++) await body.next()
    await pause(20)
    expect(produced).toBeGreaterThan(before)
    expect(produced).toBeLessThan(80)
    await body.return?.()
    await pause(10)
    expect(source.destroyed).toBe(true)
  })

  test('a writer may use its buffer again after the callback', async () => {
    const buffer = Buffer.from('first')
    const body = bodyOf(
      await stream((_req, res) => {
        res.write(buffer, () => {
          buffer.write('other')
          res.end(buffer)
        })
      }),
    )
    const first = await body.next()
    await pause(5)
    expect(String(first.value)).toBe('first')
    expect(await textOf(body)).toEqual(['other'])
  })
})

describe('the end', () => {
  const watched = (log: string[], write: (req: IncomingMessage, res: ServerResponse) => void): Listener => {
    return (req, res) => {
      req.on('aborted', () => log.push('req aborted'))
      req.on('close', () => log.push('req close'))
      for (const event of ['finish', 'close']) res.on(event, () => log.push(`res ${event}`))
      write(req, res)
    }
  }

  test('finish waits for the reader, and close for finish', async () => {
    const log: string[] = []
    const body = bodyOf(
      await stream(
        watched(log, (_req, res) => {
          res.write('a')
          setImmediate(() => res.end('b'))
        }),
      ),
    )
    await pause(5)
    expect(log).toEqual([])
    expect(await textOf(body)).toEqual(['a', 'b'])
    await pause(5)
    expect(log).toEqual(['res finish', 'res close', 'req close'])
  })

  test('a client that leaves closes the connection: aborted, close, no finish, nothing logged', async () => {
    const logged = silence()
    const log: string[] = []
    let response!: ServerResponse
    const body = bodyOf(
      await stream(
        watched(log, (_req, res) => {
          response = res
          res.write('a')
        }),
      ),
    )
    await body.next()
    expect(await body.return?.()).toEqual({ done: true, value: undefined })
    await pause(5)
    expect(log).toEqual(['req aborted', 'res close', 'req close'])
    expect(response.destroyed).toBe(true)
    expect(response.write('more')).toBe(false)
    expect(logged).not.toHaveBeenCalled()
  })

  test.each<[string, (res: ServerResponse) => unknown]>([
    ['res.destroy(error)', (res) => res.destroy(new Error('broken'))],
    ['a rejection', () => Promise.reject(new Error('broken'))],
  ])('%s in the middle reaches the reader as an error, and the log', async (_name, breakOff) => {
    const logged = silence()
    const body = bodyOf(
      await stream(async (_req, res) => {
        res.write('a')
        await pause(5)
        return breakOff(res)
      }),
    )
    await expect(textOf(body)).rejects.toThrow('broken')
    expect(logged).toHaveBeenCalledExactlyOnceWith(new Error('broken'))
  })

  test('a destroyed connection fails what is waiting', async () => {
    const errors: unknown[] = []
    const body = bodyOf(
      await stream((_req, res) => {
        res.write('a', (error) => errors.push(error))
        setTimeout(() => res.destroy(), 5)
      }),
    )
    await vi.waitFor(() => expect(errors).toHaveLength(1))
    await expect(body.next()).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await body.return?.()).toEqual({ done: true, value: undefined })
  })

  test('the deadline ends a stream that does not end itself', async () => {
    const logged = silence()
    const log: string[] = []
    const context = { getRemainingTimeInMillis: () => 50 }
    const body = bodyOf(
      await stream(
        watched(log, (_req, res) => void res.write('a')),
        {},
        context,
      ),
    )
    await expect(textOf(body)).rejects.toThrow('GET / before the deadline')
    expect(logged).toHaveBeenCalledOnce()
    await vi.waitFor(() => expect(log).toContain('res close'))
  })
})

test('through a streaming function URL, a real Express streams', async () => {
  const app = express().get('/', async (_req, res) => {
    res.type('text/event-stream').cookie('a', '1').cookie('b', '2')
    for (const chunk of ['data: 1\n\n', 'data: 2\n\n']) {
      res.write(chunk)
      await pause(2)
    }
    res.end()
  })
  const handler = toStreamingLambdaHandler(toHandle(app))
  const chunks: string[] = []
  const answer = await throughGateway(handler, { path: '/' }, 'function-url', {
    gatewayOptions: { invokeMode: 'RESPONSE_STREAM' },
    onChunk: (chunk) => chunks.push(Buffer.from(chunk).toString()),
  })
  expect(answer).toMatchObject({ status: 200, body: 'data: 1\n\ndata: 2\n\n' })
  expect(answer.headers).toEqual(expect.arrayContaining(['set-cookie: a=1; Path=/', 'set-cookie: b=2; Path=/']))
  expect(chunks.length).toBeGreaterThan(1)
})

test('and answers without a body arrive as well', async () => {
  const app = express().get('/', (_req, res) => res.redirect('/there'))
  const handler = toStreamingLambdaHandler(toHandle(app))
  const gatewayOptions = { invokeMode: 'RESPONSE_STREAM' } as const
  const answer = await throughGateway(handler, { method: 'HEAD', path: '/' }, 'function-url', { gatewayOptions })
  expect(answer).toMatchObject({ status: 302, body: '' })
  expect(answer.headers).toContain('location: /there')
})
