// Events to a browser: `new EventSource('/prices')`. Behind a function URL with InvokeMode RESPONSE_STREAM.
import { setTimeout as pause } from 'node:timers/promises'
import { createApp, sse } from '@expressway/core'

export const app = createApp()

app.get('/prices', (req) =>
  sse(req, async function* (lastEventId) {
    // A browser that lost its connection says which event it got last.
    for (let id = Number(lastEventId ?? 0) + 1; id <= 3; id++) {
      yield { event: 'price', id, data: { price: 100 + id } }
      await pause(10, undefined, { signal: req.signal })
    }
  }),
)

export const handler = app.streamHandler
