// One answer with everything that event sources carry differently: two cookies, a repeated field, and text or bytes.
import { createApp } from '@expressway/core'

export const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47])

const app = createApp()
app.get('/logo.png', () => [200, 'image/png', picture])
app.get('/private', (_req, res) => {
  res.status(401).set('WWW-Authenticate', 'Basic')
  return 'Who are you?'
})
app.get('/cors', (_req, res) => {
  res.set('Access-Control-Allow-Origin', 'https://a.example')
  return 'ok'
})
app.get('/files/:name', (req) => ({ name: req.params.name }))
app.all('/{*rest}', (_req, res) => {
  res.status(201).cookie('a', '1').cookie('b', '2').append('Link', ['</a>', '</b>'])
  return { ok: true }
})

export const handler = app.handler
export const streamHandler = app.streamHandler
