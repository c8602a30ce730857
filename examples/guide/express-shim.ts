// An Express application on Lambda: what it has besides Express's own.
import express from '@expressway/express-shim'
import { toLambdaHandler, toStreamingLambdaHandler } from '@expressway/express-shim/lambda'

export const app = express()
app.use(express.json())

app.get('/hello/:name', (req, res) => {
  res.send(`Hello ${req.params.name}!`)
})

app.get('/me', (req, res) => {
  // On a real server, req.lambda is undefined.
  res.json({ subject: req.identity?.subject ?? null, function: req.lambda?.context.functionName ?? null })
})

app.get('/client', (req, res) => {
  res.json({ ip: req.ip, protocol: req.protocol, host: req.hostname })
})

app.get('/login', (_req, res) => res.redirect('/me'))

app.get('/silent', function silent() {})

export const handler = app.handler
export const streamHandler = app.streamHandler

// With options: one source, links below the stage, and events that are not HTTP.
export const mounted = toLambdaHandler(app, { basePath: 'mount', source: 'http-api', onOtherEvent: () => 'warm' })
export const streaming = toStreamingLambdaHandler(app, { basePath: '/shop' })
