// A mock context often has a clock that says nothing: then there is no deadline, on every way in.
import { text } from 'node:stream/consumers'
import { createApp } from '@expressway/core'
import { httpApiEvent, toWireRequest } from '@expressway/testing/events'
import { invoke } from '@expressway/testing/invoke'
import { beforeEach, describe, expect, test } from 'vitest'
import { allowLog } from '../../../test/expect-log.ts'
import express from '../src/index.ts'
import { toLambdaHandler, toStreamingLambdaHandler } from '../src/listener.ts'

// Warned of once in a process, see packages/core/test/stream-warning.test.ts.
beforeEach(() => allowLog(/a streamed body was collected/))

const later = () => new Promise((resolve) => setTimeout(resolve, 20))

const app = createApp().get('/', async function* (req) {
  const { signal } = req
  yield 'one '
  await later()
  yield signal.aborted ? 'aborted' : 'two'
})

const shim = express()
shim.get('/', async (_req, res) => {
  res.write('one ')
  await later()
  res.end('two')
})

const listener = async (_req: unknown, res: { write(chunk: string): unknown; end(chunk: string): unknown }) => {
  res.write('one ')
  await later()
  res.end('two')
}

const buffered = { core: app.handler, shim: shim.handler, listener: toLambdaHandler(listener) }
const streamed = { core: app.streamHandler, shim: shim.streamHandler, listener: toStreamingLambdaHandler(listener) }

const clocks: [string, unknown][] = [
  ['zero', 0],
  ['a negative number', -5],
  ['no number', Number.NaN],
  ['nothing', undefined],
  ['text', '1000'],
  ['2 ** 31 ms, beyond what a timer can wait for', 2 ** 31],
  ['more than that', 2 ** 31 + 1000],
  ['infinity', Number.POSITIVE_INFINITY],
]

describe.each(clocks)('a context whose remaining time is %s has no deadline', (_name, remaining) => {
  const context = { getRemainingTimeInMillis: () => remaining } as never

  test.each(Object.entries(buffered))('%s, whole', async (_way, handler) => {
    expect(await handler(httpApiEvent(), context)).toMatchObject({ statusCode: 200, body: 'one two' })
  })

  test.each(Object.entries(streamed))('%s, streamed', async (_way, handler) => {
    const wrapped = Object.assign(
      (event: unknown, stream: never) => handler(event, stream, context),
      // The mark of a streaming handler.
      Object.fromEntries(Object.getOwnPropertySymbols(handler).map((mark) => [mark, Reflect.get(handler, mark)])),
    )
    const { response } = await invoke(wrapped, toWireRequest({ path: '/' }), {
      gateway: 'function-url',
      gatewayOptions: { invokeMode: 'RESPONSE_STREAM' },
    })
    expect([response.status, await text(response.stream!)]).toEqual([200, 'one two'])
  })
})
