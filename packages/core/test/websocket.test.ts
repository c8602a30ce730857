// A file of its own: the warning is given once in a process for each source.
import type { GatewayName } from '@expressway/testing/gateway'
import { invoke } from '@expressway/testing/invoke'
import { beforeEach, describe, expect, it, vi } from 'vitest'

beforeEach(() => {
  vi.resetModules()
})

const handshake: [string, string][] = [
  ['connection', 'Upgrade'],
  ['upgrade', 'WebSocket'],
  ['sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ['sec-websocket-version', '13'],
]

/** The warnings of requests that ask for a WebSocket. */
async function warnings(handler: unknown, gateway: GatewayName, headers = handshake, path = '/chat', options = {}) {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  try {
    for (let i = 0; i < 2; i++) {
      const request = { method: 'GET', path: `${path}${i}`, query: '', headers }
      await invoke(handler as never, request, { gateway, gatewayOptions: options })
    }
    return warn.mock.calls.flat()
  } finally {
    warn.mockRestore()
  }
}

const explained = (source: string) => [
  expect.stringMatching(new RegExp(`404.*${source} cannot upgrade a connection.*WebSocket API.*onOtherEvent`)),
]

describe('a request for a WebSocket that ends as 404 is explained once', () => {
  const fresh = async () =>
    (await import('../src/index.ts'))
      .createApp()
      .get('/found0', () => 'x')
      .get('/found1', () => 'x')

  it.each(['http-api', 'function-url', 'rest-api', 'alb', 'vpc-lattice'] as GatewayName[])('%s', async (gateway) => {
    expect(await warnings((await fresh()).handler, gateway)).toEqual(explained(gateway))
  })

  it('on a stream', async () => {
    const { streamHandler } = await fresh()
    expect(
      await warnings(streamHandler, 'function-url', handshake, '/chat', { invokeMode: 'RESPONSE_STREAM' }),
    ).toEqual(explained('function-url'))
  })

  it('with the field Upgrade alone, as in a hand-written event', async () => {
    const { handler } = await fresh()
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    await handler({
      version: '2.0',
      rawPath: '/',
      headers: { upgrade: 'websocket' },
      requestContext: { http: { method: 'GET' } },
    })
    expect(warn.mock.calls.flat()).toEqual(explained('http-api'))
    warn.mockRestore()
  })

  it('but not if a route answers, or the client asked for something else', async () => {
    const { handler } = await fresh()
    expect(await warnings(handler, 'http-api', handshake, '/found')).toEqual([])
    expect(await warnings(handler, 'http-api', [['upgrade', 'h2c']])).toEqual([])
    expect(await warnings(handler, 'http-api', [])).toEqual([])
  })
})
