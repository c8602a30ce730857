import { createServer } from 'node:http'
import { getDefaultHighWaterMark, PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import request, { listener } from '../src/client/client.ts'
import '../src/index.ts'

interface LambdaStream {
  write(chunk: string): boolean
  end(): void
  destroy(error: Error): void
  once(event: 'drain', listener: () => void): void
}
type Handler = (event: unknown, stream: LambdaStream) => Promise<void>
const { streamifyResponse, HttpResponseStream } = (
  globalThis as unknown as {
    awslambda: {
      streamifyResponse(handler: Handler): (event: unknown, context: unknown) => unknown
      HttpResponseStream: { from(stream: LambdaStream, prelude: unknown): LambdaStream }
    }
  }
).awslambda
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const handler = streamifyResponse(async (_event, raw) => {
  const prelude = { statusCode: 201, headers: { 'content-type': 'text/plain' }, cookies: ['a=1'] }
  const stream = HttpResponseStream.from(raw, prelude)
  for (const part of ['one ', 'two ', 'three']) {
    stream.write(part)
    await pause(25)
  }
  stream.end()
})
/** Writes what the stream has room for, as `stream.pipeline` does. */
const CHUNK = 'x'.repeat(16 * 1024)
const writes = { count: 0 }
const minding = streamifyResponse(async (_event, raw) => {
  const stream = HttpResponseStream.from(raw, { statusCode: 200, headers: { 'content-type': 'text/plain' } })
  while (writes.count < 40) {
    writes.count++
    if (!stream.write(CHUNK)) await new Promise<void>((resolve) => void stream.once('drain', resolve))
  }
  stream.end()
})
const server = listener((_req, res) => {
  res.writeHead(200, { 'content-type': 'text/plain' }).write('one ')
  setTimeout(() => res.end('two'), 30)
})

describe('stream', () => {
  test('of a handler: chunks as they came, prelude, and the whole', async () => {
    const response = await request(handler)
      .get('/')
      .stream()
      .expect(201, 'one two three')
      .expectPrelude({ statusCode: 201, cookies: ['a=1'] })
      .expectCookie('a', '1')
      .expectChunk('one ')
      .expectChunk(/^thr/, 2)
      .expectChunk(Buffer.from('two '), 1)
    expect(response.gateway?.name).toBe('function-url')
    const times = response.chunks.map(({ at }) => at)
    expect(times).toHaveLength(3)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  test('through a REST API', async () => {
    const response = await request(handler).get('/').via('rest').stream().expect(201, 'one two three')
    expect(response.gateway?.name).toBe('rest-api')
    expect(response.chunks.length).toBeGreaterThan(1)
  })

  test('of a server', async () => {
    const heard: string[] = []
    const sent = request(server).get('/').stream().expectChunk('one ', 0).expectChunk('two', 1).expect('one two')
    sent.on('chunk', ({ data }: { data: Buffer }) => heard.push(String(data)))
    await sent
    expect(heard).toEqual(['one ', 'two'])
  })

  test('fails with what came', async () => {
    const sent = () => request(handler).get('/').stream()
    await expect(sent().expectChunk('four')).rejects.toThrow(
      "expected a chunk of 'four', got [ 'one ', 'two ', 'three' ]",
    )
    await expect(sent().expectChunk(/x/, 0)).rejects.toThrow('expected chunk 0 to match /x/')
    await expect(sent().expectChunk('one ', 1)).rejects.toThrow("expected chunk 1 of 'one '")
    await expect(sent().expectPrelude({ statusCode: 200 })).rejects.toThrow(
      'expected a prelude with { statusCode: 200 }',
    )
  })

  test('of which the client has enough', async () => {
    const response = await request(handler).get('/').disconnectAfter(1).expect(201)
    expect(response.text).toBe('one ')
    const closed = new Promise((resolve) => {
      const endless = listener((_req, res) => {
        res.write('first')
        res.once('close', () => resolve('closed'))
      })
      request(endless).get('/').disconnectAfter(1).expect('first').end()
    })
    expect(await closed).toBe('closed')
  })

  test.each([
    ['a handler', () => request(minding)],
    ['a handler behind a REST API', () => request(minding, { gateway: 'rest' })],
  ])('to a slow reader: %s that minds back-pressure waits for it', async (_, client) => {
    writes.count = 0
    const ahead: number[] = []
    const sent = client().get('/').slowReader({ bytesPerSecond: 8_000_000 })
    let read = 0
    sent.on('chunk', () => ahead.push(writes.count - ++read))
    await sent.expect(200).expect(({ text }) => expect(text.length).toBe(40 * CHUNK.length))
    // Never further than the stream's own buffer.
    expect(Math.max(...ahead) * CHUNK.length).toBeLessThanOrEqual(getDefaultHighWaterMark(false))
    expect(ahead.length).toBe(40)
  })

  test('to a slow reader: a server waits once the buffers between are full', async () => {
    const all = 400
    let unread = 0
    const endless = listener((_req, res) => {
      let count = 0
      const write = () => {
        while (count < all) {
          count++
          if (!res.write(CHUNK)) return void res.once('drain', write)
        }
        res.end()
      }
      write()
      sent.once('chunk', () => setTimeout(() => (unread = all - count), 30))
    })
    const sent = request(endless).get('/').slowReader({ bytesPerSecond: 1_000_000 }).disconnectAfter(2)
    await sent
    expect(unread).toBeGreaterThan(0)
  })

  test('to a slow reader takes a speed, and ends when the test gives up', async () => {
    expect(() => request(handler).get('/').slowReader({ bytesPerSecond: 0 })).toThrow(TypeError)
    const sent = request(handler).get('/').slowReader({ bytesPerSecond: 1 }).timeout(50)
    await expect(sent).rejects.toThrow('Timeout of 50ms exceeded')
  })

  test('that breaks off', async () => {
    const breaking = streamifyResponse(async (_event, raw) => {
      const stream = HttpResponseStream.from(raw, { statusCode: 200, headers: { 'content-type': 'text/plain' } })
      stream.write('half')
      await pause(10)
      throw new Error('no more')
    })
    const response = await request(breaking).get('/').stream()
    expect(response.text).toBe('half')
    expect(response.streamError).toBeDefined()
  })
})

describe('an unread body', () => {
  test('comes in events', async () => {
    const response = await request(server).get('/').buffer(false)
    expect(response.text).toBeUndefined()
    const parts: string[] = []
    response.setEncoding('utf8')
    response.on('data', (part: string) => parts.push(part))
    await new Promise((resolve) => response.once('end', () => resolve(undefined)))
    expect(parts.join('')).toBe('one two')
  })

  test('may be piped', async () => {
    const response = await request(server).get('/').buffer(false)
    expect(await text(response.pipe(new PassThrough()))).toBe('one two')
    expect(await text(request(handler).get('/').stream().pipe(new PassThrough()))).toBe('one two three')
  })

  test('is decoded', async () => {
    const coded = async () => ({
      statusCode: 200,
      headers: { 'content-encoding': 'gzip', 'content-type': 'text/plain' },
      body: gzipSync('coded').toString('base64'),
      isBase64Encoded: true,
    })
    const response = await request(coded).get('/').buffer(false)
    expect(await text(response.res)).toBe('coded')
    expect(response.rawBody.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
  })

  test('may be left', async () => {
    const response = await request(server).get('/').buffer(false)
    response.pause()
    response.resume()
    response.destroy()
    expect(response.res.destroyed).toBe(true)
  })

  test('cannot be piped once it is read', async () => {
    const response = await request(server).get('/')
    expect(() => response.pipe(new PassThrough())).toThrow(
      "end() has already been called, so it's too late to start piping",
    )
  })

  test('of a target that fails is told to the stream', async () => {
    const stream = request('http://127.0.0.1:1').get('/').pipe(new PassThrough())
    const error = await new Promise((resolve) => stream.once('error', resolve))
    expect(error).toMatchObject({ message: 'ECONNREFUSED: Connection refused' })
  })
})

describe('a request body', () => {
  const echo = createServer((req, res) => void req.pipe(res))

  test('may be piped in', async () => {
    const sent = request(echo).post('/').type('text/plain')
    Readable.from(['a', 'b', 'c']).pipe(sent as never)
    const response = await new Promise<{ body: Buffer }>((resolve) => sent.once('response', resolve))
    expect(response.body).toEqual({})
    expect((response as never as { text: string }).text).toBe('abc')
  })

  test('tells its progress', async () => {
    const steps: unknown[] = []
    const sent = request(echo).post('/').type('application/octet-stream').send(Buffer.alloc(40_000))
    sent.on('progress', ({ loaded, total, direction }) => steps.push([direction, loaded, total]))
    await sent
    expect(steps).toEqual([
      ['upload', 16_384, 40_000],
      ['upload', 32_768, 40_000],
      ['upload', 40_000, 40_000],
    ])
  })

  test('of a stream or a Blob goes into a form', async () => {
    const response = await request(echo)
      .post('/')
      .attach('a', new Blob(['blob']), { filename: 'b.txt', contentType: 'text/plain' })
      .attach('f', new File(['file'], 'named.txt'))
      .field('u', new Uint8Array([65]))
    expect(response.text).toMatch(/name="a"; filename="b.txt"\r\nContent-Type: text\/plain\r\n\r\nblob\r\n/)
    expect(response.text).toContain('filename="named.txt"')
    expect(response.text).toContain('\r\n\r\nA\r\n')
  })
})
