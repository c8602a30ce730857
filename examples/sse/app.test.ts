import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createLocalServer } from '@expressway/cli/server'
import { toNodeListener } from '@expressway/express-shim/server'
import request from '@expressway/testing'
import { EventSource } from 'eventsource'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { app, handler, prices } from './app.ts'

beforeEach(() => void prices.splice(2))
afterEach(() => void vi.unstubAllEnvs().restoreAllMocks())

const event = (id: number) => `event: price\nid: ${id}\ndata: {"price":${100 + id}}\n\n`
const soon = { remainingMs: 300 }
const patience = 20_000

it('ends its work when the browser leaves, on a server', async () => {
  const read = vi.spyOn(prices, 'filter')
  const server = createServer(toNodeListener(app.handle)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const source = new EventSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}/prices`)
  await once(source as never, 'price')
  source.close()
  await once(server.close(), 'close')
  await pause(50) // a round that had begun
  const rounds = read.mock.calls.length
  await pause(100)
  expect(read).toHaveBeenCalledTimes(rounds)
})

describe.each(['function-url', 'rest-api'] as const)('an EventSource behind a streaming %s', (gateway) => {
  /** The ids that a page gets, and a line of the server's log for each connection that has ended. */
  async function watch(context?: { remainingMs: number }) {
    const log: string[] = []
    const server = await createLocalServer(handler, { gateway, context, log: (line) => log.push(line) })
    const source = new EventSource(`${server.url}/prices`)
    const ids: number[] = []
    source.addEventListener('price', ({ lastEventId }) => ids.push(Number(lastEventId)))
    return {
      log,
      ids,
      async [Symbol.asyncDispose]() {
        source.close()
        await server.close()
      },
    }
  }

  it('gets events as they happen', async () => {
    await using page = await watch()
    await vi.waitFor(() => expect(page.ids).toEqual([1, 2]), patience)
    prices.push({ id: 3, price: 103 })
    await vi.waitFor(() => expect(page.ids).toEqual([1, 2, 3]), patience)
    expect(page.log).toEqual([])
  })

  it('connects again at the time-out of the function, and misses and repeats nothing', async () => {
    await using page = await watch(soon)
    await vi.waitFor(() => expect(page.log).toHaveLength(1), patience)
    prices.push({ id: 3, price: 103 })
    await vi.waitFor(() => expect(page.ids).toEqual([1, 2, 3]), patience)
    expect(page.log[0]).toMatch(/^GET \/prices 200 .* streamed$/)
  })
})

const get = () => request(handler).get('/prices').context(soon)

it('sends what an EventSource reads', async () => {
  const response = await get()
    .stream()
    .expect(200)
    .expect('content-type', /^text\/event-stream/)
    .expect('cache-control', /no-cache/)
  expect(response.text).toBe(`retry: 100\n\n${event(1)}${event(2)}`)
})

it('goes on behind the event that the browser saw last', async () => {
  const response = await get().stream().set('last-event-id', '1')
  expect(response.text).toBe(`retry: 100\n\n${event(2)}`)
})

it('keeps a silent connection open', async () => {
  vi.stubEnv('HEARTBEAT_MS', '20')
  const response = await get().stream()
  expect(response.text.split(event(2))[1]).toMatch(/^(:\n\n){2,}$/)
})

it('answers whole behind a gateway that cannot stream: everything at the time-out, and a warning', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const response = await request(app).get('/prices').via('http-api').context(soon).expect(200)
  expect(response.text).toBe(`retry: 100\n\n${event(1)}${event(2)}`)
  expect(warn.mock.calls.flat().join()).toContain('http-api cannot stream')
})
