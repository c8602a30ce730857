import { afterEach, expect, it, vi } from 'vitest'
import { RuntimeApi } from './runtime-api.ts'

let api: RuntimeApi
afterEach(() => {
  vi.useRealTimers()
  api.close()
})

async function start(): Promise<string> {
  api = new RuntimeApi()
  return `http://${await api.listen()}/2018-06-01/runtime`
}

it('hands out an event when the runtime asks, and gives back its response', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000 })
  const base = await start()
  const result = api.invoke('{"path":"/"}')
  const next = await fetch(`${base}/invocation/next`)
  expect(await next.text()).toBe('{"path":"/"}')
  const id = next.headers.get('lambda-runtime-aws-request-id')
  expect(next.headers.get('lambda-runtime-deadline-ms')).toBe('31000')
  const posted = await fetch(`${base}/invocation/${id}/response`, { method: 'POST', body: '{"statusCode":200}' })
  expect(posted.status).toBe(202)
  expect(await result).toBe('{"statusCode":200}')
})

it('holds a runtime that asks first until there is work', async () => {
  const base = await start()
  const next = fetch(`${base}/invocation/next`).then((response) => response.text())
  await new Promise((resolve) => setTimeout(resolve, 20))
  const result = api.invoke('1')
  expect(await next).toBe('1')
  api.abandon(new Error('gone'))
  await expect(result).rejects.toThrow('gone')
})

it("fails with the function's error, and with that of a failed init", async () => {
  const base = await start()
  const failing = expect(api.invoke('1')).rejects.toThrow('The function fails: {"errorMessage":"broken"}')
  const id = (await fetch(`${base}/invocation/next`)).headers.get('lambda-runtime-aws-request-id')
  await fetch(`${base}/invocation/${id}/error`, { method: 'POST', body: '{"errorMessage":"broken"}' })
  await failing
  const waiting = expect(api.invoke('2')).rejects.toThrow('The runtime reports {"errorMessage":"no handler"}')
  await fetch(`${base}/init/error`, { method: 'POST', body: '{"errorMessage":"no handler"}' })
  await waiting
})
