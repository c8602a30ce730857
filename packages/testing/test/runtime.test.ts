import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createClock, lambdaContext } from '../src/context.ts'
import type { StreamOutcome } from '../src/gateway.ts'
import { collect } from '../src/runtime/streaming.ts'
import { installStreaming, isStreaming, type LambdaHandler, runHandler } from '../src/runtime.ts'

interface Out {
  write(chunk: unknown): boolean
  end(chunk?: unknown): void
  once(event: string, listener: () => void): void
  destroy(error?: Error): void
  readonly writableFinished: boolean
  readonly writableNeedDrain: boolean
}
type StreamingHandler = (event: unknown, out: Out, context: unknown) => unknown

beforeAll(() => installStreaming())
afterEach(() => vi.useRealTimers())

const aws = () =>
  (globalThis as unknown as { awslambda: Record<string, unknown> }).awslambda as {
    streamifyResponse(handler: StreamingHandler, options?: { highWaterMark: number }): LambdaHandler
    HttpResponseStream: { from(stream: Out, prelude: unknown): Out }
  }
const streaming = (handler: StreamingHandler, options?: { highWaterMark: number }) =>
  aws().streamifyResponse(handler, options)
const run = (handler: LambdaHandler, options = {}, context = lambdaContext()) =>
  runHandler(handler, {}, context, options)
const forever = () => new Promise<never>(() => {})

async function stream(handler: StreamingHandler, options = {}, context = lambdaContext()) {
  const { outcome, finished } = await run(streaming(handler), options, context)
  expect(outcome.kind).toBe('stream')
  return { ...(outcome as StreamOutcome), finished }
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<string[]> {
  const parts: string[] = []
  for await (const chunk of chunks) parts.push(Buffer.from(chunk).toString())
  return parts
}

describe('context', () => {
  it('counts down on a clock that tests move', () => {
    const clock = createClock(1000)
    const context = lambdaContext({ clock, remainingMs: 500 })
    expect(context.getRemainingTimeInMillis()).toBe(500)
    clock.advance(200)
    expect([clock.now(), context.getRemainingTimeInMillis()]).toEqual([1200, 300])
  })

  it('follows the time of day if the clock has no start', () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const context = lambdaContext({ remainingMs: 500 })
    vi.advanceTimersByTime(20)
    expect(context.getRemainingTimeInMillis()).toBe(480)
  })

  it('has fixed ids, and says what it was told', () => {
    expect(lambdaContext().awsRequestId).toBe(lambdaContext().awsRequestId)
    const context = lambdaContext({ functionName: 'orders', region: 'eu-west-1', tenantId: 't', requestId: 'r' })
    expect(context).toMatchObject({
      functionName: 'orders',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:orders',
      logGroupName: '/aws/lambda/orders',
      tenantId: 't',
      awsRequestId: 'r',
      memoryLimitInMB: '128',
    })
  })

  it('has nothing of the callback days', () => {
    for (const gone of ['done', 'fail', 'succeed', 'callbackWaitsForEmptyEventLoop']) {
      expect(lambdaContext()).not.toHaveProperty(gone)
    }
  })
})

describe('a handler', () => {
  it('that is none is a TypeError', async () => {
    await expect(run('index.handler' as unknown as LambdaHandler)).rejects.toThrow(
      new TypeError('A Lambda handler is a function, this is string'),
    )
  })

  it('gets a copy of the event, so it cannot change the caller’s', async () => {
    const event = { list: [1] }
    await runHandler(async (given: typeof event) => void given.list.push(2), event, lambdaContext())
    expect(event).toEqual({ list: [1] })
  })

  it('fails with Lambda’s own error where its result is larger than 6 MB', async () => {
    const { outcome } = await run(async () => ({ body: 'x'.repeat(6_291_556) }))
    expect(outcome).toMatchObject({ kind: 'error', error: { errorType: 'Function.ResponseSizeTooLarge' } })
    expect((await run(async () => 'x'.repeat(6_291_554))).outcome.kind).toBe('result')
  })

  it('with a mark that is not response streaming is refused', async () => {
    const handler = Object.assign(async () => {}, { [Symbol.for('aws.lambda.runtime.handler.streaming')]: 'request' })
    expect((await run(handler)).outcome).toMatchObject({ error: { errorType: 'Runtime.MalformedStreamingHandler' } })
  })

  it('that throws what cannot be read still comes to an error', async () => {
    const hostile = {
      toString() {
        throw new Error('no text')
      },
    }
    const { outcome } = await run(async () => Promise.reject(hostile))
    expect(outcome).toMatchObject({ kind: 'error', error: { errorType: 'handled', trace: [] } })
  })
})

describe('time', () => {
  it('ends a handler that never answers, at its deadline', async () => {
    const { outcome, finished } = await run(forever, {}, lambdaContext({ remainingMs: 30, requestId: 'r-1' }))
    expect(outcome).toEqual({
      kind: 'timeout',
      by: 'function',
      afterMs: 30,
      error: { errorType: 'Sandbox.Timedout', errorMessage: 'RequestId: r-1 Error: Task timed out after 0.03 seconds' },
    })
    expect(await finished).toMatchObject({ errorType: 'Sandbox.Timedout' })
  })

  it('ends it at once where the test moves the clock past the deadline, and not before', async () => {
    const clock = createClock(0)
    const running = run(forever, { clock }, lambdaContext({ clock, remainingMs: 60_000 }))
    clock.advance(59_999)
    expect(await Promise.race([running, wait(20, 'running')])).toBe('running')
    clock.advance(1)
    expect((await running).outcome).toMatchObject({ kind: 'timeout', by: 'function', afterMs: 60_000 })
  })

  it('counts the time of day too if the clock follows it', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
    const clock = createClock()
    const running = run(forever, { clock }, lambdaContext({ clock, remainingMs: 60_000 }))
    let settled = false
    running.then(() => (settled = true))
    clock.advance(59_980)
    await vi.advanceTimersByTimeAsync(19)
    expect(settled).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect((await running).outcome).toMatchObject({ kind: 'timeout', afterMs: 60_000 })
  })

  it('ends the gateway’s patience before that', async () => {
    const { outcome } = await run(forever, { gatewayTimeoutMs: 20 })
    expect(outcome).toMatchObject({ kind: 'timeout', by: 'gateway', afterMs: 20 })
  })

  it('leaves no timer behind', async () => {
    const clear = vi.spyOn(globalThis, 'clearTimeout')
    const set = vi.spyOn(globalThis, 'setTimeout')
    await run(async () => 1, { gatewayTimeoutMs: 1000 })
    expect(set).toHaveBeenCalledTimes(2)
    for (const { value } of set.mock.results) expect(clear).toHaveBeenCalledWith(value)
    vi.restoreAllMocks()
  })

  it('may be longer than a timer can be', async () => {
    const { outcome } = await run(() => wait(10, 'x'), {}, lambdaContext({ remainingMs: 2 ** 40 }))
    expect(outcome).toEqual({ kind: 'result', result: 'x' })
  })

  it('ends for the caller by a signal', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const running = run(forever, { signal: controller.signal })
    controller.abort(reason)
    await expect(running).rejects.toBe(reason)
    await expect(run(async () => 1, { signal: controller.signal })).rejects.toBe(reason)
    await expect(run(streaming(forever), { signal: AbortSignal.timeout(10) })).rejects.toThrow('timeout')
  })
})

describe('streaming', () => {
  it('is known by the mark that streamifyResponse leaves, on the same function', () => {
    const handler = async () => {}
    expect(isStreaming(handler)).toBe(false)
    expect(streaming(handler)).toBe(handler)
    expect(isStreaming(handler)).toBe(true)
  })

  it('leaves a global alone that is there, and adds what it lacks', () => {
    const scope = globalThis as unknown as { awslambda?: Record<string, unknown> }
    const before = scope.awslambda
    const own = () => {}
    scope.awslambda = { streamifyResponse: own }
    installStreaming()
    expect(scope.awslambda.streamifyResponse).toBe(own)
    expect(scope.awslambda.HttpResponseStream).toBeDefined()
    scope.awslambda = before
  })

  it('has no global where Lambda’s own switch turns it off', () => {
    const scope = globalThis as unknown as { awslambda?: unknown }
    const before = scope.awslambda
    delete scope.awslambda
    vi.stubEnv('AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA', '1')
    installStreaming()
    expect(scope.awslambda).toBeUndefined()
    vi.unstubAllEnvs()
    scope.awslambda = before
  })

  it('begins to answer when the metadata is there, before the function is done', async () => {
    const gate = Promise.withResolvers<void>()
    const { prelude, chunks, finished } = await stream(async (_event, out) => {
      const http = aws().HttpResponseStream.from(out, { statusCode: 200 })
      http.write('a')
      await gate.promise
      http.end('b')
    })
    expect(prelude).toBe('{"statusCode":200}')
    expect(await Promise.race([finished, wait(10, 'running')])).toBe('running')
    gate.resolve()
    expect(await read(chunks)).toEqual(['a', 'b'])
    expect(await finished).toBeUndefined()
  })

  it('finds no metadata where it is longer than 16 KB', async () => {
    const { prelude } = await stream(async (_event, out) => {
      const http = aws().HttpResponseStream.from(out, { headers: { a: 'x'.repeat(16_384) } })
      http.write('body')
      http.end()
    })
    expect(prelude).toBeUndefined()
  })

  it('holds the function back where the client is slow', async () => {
    const written: boolean[] = []
    let drained = 0
    const handler = streaming(
      async (_event, out) => {
        for (let count = 0; count < 3; count++) {
          const room = out.write('x'.repeat(10))
          written.push(room)
          if (!room) await new Promise<void>((resolve) => out.once('drain', resolve))
          drained++
        }
        out.end()
      },
      { highWaterMark: 10 },
    )
    const { outcome } = await run(handler)
    const { chunks } = outcome as StreamOutcome
    await wait(20)
    expect([written, drained]).toEqual([[false, false], 1])
    expect(await read(chunks)).toHaveLength(3)
    expect(written).toEqual([false, false, false])
  })

  it('reports each chunk with its time', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const seen: [string, number][] = []
    const onChunk = (chunk: Uint8Array, atMs: number) => seen.push([Buffer.from(chunk).toString(), atMs])
    const { chunks } = await stream(
      async (_event, out) => {
        out.write('a')
        while (seen.length === 0) await wait(1)
        vi.advanceTimersByTime(30)
        out.end('b')
      },
      { onChunk },
    )
    await read(chunks)
    expect(seen).toEqual([
      ['a', 0],
      ['b', 30],
    ])
  })

  it('goes on where the client went away', async () => {
    let finishedWriting = false
    const { chunks, finished } = await stream(async (_event, out) => {
      for (let count = 0; count < 10; count++) {
        if (!out.write('x'.repeat(50_000))) await new Promise<void>((resolve) => out.once('drain', resolve))
        await wait(1)
      }
      finishedWriting = true
      out.end()
    })
    for await (const _chunk of chunks) break
    expect(await finished).toBeUndefined()
    expect(finishedWriting).toBe(true)
  })

  it('is an error of the function where it fails before its first chunk', async () => {
    const { outcome, finished } = await run(streaming(async () => Promise.reject(new RangeError('early'))))
    expect(outcome).toMatchObject({ kind: 'error', error: { errorType: 'RangeError', errorMessage: 'early' } })
    expect(await finished).toMatchObject({ errorMessage: 'early' })
  })

  it('breaks off where it fails later, after what was written before', async () => {
    const parts: string[] = []
    const { chunks, finished } = await stream(async (_event, out) => {
      out.write('begun')
      throw new RangeError('late')
    })
    const reading = (async () => {
      for await (const chunk of chunks) parts.push(Buffer.from(chunk).toString())
    })()
    await expect(reading).rejects.toThrow('late')
    expect(parts).toEqual(['begun'])
    expect(await finished).toMatchObject({ errorType: 'RangeError', errorMessage: 'late' })
  })

  it('breaks off at the deadline', async () => {
    const context = lambdaContext({ remainingMs: 40 })
    const { chunks, finished } = await stream(
      async (_event, out) => {
        out.write('begun')
        await forever()
      },
      {},
      context,
    )
    await expect(read(chunks)).rejects.toThrow('Task timed out after 0.04 seconds')
    expect(await finished).toMatchObject({ errorType: 'Sandbox.Timedout' })
    const { outcome } = await run(streaming(forever), {}, lambdaContext({ remainingMs: 20 }))
    expect(outcome).toMatchObject({ kind: 'timeout', by: 'function' })
  })

  it('breaks off where the function destroys it', async () => {
    const { chunks } = await stream(async (_event, out) => {
      out.write('begun')
      await wait(5)
      out.destroy()
    })
    await expect(read(chunks)).rejects.toThrow('destroyed before its end')
  })

  it('must be ended', async () => {
    const { chunks, finished } = await stream(async (_event, out) => void out.write('open'), { unfinishedMs: 20 })
    await expect(read(chunks)).rejects.toThrow('Response stream is not finished.')
    expect(await finished).toMatchObject({ errorMessage: 'Response stream is not finished.' })
  })

  it('may be written and ended after the handler returned', async () => {
    const { chunks, finished } = await stream(
      async (_event, out) => {
        out.write('0')
        const timer = setInterval(() => out.write('1'), 10)
        setTimeout(() => {
          clearInterval(timer)
          out.end()
        }, 100)
      },
      { unfinishedMs: 40 },
    )
    expect((await read(chunks)).length).toBeGreaterThan(3)
    expect(await finished).toBeUndefined()
  })

  it('says what the runtime would log', async () => {
    const warnings: string[] = []
    const { finished } = await stream(
      async (_event, out) => {
        out.end('x')
        return 1
      },
      { onWarning: (sentence: string) => warnings.push(sentence) },
    )
    await finished
    expect(warnings).toEqual(['Streaming handlers ignore return values.'])
  })
})

describe('collect', () => {
  const collected = async (handler: StreamingHandler, options = {}, context = lambdaContext()) =>
    collect((await run(streaming(handler), options, context)).outcome)

  it('reads the payload as JSON where it is', async () => {
    expect(await collected(async (_event, out) => out.end('{"statusCode":200}'))).toEqual({
      kind: 'result',
      result: { statusCode: 200 },
    })
  })

  it('has metadata, delimiter and body where it is not', async () => {
    const outcome = await collected(async (_event, out) => {
      const http = aws().HttpResponseStream.from(out, {})
      http.write('x')
      http.end()
    })
    expect(outcome).toEqual({ kind: 'payload', payload: Buffer.from('{}\0\0\0\0\0\0\0\0x') })
  })

  it('has the error of a function that fails late', async () => {
    const late = async (_event: unknown, out: Out) => {
      out.write('x')
      throw new Error('late')
    }
    expect(await collected(late)).toMatchObject({ kind: 'error', error: { errorMessage: 'late' } })
    const hanging = async (_event: unknown, out: Out) => {
      out.write('x')
      await forever()
    }
    expect(await collected(hanging, {}, lambdaContext({ remainingMs: 20 }))).toMatchObject({ kind: 'timeout' })
  })

  it('leaves any other outcome as it is', async () => {
    expect(await collect({ kind: 'result', result: 1 })).toEqual({ kind: 'result', result: 1 })
  })
})
