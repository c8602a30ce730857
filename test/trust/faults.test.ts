// What handlers do wrong, one by one, thousands in a row and many at once: the next invocation is right, and nothing is left.
import { execFile } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Endurance } from '../../packages/testing/fuzz/endurance.ts'
import { type FaultyApplication, faults, faultyApplications } from '../../packages/testing/fuzz/faulty-applications.ts'
import { allowLog } from '../expect-log.ts'

// Warned of once in a process, see packages/core/test/stream-warning.test.ts.
beforeEach(() => allowLog(/a streamed body was collected/))

interface Result {
  readonly statusCode: number
  readonly body: string
}

const contextOf = (ms: number) => {
  const deadline = performance.now() + ms
  return { getRemainingTimeInMillis: () => deadline - performance.now() }
}

const call = async ({ handler }: FaultyApplication, path: string, ms = 20_000, id = ''): Promise<Result> =>
  (await handler(
    { httpMethod: 'POST', path, headers: { 'x-id': id, 'content-type': 'text/plain' }, body: id },
    contextOf(ms),
  )) as Result

async function expectClean(app: FaultyApplication, id: string, path = '/clean'): Promise<void> {
  const { statusCode, body } = await call(app, `${path}/${id}`, 20_000, id)
  expect([statusCode, JSON.parse(body)]).toEqual([200, { id, body: id, header: id }])
}

const SLOW_MS = 60

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

/** In Express an answer that is sent stands, whatever is thrown after it; core has sent nothing yet. */
const expected: Record<string, [core: number, express: number]> = {
  '/after-answer': [500, 200],
  '/twice': [200, 200],
  '/next-twice': [500, 200],
  '/in-stream': [500, 502],
  '/never': [503, 503],
  '/never-reads': [503, 503],
  '/endless': [503, 503],
}

describe.each(faultyApplications().map((app) => [app.name, app] as const))('%s', (name, app) => {
  it.each(faults)(
    '%s is answered, logged unless it is an answer, and the next invocation is right',
    async (path, slow) => {
      const { statusCode, body } = await call(app, path, slow ? SLOW_MS : undefined)
      expect(statusCode).toBe((expected[path] ?? [500, 500])[name === 'core' ? 0 : 1])
      expect(body).not.toMatch(/in a stream|first.*second|at .*\.ts:\d/s)
      // Express itself logs a turn of the event loop later.
      if (statusCode >= 500) await vi.waitFor(() => expect(console.error).toHaveBeenCalled())
      await expectClean(app, '1')
    },
  )

  it('a client that goes away stops its stream, and nobody else', async () => {
    const out = Object.assign(new EventEmitter(), {
      chunks: [] as unknown[],
      setContentType() {},
      write: (chunk: unknown) => out.chunks.push(chunk) > 0,
      end() {},
    })
    const event = {
      version: '2.0',
      rawPath: '/endless',
      requestContext: { http: { method: 'GET' }, domainName: 'a.lambda-url.b' },
    }
    const run = app.streamHandler(event, out as never, contextOf(20_000) as never)
    await vi.waitFor(() => expect(out.chunks.length).toBeGreaterThan(3))
    out.emit('close')
    await run
    const written = out.chunks.length
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(out.chunks.length).toBe(written)
    await expectClean(app, '2')
  })

  it('64 at once with faults among them: each gets its own answer', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 64 }, async (_, index) => {
        const [path, slow] = faults[index % faults.length]!
        if (path === '/too-large' || index % 3 === 0) return expectClean(app, `id-${index}`, '/clean-later')
        const { statusCode } = await call(app, path, slow ? SLOW_MS : undefined)
        return expect(statusCode).toBe((expected[path] ?? [500, 500])[name === 'core' ? 0 : 1])
      }),
    )
    expect(statuses).toHaveLength(64)
  })
})

describe('a warm environment', () => {
  it('is right during and after 10,000 mixed faults in a row, and keeps no memory, timer or listener of them', async () => {
    const program = new URL('../../packages/testing/fuzz/endurance.ts', import.meta.url).pathname
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, '10000', '7'])
    const { growth, ...rest } = JSON.parse(stdout) as Endurance
    expect(rest).toEqual({ faults: 10_000, clean: 1003, timersLeft: 0, listenersLeft: 0 })
    expect(growth).toBeLessThan(2 * 1024 * 1024)
  }, 180_000)
})

describe('what ends the process ends that invocation alone', () => {
  const modules = new URL('../../packages/', import.meta.url)
  const script = (fault: string) => `
    import { createApp } from '${new URL('core/src/index.ts', modules)}'
    const app = createApp().get('/clean', () => 'clean').get('/fault', async () => { ${fault}; await new Promise(() => {}) })
    const call = async (path) => console.log((await app.handler({ httpMethod: 'GET', path }, { getRemainingTimeInMillis: () => 5000 })).body)
    await call('/clean')
    await call('/fault')`
  const run = (fault: string) =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', script(fault)]).catch((error) => error)

  it.each([
    ['process.exit(3)', 3, ''],
    ['setImmediate(() => { throw new Error("in a callback") })', 1, 'in a callback'],
    ['Promise.reject(new Error("nobody waits"))', 1, 'nobody waits'],
    ['process.nextTick(() => { throw new TypeError("tick") })', 1, 'TypeError: tick'],
  ])('%s: the process says so and ends, as Lambda expects; it does not hang', async (fault, code, message) => {
    const result = await run(fault)
    expect([result.code, result.stdout]).toEqual([code, 'clean\n'])
    expect(result.stderr).toContain(message)
  })
})
