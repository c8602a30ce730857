import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { lambdaContext } from '../../packages/testing/src/context.ts'
import { functionUrlEvent } from '../../packages/testing/src/events.ts'
import { type LambdaHandler, runHandler } from '../../packages/testing/src/runtime.ts'
import { createFunctionFolder } from './function-folder.ts'
import { type Gates, startGates } from './gates.ts'
import { type Report, type Runtime, startRuntime } from './runtime-api.ts'

// The built packages under AWS's own runtime interface client: what an application on Lambda gets.

interface Answer {
  statusCode: number
  headers: Record<string, string>
  cookies?: string[]
  body: string
  isBase64Encoded?: boolean
}

const kinds = ['core', 'shim', 'express']
const modules = ['', '-commonjs']
const event = (path: string, body?: unknown) =>
  functionUrlEvent({
    path,
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })

const result = ({ kind, body }: Report): Answer => {
  expect(kind).toBe('response')
  return JSON.parse(body.toString())
}

/** What stands before and after the eight NUL bytes. */
function streamed({ kind, contentType, body }: Report): Answer {
  expect([kind, contentType]).toEqual(['response', 'application/vnd.awslambda.http-integration-response'])
  const end = body.indexOf(Buffer.alloc(8))
  expect(end).toBeGreaterThan(0)
  return { ...JSON.parse(body.toString('utf8', 0, end)), body: body.toString('utf8', end + 8) }
}

const header = ({ headers }: Answer, name: string): string | undefined =>
  Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]

describe("under AWS's runtime interface client", { timeout: 15_000 }, () => {
  let folder: string
  let gates: Gates
  const notes = join(mkdtempSync(join(tmpdir(), 'expressway-notes-')), 'notes')
  const noted = () => readFileSync(notes, 'utf8').split('\n').filter(Boolean)

  beforeAll(async () => {
    folder = createFunctionFolder()
    gates = await startGates()
    // For the same functions in this process.
    Object.assign(process.env, { GATES: gates.url, NOTES: notes })
  })
  afterAll(() => {
    gates.stop()
    rmSync(folder, { recursive: true })
    rmSync(join(notes, '..'), { recursive: true })
  })
  beforeEach(() => {
    writeFileSync(notes, '')
    gates.reset()
  })

  const start = (handler: string, env: Record<string, string> = {}) =>
    startRuntime(folder, handler, { GATES: gates.url, NOTES: notes, ...env })

  const cases = kinds.flatMap((kind) => modules.map((module) => kind + module))

  describe.each(cases)('%s answers whole', (name) => {
    let runtime: Runtime
    beforeAll(async () => {
      runtime = await start(`${name}.handler`)
    })
    afterAll(() => runtime.stop())
    const invoke = async (path: string, body?: unknown, remainingMs?: number) =>
      result(await runtime.invoke(event(path, body), remainingMs))

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
      gates.open('gated')
      const answer = await invoke('/gated')
      expect([answer.statusCode, header(answer, 'x-a'), answer.body]).toEqual([203, '1', 'one two'])
    })

    it('a throw as 500, and logs it', async () => {
      expect((await invoke('/throws')).statusCode).toBe(500)
      await vi.waitFor(() => expect(runtime.log()).toContain('Error: thrown'))
    })

    it('503 before the time-out where no handler answers, and goes on', async () => {
      expect((await invoke('/silent', undefined, 1000)).statusCode).toBe(503)
      expect((await invoke('/json')).statusCode).toBe(200)
    })
  })

  describe.each(cases)('%s streams', (name) => {
    let runtime: Runtime
    beforeAll(async () => {
      runtime = await start(`${name}.streamHandler`)
    })
    afterAll(() => runtime.stop())
    const invoke = (path: string, body?: unknown, remainingMs?: number) =>
      runtime.invoke(event(path, body), remainingMs)

    it('the first chunk before the second exists', async () => {
      const { message, kind } = await runtime.begin(event('/gated'))
      expect(kind).toBe('response')
      let received = ''
      for await (const chunk of message) {
        received += chunk
        if (received.endsWith('one ')) gates.open('gated')
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
      gates.open('late')
      const report = await invoke('/late')
      expect(streamed(report)).toMatchObject({ statusCode: 200, body: 'begun' })
      expect(report.error?.errorMessage).toBe('failed late')
      await vi.waitFor(() => expect(runtime.log()).toContain('Error: failed late'))
    })

    it('no longer than to the deadline', async () => {
      const report = await invoke('/endless', undefined, 1000)
      expect(streamed(report)).toMatchObject({ statusCode: 200, body: 'begun' })
      expect(report.error?.errorMessage).toMatch(/deadline/)
      await vi.waitFor(() => expect(noted()).toEqual(['closed']))
    })

    it('503 before the time-out where no handler answers', async () => {
      const report = await invoke('/silent', undefined, 1000)
      expect([streamed(report).statusCode, report.error]).toEqual([503, undefined])
    })

    it('no faster than it is read', async () => {
      const reporting = await runtime.begin(event('/large'))
      // What is on its way fills the connection's buffers, which 20 MB do not fit into.
      await pause(300)
      expect(noted()).toEqual([])
      expect(streamed(await reporting.report()).body).toHaveLength(320 * 65_536)
      expect(noted()).toEqual(['produced'])
    })

    it('until its reader goes, tells the application, and goes on', async () => {
      const { message } = await runtime.begin(event('/endless'))
      const { socket } = message
      let text = ''
      await new Promise<void>((resolve) =>
        message.on('data', (chunk) => (text += chunk).endsWith('begun') && resolve()),
      )
      socket.destroy()
      await vi.waitFor(() => expect(noted()).toEqual(['closed']))
      expect(streamed(await invoke('/json')).statusCode).toBe(200)
    })

    it('the whole answer to a gateway that cannot stream', async () => {
      const other = {
        ...event('/json'),
        requestContext: { ...event('/json').requestContext, domainName: 'api.example' },
      }
      const report = await runtime.invoke(other)
      expect(report.contentType).toBe('application/json')
      expect(result(report)).toMatchObject({ statusCode: 200, body: '{"hello":"world"}' })
    })
  })

  describe.each(kinds)("%s on the wire, byte for byte with the testing package's runtime", (name) => {
    let runtime: Runtime
    let handlers: Record<'handler' | 'streamHandler', LambdaHandler>
    beforeAll(async () => {
      runtime = await start(`${name}.streamHandler`)
      handlers = await import(/* @vite-ignore */ pathToFileURL(join(folder, `${name}.mjs`)).href)
    })
    afterAll(() => runtime.stop())

    /** As Lambda would have sent it. */
    async function modelled(path: string, body: unknown) {
      const { outcome, finished } = await runHandler(handlers.streamHandler, event(path, body), lambdaContext())
      if (outcome.kind !== 'stream') throw new Error(`it does not stream: ${outcome.kind}`)
      const parts: Uint8Array[] = [Buffer.from(outcome.prelude!), new Uint8Array(8)]
      try {
        for await (const chunk of outcome.chunks) parts.push(chunk)
      } catch {
        // Told by `finished`.
      }
      return { contentType: outcome.contentType, body: Buffer.concat(parts), error: await finished }
    }

    it.each([
      ['/json?name=ada'],
      ['/echo', { text: 'grüß' }],
      ['/bytes'],
      ['/cookies'],
      ['/nothing'],
      ['/gated'],
      ['/throws'],
      ['/late'],
      ['/none'],
    ])('%s', async (path, body?: unknown) => {
      const log = vi.spyOn(console, 'error').mockReturnValue()
      for (const gate of ['gated', 'late']) gates.open(gate)
      const [real, model] = await Promise.all([runtime.invoke(event(path, body)), modelled(path, body)])
      log.mockRestore()
      expect(model.contentType).toBe(real.contentType)
      expect(withoutPaths(model.body)).toBe(withoutPaths(real.body))
      expect([model.error?.errorType, model.error?.errorMessage]).toEqual([
        real.error?.errorType,
        real.error?.errorMessage,
      ])
    })
  })

  describe.each(kinds)('%s, 1,000 invocations in a row', (name) => {
    it.each(['handler', 'streamHandler'])('of %s each have their own answer', async (exported) => {
      const runtime = await start(`${name}.${exported}`)
      gates.open('thread-0')
      for (let i = 0; i < 1000; i++) {
        const report = await runtime.invoke(event(`/id/${i}`))
        const { body } = exported === 'handler' ? result(report) : streamed(report)
        expect(JSON.parse(body)).toEqual({ id: String(i), requestId: `request-${i + 1}` })
      }
      await runtime.stop()
    })
  })

  // Managed Instances: worker threads, each with many invocations at once.
  describe.each(kinds)('%s, 64 invocations at once in two worker threads', (name) => {
    it('are told apart', async () => {
      const runtime = await start(`${name}.handler`, {
        AWS_LAMBDA_MAX_CONCURRENCY: '64',
        AWS_LAMBDA_NODEJS_WORKER_COUNT: '2',
        AWS_LAMBDA_INITIALIZATION_TYPE: 'lambda-managed-instances',
      })
      await runtime.ready(2)
      let answered = 0
      const answers = Array.from({ length: 64 }, async (_, i) => {
        const reporting = await runtime.begin(event(`/id/${i}`))
        const { body } = result(await reporting.report())
        answered++
        expect(JSON.parse(body)).toEqual({ id: String(i), requestId: reporting.requestId })
      })
      const threads = await gates.arrived(64)
      expect(threads.size).toBe(2)
      // One thread after the other: the client's native part is one for the process, and takes no two answers at once.
      let expected = 0
      for (const [thread, count] of threads) {
        gates.open(thread)
        expected += count
        await vi.waitFor(() => expect(answered).toBe(expected), 5000)
      }
      await Promise.all(answers)
      await runtime.stop()
    })
  })

  describe('a function that is not one', () => {
    const failure = async (handler: string, env?: Record<string, string>) => {
      const runtime = await start(handler, env)
      const { body } = await runtime.initError
      const [code] = await runtime.exited
      await runtime.stop()
      expect(code).not.toBe(0)
      return JSON.parse(body.toString()) as { errorType: string; errorMessage: string }
    }

    it('a handler with three parameters is refused at its start', async () => {
      expect(await failure('faults.callback')).toMatchObject({ errorType: 'Runtime.CallbackHandlerDeprecated' })
    })

    it('a name that is not exported is refused at its start', async () => {
      expect(await failure('faults.nothing')).toMatchObject({ errorType: 'Runtime.HandlerNotFound' })
    })

    it("a programmer's error names the value when the module is loaded", async () => {
      const { errorType, errorMessage } = await failure('init-throws.handler')
      expect(errorType).toMatch(/Error$/)
      expect(errorMessage).toContain('/a/:')
    })

    it('a module that is not there fails at its start', async () => {
      const { errorMessage } = await failure('init-rejects.handler')
      expect(errorMessage).toContain('@expressway/no-such-package')
    })

    it('a handler that answers whole says so where it is wrapped to stream', async () => {
      const runtime = await start('faults.wrapped')
      const report = await runtime.invoke(event('/json'))
      await runtime.stop()
      expect(report.error?.errorType).toBe('TypeError')
      expect(report.error?.errorMessage).toContain('export app.streamHandler')
    })

    it('an event that is no request fails its invocation, and the next one is answered', async () => {
      const runtime = await start('faults.handler')
      const { kind, body } = await runtime.invoke({ Records: [{ eventSource: 'aws:sqs' }] })
      expect([kind, JSON.parse(body.toString()).errorType]).toEqual(['error', 'UnsupportedEventError'])
      expect(result(await runtime.invoke(event('/json'))).statusCode).toBe(200)
      await runtime.stop()
    })
  })

  it('streams without the global awslambda', async () => {
    const runtime = await start('core.streamHandler', { AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA: '1' })
    const bare = await runtime.invoke(event('/cookies'))
    await runtime.stop()
    const usual = await start('core.streamHandler')
    const withGlobal = await usual.invoke(event('/cookies'))
    await usual.stop()
    expect(streamed(bare).cookies).toEqual(['a=1; Path=/', 'b=2; Path=/'])
    expect(bare.body).toEqual(withGlobal.body)
  })
})

// Express writes the stack into the page outside of production.
const withoutPaths = (body: Buffer): string => body.toString().replace(/&nbsp;.*?(?=<\/pre>)/gs, '')
