// One function behind a REST API, a load balancer and a function URL at the same time. No route asks where a request came from.
import { createApp, NotFoundError, reply } from '@expressway/core'

export const app = createApp()

/** What the gateways say in different ways, and a handler reads in one. */
app.get('/request', (req) => ({
  source: req.source,
  ip: req.ip,
  protocol: req.protocol,
  host: req.host,
  basePath: req.basePath, // the stage of the REST API; it is not in req.path
  path: req.path,
  query: req.query,
  requestId: req.requestId,
}))

const orders = new Map([['1', { item: 'Tea' }]])

app.post('/orders', (req) => {
  const id = String(orders.size + 1)
  orders.set(id, req.json<{ item: string }>())
  // A link needs the base path: without it the browser would leave the stage.
  return reply({ status: 201, headers: { location: `${req.basePath}/orders/${id}` }, body: { id } })
})

app.get('/orders/:id', (req) => orders.get(req.params.id) ?? Promise.reject(new NotFoundError()))

app.post('/login', (_req, res) => {
  res.cookie('session', 'abc', { httpOnly: true, secure: true, sameSite: 'lax' }).cookie('theme', 'dark').status(204)
})

app.get('/me', (req) => ({ session: req.cookies.session, theme: req.cookies.theme }))

async function* rows(count: number) {
  for (let id = 1; id <= count; id++) yield `${id},${'x'.repeat(97)}\n`
}

// A load balancer gets them whole, up to 1 MB. The others send each row as it comes.
app.get('/rows', (req) => reply({ contentType: 'text/csv; charset=utf-8', body: rows(Number(req.query.count ?? 3)) }))

export const handler = app.streamHandler
