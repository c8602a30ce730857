import { PassThrough } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { lambdaContext } from '@expressway/testing/context'
import { functionUrlEvent } from '@expressway/testing/events'
import { invoke } from '@expressway/testing/invoke'
import { installStreaming } from '@expressway/testing/runtime'
import { describe, expect, it, vi } from 'vitest'
import { createApp, type Request } from '../src/index.ts'

const event = functionUrlEvent({ path: '/' })
const pieces = (text: string) => text.split('\0'.repeat(8))

/** A runtime's stream whose other end the test holds. */
function runtimeStream() {
  const stream = new PassThrough()
  const written: string[] = []
  stream.on('data', (chunk) => written.push(String(chunk)))
  return { stream, text: () => written.join('') }
}

describe("the client's going", () => {
  it('before the first byte aborts req.signal, sends nothing and ends the source that comes too late', async () => {
    const app = createApp()
    const finally_ = vi.fn()
    let reason: unknown
    app.get('/', async (req) => {
      await new Promise((resolve) => req.signal.addEventListener('abort', resolve))
      reason = req.signal.reason
      return (async function* () {
        try {
          yield 'one'
          yield 'two'
        } finally {
          finally_()
        }
      })()
    })
    const { stream, text } = runtimeStream()
    const running = app.streamHandler(event, stream, lambdaContext())
    await turn()
    stream.destroy()
    await running
    await turn()
    expect(String(reason)).toBe('Error: The client has gone')
    expect(text()).toBe('')
    expect(finally_).toHaveBeenCalledOnce()
  })

  it('is not what happens when a stream closes after its end', async () => {
    const app = createApp()
    let request: Request | undefined
    app.get('/', async function* (req) {
      request = req
      req.signal.throwIfAborted()
      yield 'whole'
    })
    const { stream, text } = runtimeStream()
    const closed = new Promise((resolve) => stream.once('close', resolve))
    await app.streamHandler(event, stream, lambdaContext())
    await closed
    expect(pieces(text())[1]).toBe('whole')
    expect(request!.signal.aborted).toBe(false)
  })
})

describe('a handler for the other mode', () => {
  it('that answers whole says so where it is wrapped to stream', async () => {
    const app = createApp()
    app.get('/', () => 'x')
    installStreaming()
    const { awslambda } = globalThis as unknown as {
      awslambda: { streamifyResponse(handler: object): (...args: unknown[]) => Promise<unknown> }
    }
    const { handler } = app
    const wrapped = awslambda.streamifyResponse(handler)
    const { response, error } = await invoke(wrapped, { method: 'GET', path: '/', query: '', headers: [] })
    expect(response.status).toBe(500)
    expect(error).toMatchObject({ errorType: 'TypeError' })
    expect(error?.errorMessage).toContain('export app.streamHandler')
  })

  it.each([
    ['a function URL', 'function-url', { invokeMode: 'BUFFERED' }],
    ['a REST API', 'rest-api', {}],
  ] as const)('that streams is noticed by the tests of %s that does not', async (_name, gateway, gatewayOptions) => {
    const app = createApp()
    app.get('/', () => 'x')
    const request = { method: 'GET', path: '/', query: '', headers: [] as [string, string][] }
    const { response } = await invoke(app.streamHandler, request, { gateway, gatewayOptions })
    expect(response.status).toBe(502)
    expect(response.warnings.join()).toMatch(/stream/i)
  })

  it('that answers whole is noticed by the tests of a URL that streams', async () => {
    const app = createApp()
    app.get('/', () => 'x')
    const request = { method: 'GET', path: '/', query: '', headers: [] as [string, string][] }
    const gatewayOptions = { invokeMode: 'RESPONSE_STREAM' } as const
    const { response } = await invoke(app.handler, request, { gateway: 'function-url', gatewayOptions })
    expect(response.warnings.join()).toContain('RESPONSE_STREAM')
  })
})
