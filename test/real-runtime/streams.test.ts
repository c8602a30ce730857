import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { DEADLINE_MS, event, functions, header, result, streamed, useFunctions } from './harness.ts'

const lambda = useFunctions()
const runtimes = lambda.startAll('streamHandler')

describe.each(functions)('%s streams', (name) => {
  const runtime = () => runtimes.get(name)!
  const invoke = (path: string, body?: unknown) => runtime().invoke(event(path, body))

  it('the first chunk before the second exists', async () => {
    const { message, kind } = await runtime().begin(event('/gated'))
    expect(kind).toBe('response')
    let received = ''
    for await (const chunk of message) {
      received += chunk
      if (received.endsWith('one ')) lambda.gates.open('gated')
    }
    const [prelude, body] = received.split('\0'.repeat(8))
    expect(JSON.parse(prelude!)).toMatchObject({ statusCode: 203, headers: { 'x-a': '1' } })
    expect(body).toBe('one two')
  })

  it('status, headers and cookies of answers without a body', async () => {
    const nothing = streamed(await invoke('/nothing'))
    expect([nothing.statusCode, header(nothing, 'x-a'), nothing.body]).toEqual([204, '1', ''])
    const redirect = streamed(await invoke('/cookies'))
    expect([redirect.statusCode, header(redirect, 'location'), redirect.cookies]).toEqual([
      302,
      '/json',
      ['a=1; Path=/', 'b=2; Path=/'],
    ])
  })

  it('an error before the first byte as an answer', async () => {
    const report = await invoke('/throws')
    expect([streamed(report).statusCode, report.error]).toEqual([500, undefined])
  })

  it('an error after it as a stream that failed, and logs it', async () => {
    lambda.gates.open('late')
    const report = await invoke('/late')
    expect(streamed(report)).toMatchObject({ statusCode: 200, body: 'begun' })
    expect(report.error?.errorMessage).toBe('failed late')
    await vi.waitFor(() => expect(runtime().log()).toContain('Error: failed late'))
  })

  it('no faster than it is read', async () => {
    const reporting = await runtime().begin(event('/large'))
    // What is on its way fills the connection's buffers, which 20 MB do not fit into.
    await pause(150)
    expect(lambda.noted()).toEqual([])
    expect(streamed(await reporting.report()).body).toHaveLength(320 * 65_536)
    expect(lambda.noted()).toEqual(['produced'])
  })

  it('until its reader goes, tells the application, and goes on', async () => {
    const { message } = await runtime().begin(event('/endless'))
    const { socket } = message
    let text = ''
    await new Promise<void>((resolve) => message.on('data', (chunk) => (text += chunk).endsWith('begun') && resolve()))
    socket.destroy()
    await vi.waitFor(() => expect(lambda.noted()).toEqual(['closed']))
    expect(streamed(await invoke('/json')).statusCode).toBe(200)
  })

  it('the whole answer to a gateway that cannot stream', async () => {
    const other = {
      ...event('/json'),
      requestContext: { ...event('/json').requestContext, domainName: 'api.example' },
    }
    const report = await runtime().invoke(other)
    expect(report.contentType).toBe('application/json')
    expect(result(report)).toMatchObject({ statusCode: 200, body: '{"hello":"world"}' })
  })
})

describe('a stream of each function, all at the same time', () => {
  const reports = (path: string) =>
    Promise.all(functions.map(async (name) => runtimes.get(name)!.invoke(event(path), DEADLINE_MS)))

  it('ends as failed at the deadline', async () => {
    for (const report of await reports('/endless')) {
      expect(streamed(report)).toMatchObject({ statusCode: 200, body: 'begun' })
      expect(report.error?.errorMessage).toMatch(/deadline/)
    }
    await vi.waitFor(() => expect(lambda.noted()).toEqual(functions.map(() => 'closed')))
  })

  it('is a 503 before the time-out if no handler answers', async () => {
    for (const report of await reports('/silent'))
      expect([streamed(report).statusCode, report.error]).toEqual([503, undefined])
  })
})

it('streams without the global awslambda', async () => {
  const runtime = await lambda.start('core.streamHandler', { AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA: '1' })
  const bare = await runtime.invoke(event('/cookies'))
  await runtime.stop()
  const usual = await lambda.start('core.streamHandler')
  const withGlobal = await usual.invoke(event('/cookies'))
  await usual.stop()
  expect(streamed(bare).cookies).toEqual(['a=1; Path=/', 'b=2; Path=/'])
  expect(bare.body).toEqual(withGlobal.body)
})
