import { describe, expect, it, vi } from 'vitest'
import { event, kinds, result, streamed, useFunctions } from './harness.ts'

const lambda = useFunctions()

describe.each(kinds)('%s, 1,000 invocations in a row', (name) => {
  it.each(['handler', 'streamHandler'])('of %s each have their own answer', async (exported) => {
    const runtime = await lambda.start(`${name}.${exported}`)
    lambda.gates.open('thread-0')
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
    const runtime = await lambda.start(`${name}.handler`, {
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
    const threads = await lambda.gates.arrived(64)
    expect(threads.size).toBe(2)
    // One thread after the other: the client's native part is one for the process, and takes no two answers at once.
    let expected = 0
    for (const [thread, count] of threads) {
      lambda.gates.open(thread)
      expected += count
      await vi.waitFor(() => expect(answered).toBe(expected), 5000)
    }
    await Promise.all(answers)
    await runtime.stop()
  })
})
