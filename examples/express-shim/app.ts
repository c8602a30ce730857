// What an application has on Lambda besides Express's own: the event, the identity, streaming, options of the handler.
import express from '@expressway/express-shim'
import { toLambdaHandler } from '@expressway/express-shim/lambda'

export const app = express()

app.get('/me', (req, res) => {
  res.json({ subject: req.identity?.subject ?? null, function: req.lambda.context.functionName })
})

app.get('/count', (_req, res) => {
  res.type('text/plain')
  res.write('one ')
  setTimeout(() => res.end('two'), 5)
})

app.get('/login', (_req, res) => res.redirect('/me'))

export const handler = toLambdaHandler(app, { basePath: 'mount', onOtherEvent: () => 'warm' })
export const streamHandler = app.streamHandler
