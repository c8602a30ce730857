import { describe, expect, it } from 'vitest'
import { createClock } from '../src/context.ts'
import { toWireRequest } from '../src/events.ts'
import { gatewayNames } from '../src/gateway.ts'
import { invoke } from '../src/invoke.ts'

const request = toWireRequest({ method: 'POST', path: '/a', query: 'b=1', body: { c: 2 } })
const text = (body: Uint8Array) => Buffer.from(body).toString()

describe('invoke', () => {
  it.each(gatewayNames)('goes through %s to the handler and back', async (name) => {
    const key = name === 'alb-multi-value' ? 'multiValueHeaders' : 'headers'
    const headers = name === 'alb-multi-value' ? { 'x-a': ['1'] } : { 'x-a': '1' }
    const handler = async (event: { body: string }) => ({ statusCode: 201, [key]: headers, body: event.body })
    const invoked = await invoke(handler, request, { gateway: name })
    expect(invoked.response).toMatchObject({ status: 201, statusText: 'Created', warnings: [] })
    expect(text(invoked.response.body)).toBe('{"c":2}')
    expect(invoked.response.headers).toContainEqual(['x-a', '1'])
    expect(invoked).toMatchObject({ gateway: name, request, result: { statusCode: 201 } })
    expect(invoked.event).toMatchObject({ body: '{"c":2}' })
    expect(invoked.durationMs).toBeGreaterThan(0)
  })

  it('speaks payload 2.0 unless told otherwise', async () => {
    expect((await invoke(async () => 1, request)).event).toMatchObject({ version: '2.0' })
  })

  it('hands on the context', async () => {
    const { context, result } = await invoke(async (_event, context) => context.tenantId, request, {
      context: { tenantId: 't', functionName: 'f' },
    })
    expect(result).toBe('t')
    expect(context.functionName).toBe('f')
  })

  it('lets the event be changed last, in place or by another', async () => {
    const seen: unknown[] = []
    const handler = async (event: unknown) => void seen.push(event)
    await invoke(handler, request, { event: () => ({ mine: true }) })
    const changed = await invoke(handler, request, {
      event: (event) => {
        event.added = 1
      },
    })
    expect(seen[0]).toEqual({ mine: true })
    expect(seen[1]).toMatchObject({ version: '2.0', added: 1 })
    expect(changed.event).toMatchObject({ added: 1 })
  })

  it('takes an event as it stands, and leaves the request’s own limits out', async () => {
    const options = { gateway: 'rest-api' as const, gatewayOptions: { resource: '/other' }, rawEvent: { raw: 1 } }
    const { event, response } = await invoke(
      async (given) => ({ statusCode: 200, body: JSON.stringify(given) }),
      request,
      options,
    )
    expect(event).toEqual({ raw: 1 })
    expect(text(response.body)).toBe('{"raw":1}')
  })

  it('does not call the handler where the gateway answers by itself', async () => {
    let calls = 0
    const invoked = await invoke(async () => void calls++, toWireRequest({ method: 'OPTIONS' }), {
      gatewayOptions: { cors: true },
    })
    expect([calls, invoked.response.status, invoked.event, invoked.result]).toEqual([0, 204, undefined, undefined])
    expect(await invoked.finished).toBeUndefined()
  })

  it('has the error of a function that failed, and what the client receives', async () => {
    const { error, response, result } = await invoke(async () => Promise.reject(new TypeError('broken')), request, {
      gateway: 'rest-api',
    })
    expect(error).toMatchObject({ errorType: 'TypeError', errorMessage: 'broken' })
    expect(result).toBeUndefined()
    expect(response).toMatchObject({ status: 502, warnings: ['The function failed with TypeError: broken'] })
  })

  it('ends with the time of a handler that never answers', async () => {
    const clock = createClock(0)
    const running = invoke(() => new Promise(() => {}), request, { context: { clock, remainingMs: 3000 } })
    clock.advance(3000)
    const { error, response } = await running
    expect(error?.errorMessage).toContain('Task timed out after 3.00 seconds')
    expect(response.warnings).toEqual([expect.stringContaining('did not answer within its 3000 ms')])
  })

  it('ends by the gateway’s own limit', async () => {
    const options = { gateway: 'rest-api' as const, gatewayOptions: { timeoutMs: 20 } }
    const { response } = await invoke(() => new Promise(() => {}), request, options)
    expect(response.status).toBe(504)
  })

  it('is an error for a gateway that it does not know', async () => {
    await expect(invoke(async () => 1, request, { gateway: 'rest' as 'rest-api' })).rejects.toThrow(TypeError)
  })
})

describe('invoke a streaming handler', () => {
  interface Aws {
    streamifyResponse(
      handler: (event: unknown, out: { end(text?: string): void; write(text: string): void }) => Promise<unknown>,
    ): () => unknown
    HttpResponseStream: { from<T>(out: T, prelude: unknown): T }
  }
  const streaming = async () => {
    await invoke(async () => 1, request)
    const aws = (globalThis as unknown as { awslambda: Aws }).awslambda
    return aws.streamifyResponse(async (_event, out) => {
      const http = aws.HttpResponseStream.from(out, { statusCode: 202, headers: { 'content-type': 'text/plain' } })
      http.write('one ')
      http.write('two')
      http.end()
    })
  }

  it.each([
    ['function-url', { invokeMode: 'RESPONSE_STREAM' }],
    ['rest-api', { responseTransferMode: 'STREAM' }],
  ] as const)('streams through %s with %j', async (gateway, gatewayOptions) => {
    const chunks: string[] = []
    const onChunk = (chunk: Uint8Array) => chunks.push(text(chunk))
    const { response, prelude, finished } = await invoke(await streaming(), request, {
      gateway,
      gatewayOptions,
      onChunk,
    })
    expect(response).toMatchObject({ status: 202, body: new Uint8Array(), warnings: [] })
    expect(prelude).toEqual({ statusCode: 202, headers: { 'content-type': 'text/plain' } })
    const read: string[] = []
    for await (const chunk of response.stream!) read.push(text(chunk))
    expect(read.join('')).toBe('one two')
    expect(chunks).toEqual(read)
    expect(await finished).toBeUndefined()
  })

  it.each(gatewayNames)('through %s without streaming is refused, and says why', async (gateway) => {
    const { response } = await invoke(await streaming(), request, { gateway })
    expect(response.status).toBe(gateway.startsWith('http-api') ? 500 : 502)
    expect(response.stream).toBeUndefined()
    expect(response.warnings).toEqual([expect.stringContaining('turn streaming on')])
  })

  it('adds what the runtime would log to the warnings, also later', async () => {
    await streaming()
    const aws = (globalThis as unknown as { awslambda: Aws }).awslambda
    const handler = aws.streamifyResponse(async (_event, out) => {
      out.write('x')
      await new Promise((resolve) => setTimeout(resolve, 10))
      out.end()
      return 'ignored'
    })
    const { response, finished } = await invoke(handler, request, {
      gateway: 'function-url',
      gatewayOptions: { invokeMode: 'RESPONSE_STREAM' },
    })
    for await (const _chunk of response.stream!);
    await finished
    expect(response.warnings).toEqual(['Streaming handlers ignore return values.'])
  })
})
