import { describe, expect, it } from 'vitest'
import { event, result, useFunctions } from './harness.ts'

const lambda = useFunctions()

describe('a function that is not one', () => {
  const failure = async (handler: string, env?: Record<string, string>) => {
    const runtime = await lambda.start(handler, env)
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
    const runtime = await lambda.start('faults.wrapped')
    const report = await runtime.invoke(event('/json'))
    await runtime.stop()
    expect(report.error?.errorType).toBe('TypeError')
    expect(report.error?.errorMessage).toContain('export app.streamHandler')
  })

  it('an event that is no request fails its invocation, and the next one is answered', async () => {
    const runtime = await lambda.start('faults.handler')
    const { kind, body } = await runtime.invoke({ Records: [{ eventSource: 'aws:sqs' }] })
    expect([kind, JSON.parse(body.toString()).errorType]).toEqual(['error', 'UnsupportedEventError'])
    expect(result(await runtime.invoke(event('/json'))).statusCode).toBe(200)
    await runtime.stop()
  })
})
