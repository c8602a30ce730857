import { EventEmitter, once } from 'node:events'
import { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { finished, PassThrough, pipeline, Readable } from 'node:stream'
import { buffer, json, text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { expectLog } from '../../../../test/expect-log.ts'
import { MESSAGE } from '../../src/node/message-state.ts'
import { takeBody } from '../../src/request.ts'
import { exchange, heard, turn } from './exchange.ts'

// The package has no types of its own.
const bodyParser = createRequire(import.meta.url)('body-parser')

const post = (body: string | Uint8Array | undefined) =>
  exchange({ method: 'POST', body, headers: { 'transfer-encoding': 'chunked' } })

/** What the body-parser of npm makes of the request, by way of raw-body and on-finished. */
function rawBody(req: ReturnType<typeof post>['req']): Promise<unknown> {
  const parse = bodyParser.raw({ type: () => true, limit: '1mb' })
  return new Promise((resolve, reject) =>
    parse(req as never, req.res as never, (error?: unknown) => (error ? reject(error) : resolve(req.body))),
  )
}
const large = Buffer.alloc(200_000, 'abc')

describe('a request as a stream', () => {
  it('is an IncomingMessage', () => {
    const { req } = post('x')
    expect(req).toBeInstanceOf(IncomingMessage)
    expect(req).toBeInstanceOf(Readable)
    expect(req).toBeInstanceOf(EventEmitter)
  })

  const readers: Record<string, (req: ReturnType<typeof post>['req']) => Promise<unknown>> = {
    'events of data': async (req) => {
      const chunks: Buffer[] = []
      req.on('data', (chunk: Buffer) => void chunks.push(chunk))
      await once(req, 'end')
      return Buffer.concat(chunks)
    },
    'async iteration': async (req) => {
      const chunks: Uint8Array[] = []
      for await (const chunk of req) chunks.push(chunk as unknown as Uint8Array)
      return Buffer.concat(chunks)
    },
    pipe: (req) => buffer(req.pipe(new PassThrough())),
    pipeline: (req) => buffer(pipeline(req, new PassThrough(), () => {})),
    consumers: (req) => buffer(req as unknown as Readable),
    'body-parser': rawBody,
    'readable and read': async (req) => {
      const chunks: Buffer[] = []
      req.on('readable', () => {
        for (let chunk = req.read(); chunk !== null; chunk = req.read()) chunks.push(chunk as unknown as Buffer)
      })
      await once(req, 'end')
      return Buffer.concat(chunks)
    },
    'operators of Readable': (req) => buffer(Readable.from((req as unknown as Readable).map((chunk) => chunk))),
  }
  for (const [name, read] of Object.entries(readers)) {
    it.each([
      ['text', 'grüße', Buffer.from('grüße')],
      ['bytes', Buffer.from([0, 255, 1]), Buffer.from([0, 255, 1])],
      ['nothing', undefined, Buffer.alloc(0)],
      ['much', large, large],
    ] as const)(`is read by ${name}: %s`, async (_kind, body, expected) => {
      const { req } = post(body)
      expect(req.readable).toBe(true)
      expect(await read(req)).toEqual(expected)
      await turn()
      expect(req).toMatchObject({
        complete: true,
        readable: false,
        readableEnded: true,
        destroyed: true,
        aborted: false,
      })
    })
  }

  it('decodes, pauses and resumes', async () => {
    const { req } = post('grüße')
    req.setEncoding('latin1')
    req.pause()
    const data = heard(req, 'data')
    await turn()
    expect(data).toEqual([])
    expect(req.isPaused()).toBe(true)
    req.resume()
    await once(req, 'end')
    expect(data).toEqual(['data'])
    expect(await json(post('{"a":1}').req as unknown as Readable)).toEqual({ a: 1 })
  })

  it('comes in pieces, at the pace of its reader', async () => {
    const { req } = post(large)
    const sizes: number[] = []
    for await (const chunk of req) sizes.push((chunk as string).length)
    expect(sizes).toEqual([65_536, 65_536, 65_536, 3392])
  })

  it('is not complete before it was read', () => {
    const { req } = post('x')
    expect(req).toMatchObject({
      complete: false,
      readable: true,
      readableEnded: false,
      destroyed: false,
      closed: false,
    })
    expect(req).toMatchObject({ readableFlowing: null, readableLength: 0, readableAborted: false, errored: null })
    req.on('end', () => {})
    expect(req).toMatchObject({
      complete: false,
      readable: true,
      readableEnded: false,
      destroyed: false,
      closed: false,
    })
    expect(req).toMatchObject({ readableFlowing: null, readableAborted: false, errored: null })
  })

  it('emits end and close once', async () => {
    const { req } = post('x')
    const events = heard(req, 'end', 'close', 'error', 'aborted')
    req.resume()
    await turn()
    expect(events).toEqual(['end', 'close'])
  })

  it('is thrown away after the response', async () => {
    const { req, res, answer } = post('x')
    const events = heard(req, 'end', 'close')
    res.end('answer')
    expect(await answer()).toMatchObject({ status: 200, body: 'answer' })
    await turn()
    expect(events).toEqual(['end', 'close'])
  })

  it('finishes for stream.finished', async () => {
    const { req } = post('x')
    const done = new Promise((resolve) => finished(req, resolve))
    req.resume()
    expect(await done).toBeUndefined()
  })

  it('reports a body that the event did not hold', async () => {
    const { req, res, answer } = post(undefined)
    Object.defineProperty(req[MESSAGE], 'body', {
      get(): never {
        throw Object.assign(new Error('malformed'), { status: 400 })
      },
    })
    await expect(rawBody(req)).rejects.toMatchObject({ status: 400 })
    res.status(400).end('malformed')
    expect(await answer()).toMatchObject({ status: 400, body: 'malformed' })
  })
})

describe('a body taken at once', () => {
  it('counts as read', () => {
    const { req } = post('x')
    expect(takeBody(req)).toEqual({ body: 'x' })
    expect(req).toMatchObject({ complete: true, readable: false, readableEnded: true, destroyed: true, closed: true })
    expect(takeBody(req)).toBeUndefined()
  })

  it('is not there for a stream any more', async () => {
    const { req } = post('x')
    takeBody(req)
    const events = heard(req, 'data', 'end')
    req.resume()
    await turn()
    expect(events).toEqual([])
    expect(req).toMatchObject({ readable: false, readableEnded: true, destroyed: true, complete: true })
  })

  it('is left to a stream that has begun, and to messages of Node', async () => {
    const { req } = post('x')
    req.on('data', () => {})
    expect(takeBody(req)).toBeUndefined()
    expect(takeBody(new IncomingMessage(undefined as never))).toBeUndefined()
    expect(await text(req as unknown as Readable)).toBe('x')
  })
})

describe('a request that ends early', () => {
  it('is aborted with its response, whoever destroys which', async () => {
    for (const destroy of [
      ({ req }: ReturnType<typeof post>) => (req as unknown as Readable).destroy(),
      ({ res }: ReturnType<typeof post>) => res.destroy(),
      ({ req }: ReturnType<typeof post>) => req.socket.destroy(),
    ]) {
      const both = post(large)
      const { req, res } = both
      const events = heard(req, 'aborted', 'close', 'end')
      const answered = heard(res, 'close', 'finish')
      const { signal } = req
      destroy(both)
      expect((await both.answer()).status).toBe(502)
      await turn()
      expect(events).toEqual(['aborted', 'close'])
      expect(answered).toEqual(['close'])
      expect(signal.aborted).toBe(true)
      expect(req).toMatchObject({ aborted: true, destroyed: true, readableAborted: true, complete: false })
      expect(req.socket).toMatchObject({ destroyed: true, readable: false, writable: false })
      expect(res).toMatchObject({ destroyed: true, closed: true, writableFinished: false, writableEnded: false })
    }
  })

  it('tells an error only to those who listen', async () => {
    expectLog(/^Error: enough/)
    const { req, answer } = post('x')
    const seen: unknown[] = []
    req.on('error', (error) => seen.push((error as Error).message))
    ;(req as unknown as Readable).destroy(new Error('enough'))
    expect((await answer()).status).toBe(502)
    await turn()
    expect(seen).toEqual(['enough'])
  })
})
