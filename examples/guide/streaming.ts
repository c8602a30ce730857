// Answers that are sent as they are written.
import { createApp, ndjson, sse } from '@expressway/core'
import { getInvocation, toStreamingLambdaHandler, withInvocation } from '@expressway/core/lambda'

export const app = createApp()

app.get('/count', async function* (_req, res) {
  res.type('text/plain')
  for (let i = 0; i < 10; i++) yield `${i}\n`
})

app.get('/prices', (req) =>
  sse(req, async function* (lastEventId) {
    for await (const price of prices(lastEventId, req.signal)) yield { event: 'price', id: price.id, data: price }
  }),
)

app.get('/rows', () => ndjson(rows()))

app.get('/written', async (_req, res) => {
  res.type('text/plain')
  await res.write('one ')
  await res.write('two')
})

app.get('/logged', () => {
  log('read')
  return 'ok'
})

export const handler = app.streamHandler

// Code that is far from the handler asks for its own invocation.
export const withContext = toStreamingLambdaHandler(withInvocation(app.handle))
const log = (message: string) => console.log(getInvocation()?.context.awsRequestId, message)

async function* prices(after: string | undefined, signal: AbortSignal) {
  for (let id = Number(after ?? 0) + 1; id <= 3 && !signal.aborted; id++) yield { id, price: 100 + id }
}

async function* rows() {
  yield { id: 1 }
  yield { id: 2 }
}
