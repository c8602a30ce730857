import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createLocalServer } from '@expressway/cli/server'
import request from '@expressway/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { app, handler } from './app.ts'
import { complete } from './model.ts'

vi.mock(import('./model.ts'), async (original) => ({ complete: vi.fn((await original()).complete) }))
beforeEach(() => vi.mocked(complete).mockClear())
afterEach(() => vi.restoreAllMocks())

const chat = (body: object) => request(handler, { gateway: 'function-url' }).post('/chat').send(body)

const post = (url: string, signal?: AbortSignal) =>
  fetch(`${url}/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"prompt":"hi"}',
    signal: signal ?? null,
  })

/** The data of each event. */
const dataOf = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n\n')
    .map((event) => event.replace(/^.*data: /s, ''))
const tokensOf = (text: string): string =>
  dataOf(text)
    .slice(0, -1)
    .map((data) => JSON.parse(data).token)
    .join('')

it('sends the tokens in order, and says when it is done', async () => {
  const response = await chat({ prompt: 'good morning' })
    .stream()
    .expect(200)
    .expect('content-type', /^text\/event-stream/)
  expect(dataOf(response.text).at(-1)).toBe('[DONE]')
  expect(tokensOf(response.text)).toBe('You said: good morning')
})

describe.each(['function-url', 'rest-api'] as const)('a page behind a streaming %s', (gateway) => {
  it('reads the first token before the model has the second', async () => {
    const firstIsRead = Promise.withResolvers<void>()
    vi.mocked(complete).mockImplementationOnce(async function* () {
      yield 'one'
      await firstIsRead.promise
      yield ' two'
    })
    await using server = await createLocalServer(handler, { gateway })
    const response = await post(server.url)
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      if (text.includes('one')) firstIsRead.resolve()
    }
    expect(tokensOf(text)).toBe('one two')
  })
})

it('stops the model when the reader leaves, on a server', async () => {
  const stopped = Promise.withResolvers<void>()
  vi.mocked(complete).mockImplementationOnce(async function* (_, signal) {
    signal.addEventListener('abort', () => stopped.resolve())
    yield 'one'
    await stopped.promise
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const page = new AbortController()
  const response = await post(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, page.signal)
  await response.body!.getReader().read()
  page.abort()
  await stopped.promise
  await once(server.close(), 'close')
})

it('says in the stream that the model failed', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  vi.mocked(complete).mockImplementationOnce(async function* () {
    yield 'one'
    throw new Error('overloaded')
  })
  const { text } = await chat({ prompt: 'hi' }).stream().expect(200)
  expect(text).toMatch(/^data: \{"token":"one"\}\n\nevent: error\ndata: /)
  expect(text).not.toContain('DONE')
  expect(String(log.mock.calls[0])).toContain('overloaded')
})

it('answers the same whole where the gateway cannot stream', async () => {
  const all = await request(app).post('/chat').send({ prompt: 'good morning' }).viaAll().expect(200)
  expect(tokensOf(all.text)).toBe('You said: good morning')
})

it.each([{}, { prompt: 7 }])('refuses %j before it calls the model', async (body) => {
  await chat(body).stream().expect(400, { error: 'The body needs a prompt' })
  expect(complete).not.toHaveBeenCalled()
})
