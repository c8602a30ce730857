// What a handler reads of a request. Each part is decoded when it is read.
import { BadRequestError, createApp } from '@expressway/core'

export const app = createApp()

app.get('/search', (req) => {
  const { q, tag } = req.query
  return { q, tags: [tag ?? []].flat(), raw: req.rawQuery }
})

app.get('/headers', (req) => ({
  agent: req.headers.get('User-Agent'),
  tenants: req.headers.getAll('x-tenant'),
  session: req.cookies.session,
}))

app.post('/orders', (req) => {
  const order = req.json<{ sku: number }>()
  return { sku: order.sku }
})

app.post('/text', (req) => ({ text: req.text(), bytes: req.bytes().length }))

app.post('/upload', (req) => {
  const { title, file } = req.form()
  if (typeof file !== 'object' || Array.isArray(file)) throw new BadRequestError('The form has no file')
  return { title, name: file.name, type: file.type, size: file.bytes.length }
})

app.get('/who', (req) => ({
  ip: req.ip, // the client's address, as the gateway saw it
  protocol: req.protocol, // 'http' or 'https', between client and gateway
  host: req.host,
  source: req.source, // 'http-api', 'alb', …
  requestId: req.requestId,
  subject: req.identity?.subject,
}))

app.get('/report', async (req) => {
  const response = await fetch(new URL('/slow', process.env.REPORTS), { signal: req.signal })
  return response.json()
})

app.get('/event', (req) => ({ members: Object.keys(req.event).length, memory: req.context.memoryLimitInMB }))
