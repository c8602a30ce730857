import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Runtime, startRuntime } from '../../../test/real-runtime/runtime-api.ts'
import { lambdaContext } from '../src/context.ts'
import type { LambdaError } from '../src/gateway.ts'
import { installStreaming, type LambdaHandler, runHandler } from '../src/runtime.ts'

// Every case runs in AWS's own runtime interface client and in this package's runtime, and must come to the same.

installStreaming()
// Handlers in plain JavaScript, as the client loads them.
// @ts-expect-error it has no types
const handlers = await import('./runtime-handlers.mjs')
const buffered: LambdaHandler = handlers.handler
const streaming: LambdaHandler = handlers.stream
const context = () => lambdaContext({ remainingMs: 10_000 })

const start = (handler: string) => startRuntime(import.meta.dirname, handler)

describe('buffered handlers', () => {
  let aws: Runtime
  beforeAll(async () => {
    aws = await start('runtime-handlers.handler')
  })
  afterAll(() => aws.stop())

  it.each(Object.keys(handlers.buffered))('%s', async (name) => {
    const event = { case: name, list: [1, 'é', null] }
    const [report, run] = await Promise.all([aws.invoke(event), runHandler(buffered, event, context())])
    const { outcome } = run
    if (report.kind === 'response') {
      expect(outcome).toEqual({ kind: 'result', result: JSON.parse(report.body.toString()) })
    } else {
      expect(outcome.kind).toBe('error')
      expectSameError((outcome as { error: LambdaError }).error, JSON.parse(report.body.toString()))
    }
  })
})

describe('streaming handlers', () => {
  let aws: Runtime
  beforeAll(async () => {
    aws = await start('runtime-handlers.stream')
  })
  afterAll(() => aws.stop())

  it.each(Object.keys(handlers.streaming))('%s', async (name) => {
    const event = { case: name }
    const [report, ours] = await Promise.all([aws.invoke(event), stream(event)])
    expect(ours.error === undefined).toBe(report.error === undefined)
    if (ours.error !== undefined) expectSameError(ours.error, report.error!)
    if (ours.contentType !== undefined) expect(ours.contentType).toBe(report.contentType)
    expect(ours.bytes).toEqual(report.body)
  })

  /** The bytes as this package's runtime has them, put together again as Lambda would have sent them. */
  async function stream(event: unknown) {
    const { outcome, finished } = await runHandler(streaming, event, context())
    const parts: Uint8Array[] = []
    if (outcome.kind !== 'stream') return { bytes: Buffer.alloc(0), error: await finished }
    if (outcome.prelude !== undefined) parts.push(Buffer.from(outcome.prelude), new Uint8Array(8))
    try {
      for await (const chunk of outcome.chunks) parts.push(chunk)
    } catch {
      // Told by `finished`.
    }
    return { bytes: Buffer.concat(parts), contentType: outcome.contentType, error: await finished }
  }
})

describe('a handler with a callback', () => {
  it('is refused when it is loaded, with the same words', async () => {
    const aws = await start('runtime-handlers.callback')
    const report = await aws.initError
    await aws.stop()
    const { outcome } = await runHandler(handlers.callback, {}, context())
    expectSameError((outcome as { error: LambdaError }).error, JSON.parse(report.body.toString()))
  })
})

/** All but the frames, which name each runtime's own files. */
function expectSameError(ours: LambdaError, theirs: LambdaError): void {
  const first = ({ errorType, errorMessage, trace }: LambdaError) => [errorType, errorMessage, trace?.[0]]
  expect(first(ours)).toEqual(first(theirs))
}
