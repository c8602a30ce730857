// Answers with what a handler sees of a request, whichever event source it came from.
import { createApp } from '@expressway/core'

const app = createApp()
app.all('/{*rest}', (req) => ({
  source: req.source,
  method: req.method,
  path: req.path,
  basePath: req.basePath,
  query: req.query,
  cookies: req.cookies,
  host: req.host,
  ip: req.ip,
  protocol: req.protocol,
  requestId: req.requestId,
  identity: req.identity,
  body: req.text(),
}))

export const handler = app.handler
