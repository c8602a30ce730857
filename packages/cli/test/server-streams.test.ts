import { request } from 'node:http'
import { createApp } from '@expressway/core'
import type { LambdaHandler } from '@expressway/testing/runtime'
import { describe, expect, it } from 'vitest'
import { createLocalServer } from '../src/server.ts'
import { ask, curl, until } from './server-support.ts'

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming')

/** What a test's handler uses of Lambda's response stream. */
interface Stream {
  write(chunk: string | Uint8Array): boolean
  end(chunk?: string): void
  once(event: string, listener: () => void): void
  setContentType(type: string): void
}

function streamed(work: (stream: Stream, event: { rawPath: string }) => Promise<void>): LambdaHandler {
  const handler = async (event: { rawPath: string }, stream: Stream) => {
    stream.setContentType('text/plain')
    await work(stream, event)
  }
  return Object.assign(handler, { [streaming]: 'response' })
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('a local server that streams', () => {
  it.each(['function-url', 'rest-api'] as const)('sends chunks as they are written behind %s', async (gateway) => {
    const app = createApp()
    const firstArrived = Promise.withResolvers<void>()
    app.get('/', async function* () {
      yield 'one '
      await firstArrived.promise
      yield 'two '
      yield 'three'
    })
    await using server = await createLocalServer(app.streamHandler, { gateway })
    const response = await fetch(server.url)
    let text = ''
    for await (const chunk of response.body!) {
      text += new TextDecoder().decode(chunk)
      // The application writes no more before this client has the first chunk.
      firstArrived.resolve()
    }
    expect(text).toBe('one two three')
    expect(response.headers.get('content-length')).toBeNull()
    expect(await curl(server.url)).toBe('one two three')
  })

  it('buffers a streaming handler where it is told to', async () => {
    const handler = streamed(async (stream) => stream.end('{"statusCode":201,"body":"whole"}'))
    await using server = await createLocalServer(handler, {
      gateway: 'function-url',
      gatewayOptions: { invokeMode: 'BUFFERED' },
    })
    const { status, body } = await ask(server)
    expect([status, body.toString()]).toEqual([201, 'whole'])
  })

  it('makes the function wait for a client that reads slowly', async () => {
    let written = 0
    const total = 400
    const handler = streamed(async (stream) => {
      for (; written < total; written++) {
        if (!stream.write(Buffer.alloc(64 * 1024, 'a'))) {
          await new Promise<void>((resolve) => stream.once('drain', resolve))
        }
      }
      stream.end()
    })
    await using server = await createLocalServer(handler, { gateway: 'function-url' })
    let received = 0
    const done = new Promise<void>((resolve, reject) => {
      request({ host: '127.0.0.1', port: server.port, agent: false }, async (response) => {
        response.pause()
        await pause(500)
        // What the sockets' own buffers hold is a few megabytes of the 25.
        const waiting = written
        await pause(300)
        try {
          expect(written).toBe(waiting)
          expect(written).toBeLessThan(total / 2)
        } catch (error) {
          return reject(error)
        }
        response.on('data', (chunk: Buffer) => (received += chunk.length))
        response.on('end', resolve).resume()
      }).end()
    })
    await done
    expect(received).toBe(total * 64 * 1024)
  })

  it('cuts an answer off whose function fails half way, says so and lives on', async () => {
    const logged: string[] = []
    const handler = streamed(async (stream, event) => {
      stream.write('half ')
      if (event.rawPath === '/') throw new Error('half way')
      stream.end('whole')
    })
    await using server = await createLocalServer(handler, { gateway: 'function-url', log: (text) => logged.push(text) })
    await expect(ask(server)).rejects.toThrow(/aborted|hang up|ECONNRESET/)
    expect(await curl(`${server.url}/whole`)).toBe('half whole')
    await until(() => logged.length === 2)
    expect(logged[0]).toMatch(/^GET \/ 200 [\d.]+ ms 5 B streamed/)
    expect(logged[0]).toContain('Error: half way')
  })

  it('answers HEAD and 204 of a stream without a body', async () => {
    const app = createApp()
    app.get('/', async function* () {
      yield 'text'
    })
    app.get('/none', (_req, res) => void res.status(204).end())
    await using server = await createLocalServer(app.streamHandler, { gateway: 'function-url' })
    const head = await ask(server, { method: 'HEAD' })
    expect([head.status, head.body.length]).toEqual([200, 0])
    const none = await ask(server, { path: '/none' })
    expect([none.status, none.body.length]).toEqual([204, 0])
  })

  it('tells the runtime when the client has gone', async () => {
    const logged: string[] = []
    const handler = streamed(async (stream) => {
      for (let at = 0; at < 1000; at++) {
        stream.write(`tick ${at}\n`)
        await pause(10)
      }
    })
    await using server = await createLocalServer(handler, { gateway: 'function-url', log: (text) => logged.push(text) })
    const abort = new AbortController()
    const response = await fetch(server.url, { signal: abort.signal })
    await response.body!.getReader().read()
    abort.abort()
    await until(() => logged.length === 1, 3000)
    expect(logged[0]).toContain('(the client went away)')
  })

  it('tells the runtime when the client of a buffered answer has gone', async () => {
    const logged: string[] = []
    await using server = await createLocalServer(() => new Promise(() => {}), { log: (text) => logged.push(text) })
    await curl('--max-time', '0.3', server.url).catch(() => {})
    await until(() => logged.length === 1, 3000)
    expect(logged[0]).toMatch(/^GET \/ --- \d+ ms 0 B \(the client went away\)$/)
  })
})
