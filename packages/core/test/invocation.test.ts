import { setImmediate as turn } from 'node:timers/promises'
import { lambdaContext } from '@expressway/testing/context'
import { functionUrlEvent } from '@expressway/testing/events'
import { invoke } from '@expressway/testing/invoke'
import { describe, expect, it } from 'vitest'
import { getInvocation, withInvocation } from '../src/entry/invocation.ts'
import { toLambdaHandler } from '../src/entry/lambda.ts'
import { toStreamingLambdaHandler } from '../src/entry/streaming.ts'
import { createApp } from '../src/index.ts'

/** What code far from the handler asks for, after some turns. */
async function far(): Promise<string | undefined> {
  await turn()
  await turn()
  return getInvocation()?.context.awsRequestId
}

const app = createApp()
app.get('/whole', async () => far())
app.get('/now', () => getInvocation()?.source ?? 'unknown')
app.get('/stream', async function* () {
  for (let i = 0; i < 3; i++) yield `${await far()} `
})
app.get('/written', async (_req, res) => {
  for (let i = 0; i < 3; i++) await res.write(`${await far()} `)
})
const handler = toLambdaHandler(withInvocation(app.handle))
const streamHandler = toStreamingLambdaHandler(withInvocation(app.handle))
const ids = Array.from({ length: 64 }, (_, i) => `request-${i}`)

describe('getInvocation', () => {
  it('tells 64 invocations at once apart', async () => {
    const answers = await Promise.all(
      ids.map((requestId) => handler(functionUrlEvent({ path: '/whole' }), lambdaContext({ requestId }))),
    )
    expect(answers.map((answer) => (answer as { body: string }).body)).toEqual(ids)
  })

  it.each(['/stream', '/written'])('also while their answers %s', async (path) => {
    const gatewayOptions = { invokeMode: 'RESPONSE_STREAM' } as const
    const texts = await Promise.all(
      ids.map(async (requestId) => {
        const { response } = await invoke(
          streamHandler,
          { method: 'GET', path, query: '', headers: [] },
          { gateway: 'function-url', gatewayOptions, context: { requestId } },
        )
        let text = ''
        for await (const chunk of response.stream!) text += Buffer.from(chunk)
        return text
      }),
    )
    expect(texts).toEqual(ids.map((id) => `${id} ${id} ${id} `))
  })

  it('knows the invocation of a synchronous handler', async () => {
    expect(await handler(functionUrlEvent({ path: '/now' }), lambdaContext())).toMatchObject({ body: 'function-url' })
  })

  it('is undefined outside of an invocation, and where the handle does not keep it', async () => {
    expect(getInvocation()).toBeUndefined()
    const result = await app.handler(functionUrlEvent({ path: '/now' }), lambdaContext())
    expect(result).toMatchObject({ statusCode: 200, body: 'unknown' })
  })

  it('ends a generator that is not read to its end', async () => {
    const ended: (string | undefined)[] = []
    const own = createApp()
    own.get('/', async function* () {
      try {
        yield 'one'
        yield 'two'
      } finally {
        ended.push(getInvocation()?.source)
      }
    })
    const handle = withInvocation(own.handle)
    const request = { method: 'HEAD', path: '/', query: '', headers: [] }
    await invoke(toLambdaHandler(handle), { ...request, headers: [] })
    expect(ended).toEqual(['http-api'])
  })
})
