import { describe, expect, it, vi } from 'vitest'
import { DEADLINE_MS, event, functions, header, result, useFunctions } from './harness.ts'

const lambda = useFunctions()
const runtimes = lambda.startAll('handler')
const invokeOn = async (name: string, path: string, body?: unknown, remainingMs?: number) =>
  result(await runtimes.get(name)!.invoke(event(path, body), remainingMs))

describe.each(functions)('%s answers whole', (name) => {
  const invoke = (path: string, body?: unknown) => invokeOn(name, path, body)

  it('JSON, with the query', async () => {
    const answer = await invoke('/json?name=ada')
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([200, { hello: 'ada' }])
    expect(header(answer, 'content-type')).toMatch(/^application\/json/)
  })

  it('a body', async () => {
    const answer = await invoke('/echo', { text: 'grüß' })
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([201, { text: 'grüß' }])
  })

  it('bytes', async () => {
    expect(await invoke('/bytes')).toMatchObject({ statusCode: 200, isBase64Encoded: true, body: 'AAH+/w==' })
  })

  it('cookies and a redirect', async () => {
    const answer = await invoke('/cookies')
    expect([answer.statusCode, header(answer, 'location'), answer.cookies]).toEqual([
      302,
      '/json',
      ['a=1; Path=/', 'b=2; Path=/'],
    ])
  })

  it('nothing', async () => {
    const answer = await invoke('/nothing')
    expect([answer.statusCode, header(answer, 'x-a'), answer.body ?? '']).toEqual([204, '1', ''])
  })

  it('what was written in chunks', async () => {
    lambda.gates.open('gated')
    const answer = await invoke('/gated')
    expect([answer.statusCode, header(answer, 'x-a'), answer.body]).toEqual([203, '1', 'one two'])
  })

  it('a throw as 500, and logs it', async () => {
    expect((await invoke('/throws')).statusCode).toBe(500)
    await vi.waitFor(() => expect(runtimes.get(name)!.log()).toContain('Error: thrown'))
  })
})

// All of them wait at the same time.
it('a function whose handler never answers gives a 503 before the time-out, and goes on', async () => {
  const statuses = functions.map(async (name) => {
    const { statusCode } = await invokeOn(name, '/silent', undefined, DEADLINE_MS)
    return [name, statusCode, (await invokeOn(name, '/json')).statusCode]
  })
  expect(await Promise.all(statuses)).toEqual(functions.map((name) => [name, 503, 200]))
})
