import express from 'express'
import supertest from 'supertest'
import { describe, expect, test, vi } from 'vitest'
import { expectLog } from '../../../test/expect-log.ts'
import request, { type CallbackHandler, listener } from '../src/client/client.ts'

const never = () => new Promise(() => {})
const ok = async () => ({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' })
const failureOf = (sent: PromiseLike<unknown>): Promise<Error & Record<string, unknown>> =>
  Promise.resolve(sent).then(
    () => Promise.reject(new Error('It did not fail')),
    (error) => error,
  )

/** The line of this file in the first frame of a stack. */
function firstFrame(error: Error): string | undefined {
  return error.stack?.split('\n').find((line) => /^\s+at /.test(line))
}

/** The line number where this is called. */
function here(): number {
  return Number(/client-failures\.test\.ts:(\d+)/.exec(new Error().stack!.split('\n')[2]!)?.[1])
}

describe('a failure points at the test', () => {
  test('at the line of .expect', async () => {
    const line = here() + 2
    const sent = request(ok).get('/')
    sent.expect(404).set('X-One', '1')
    expect(firstFrame(await failureOf(sent))).toContain(`client-failures.test.ts:${line}`)
  })

  test('through as many helpers as supertest shows', async () => {
    const deep = (sent: { expect(status: number): unknown }, depth: number): unknown =>
      depth === 0 ? sent.expect(201) : deep(sent, depth - 1)
    const shown = async (client: typeof request) => {
      const sent = client(express()).get('/')
      deep(sent as never, 9)
      const { stack } = await failureOf(sent.expect(500))
      return stack!.split('----')[0]!.match(/at deep /g)?.length
    }
    expect(await shown(request)).toBe(await shown(supertest as never))
  })

  test('with the frames of the check below', async () => {
    const { stack } = await failureOf(request(ok).get('/').expect('nope'))
    expect(stack).toMatch(/^Error: expected 'nope' response body, got 'ok'\n {4}at .*\n[\s\S]*\n----\n {4}at /)
  })

  test('at an own check, which keeps its class and its place', async () => {
    const own = () => {
      throw new TypeError('of its own')
    }
    const line = here() + 1
    const failure = await failureOf(request(ok).get('/').expect(own))
    expect(failure).toBeInstanceOf(TypeError)
    expect(firstFrame(failure)).toContain(`client-failures.test.ts:${line}`)
    expect(failure.stack?.split('----')[1]).toContain('at own')
  })

  test('at the request where nothing was expected', async () => {
    const line = here() + 1
    const failure = await failureOf(request('http://127.0.0.1:1').get('/'))
    expect(firstFrame(failure)).toContain(`client-failures.test.ts:${line}`)
  })

  test.each(['expectCookie', 'expectJsonPath'] as const)('at %s', async (method) => {
    const line = here() + 1
    const failure = await failureOf(request(ok).get('/')[method]('none'))
    expect(firstFrame(failure)).toContain(`client-failures.test.ts:${line}`)
  })
})

describe('a handler that never answers', () => {
  test('fails with what it had and did', async () => {
    expectLog(/^asking table orders/)
    const handler = async () => {
      console.log('asking table %s', 'orders')
      await never()
    }
    const failure = await failureOf(request(handler, { timeout: 40 }).get('/orders').query({ a: 1 }).via('alb'))
    expect(failure.message).toBe(
      'No answer to GET /orders?a=1 through alb within 40 ms: the handler was still running, and its last line on the ' +
        'console was: asking table orders. Look for a promise that never settles or a response that is never ended; ' +
        'raise the limit with .timeout(ms).',
    )
    expect(failure).toMatchObject({ code: 'ECONNABORTED', errno: 'ETIME', timeout: 40 })
    expect(firstFrame(failure)).toContain('client-failures.test.ts')
  })

  test('that wrote nothing', async () => {
    const failure = await failureOf(request(never, { timeout: 20 }).post('/'))
    expect(failure.message).toContain('and it wrote nothing to the console.')
  })

  test('by default before the five seconds that vitest allows', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const failing = failureOf(request(never).get('/'))
    await vi.advanceTimersByTimeAsync(4500)
    vi.useRealTimers()
    expect((await failing).message).toContain('within 4500 ms')
  })

  test('on a server', async () => {
    const failure = await failureOf(
      request(
        listener(() => {}),
        { timeout: 40 },
      ).get('/x'),
    )
    expect(failure.message).toMatch(/^No answer to GET \/x through http:\/\/127\.0\.0\.1(:\d+)? within 40 ms/)
  })

  test('a limit of its own takes the place of the default', async () => {
    const slow = () => new Promise((resolve) => setTimeout(() => resolve(ok()), 60))
    await request(slow, { timeout: 20 }).get('/').timeout(1000).expect(200)
    await request(slow, { timeout: 20 }).get('/').timeout({ response: 1000 }).expect(200)
    await request(slow, { timeout: 20 }).get('/').timeout(false).expect(200)
    await request(slow, { timeout: 0 }).get('/').expect(200)
  })

  test('an unknown limit is told', async () => {
    const said: unknown[] = []
    const { warn } = console
    console.warn = (...args) => void said.push(args)
    try {
      request(ok)
        .get('/')
        .timeout({ uplaod: 5 } as never)
    } finally {
      console.warn = warn
    }
    expect(said).toEqual([['Unknown timeout option', 'uplaod']])
  })
})

describe('giving up', () => {
  test('rejects and tells listeners, and the handler is left to itself', async () => {
    const sent = request(never).get('/')
    let told = 0
    sent.on('abort', () => told++)
    setTimeout(() => sent.abort().abort(), 10)
    expect(await failureOf(sent)).toMatchObject({ message: 'Aborted', code: 'ABORTED', method: 'GET' })
    expect(told).toBe(1)
  })

  test('by a signal', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 10)
    await expect(request(never).get('/').signal(controller.signal)).rejects.toThrow('Aborted')
    await expect(request(ok).get('/').signal(controller.signal)).rejects.toThrow('Aborted')
    await expect(
      request(listener(() => {}))
        .get('/')
        .signal(AbortSignal.timeout(10)),
    ).rejects.toThrow('Aborted')
  })

  test('of all gateways', async () => {
    const sent = request(never).get('/').viaAll()
    setTimeout(() => sent.abort(), 10)
    await expect(sent).rejects.toThrow('Aborted')
  })

  test('leaves a callback uncalled, as superagent does', async () => {
    let called = 0
    const sent = request(never)
      .get('/')
      .end(() => called++)
    setTimeout(() => sent.abort(), 5)
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(called).toBe(0)
  })
})

describe('callbacks and promises', () => {
  const called = (build: (callback: CallbackHandler) => unknown) =>
    new Promise<[Error | null, { status: number } | undefined]>((resolve) =>
      build((error, response) => resolve([error, response])),
    )

  test('a callback gets the failure and the response', async () => {
    const [error, response] = await called((callback) => request(ok).get('/').expect(500, callback))
    expect(error?.message).toBe('expected 500 "Internal Server Error", got 200 "OK"')
    expect(response?.status).toBe(200)
    expect((await called((callback) => request(ok).get('/').end(callback)))[0]).toBeNull()
  })

  test('what follows in the chain still counts', async () => {
    const [error] = await called((callback) => request(ok).get('/').expect(200, callback).expect('x-none', '1'))
    expect(error?.message).toBe('expected "x-none" header field')
  })

  test('a second .end() fails, a promise after it as well', async () => {
    expectLog(/superagent request was sent twice/)
    const sent = request(ok).get('/')
    await called((callback) => sent.end(callback))
    const [error] = await called((callback) => sent.end(callback))
    expect(error?.message).toBe('.end() was called twice. This is not supported in superagent')
    await expect(sent).rejects.toThrow('.end() was called twice')
  })

  test('what a callback throws is not lost in a promise', async () => {
    const heard: unknown[] = []
    const before = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    const thrown = new Promise<void>((resolve) => {
      process.once('uncaughtException', (error) => {
        heard.push(error.message)
        resolve()
      })
    })
    request(ok)
      .get('/')
      .end(() => {
        throw new Error('from a callback')
      })
    await thrown
    for (const listen of before) process.on('uncaughtException', listen)
    expect(heard).toEqual(['from a callback'])
  })

  test('one request for any number of awaits', async () => {
    let calls = 0
    const sent = request(async () => {
      calls++
      return ok()
    }).get('/')
    expect(await sent).toBe(await sent)
    await sent.finally(() => {})
    expect(calls).toBe(1)
  })

  test('a missing file is the failure, not an abort', async () => {
    await expect(request(ok).post('/').attach('a', '/nowhere/at/all')).rejects.toThrow('ENOENT')
  })

  test('a redirect without a place to go is told', async () => {
    const handler = async () => ({ statusCode: 302 })
    await expect(request(handler).get('/').redirects(1)).rejects.toThrow('No location header for redirect')
  })

  test('what has no bytes is refused', async () => {
    await expect(request(ok).post('/').send(5)).rejects.toThrow('Cannot send [object Number] without a serializer')
    expect(() => request(ok).get('/').type('nosuch')).toThrow('No media type is known as "nosuch"')
  })
})
