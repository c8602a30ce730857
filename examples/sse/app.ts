// Events to a browser: `new EventSource('/prices')`. Behind a function URL or a REST API that streams.
import { setTimeout as pause } from 'node:timers/promises'
import { createApp, sse } from '@expressway/core'

interface Price {
  id: number
  price: number
}
/** Stands for a table that something else writes to. */
export const prices: Price[] = [
  { id: 1, price: 101 },
  { id: 2, price: 102 },
]

async function* pricesAfter(last: number, signal: AbortSignal) {
  // The signal comes shortly before the function's time-out: the browser then connects again by itself, and says which event it
  // saw last. On a server it comes when the browser leaves, too.
  while (!signal.aborted) {
    for (const { id, price } of prices.filter((row) => row.id > last)) {
      yield { event: 'price', id, data: { price } }
      last = id
    }
    await pause(20, undefined, { signal }).catch(() => {})
  }
}

export const app = createApp()

app.get('/prices', (req) =>
  sse(req, (lastEventId) => pricesAfter(Number(lastEventId) || 0, req.signal), {
    // Gateways and proxies close a connection that is silent for long: an edge-optimised REST API after 30 s.
    heartbeat: Number(process.env.HEARTBEAT_MS ?? 15_000),
    retry: 100,
  }),
)

export const handler = app.streamHandler
