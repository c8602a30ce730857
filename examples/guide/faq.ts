// What the page of frequent questions shows.

import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, type Handler } from '@expressway/core'

export const app = createApp({
  cors: { allowOrigin: 'https://www.example.com' },
  stripPrefixes: ['/shop'],
  json: { numbers: 'exact' },
  // Events of a schedule that keeps the function warm, and of anything else that is not HTTP.
  onOtherEvent: () => 'not HTTP',
})

app.get('/users/:id', (req) => ({ id: req.params.id }))

const showUser: Handler<{ id: string }> = (req) => ({ id: req.params.id })
app.get('/people/:id', showUser)

app.get('/login', (_req, res) => {
  res.cookie('session', 'abc', { httpOnly: true }).cookie('theme', 'dark').json({ ok: true })
})

app.post('/orders', (req) => {
  const { id } = req.json<{ id: number | bigint }>()
  return { id: String(id) }
})

app.post('/scratch', async (req) => {
  await writeFile(join(tmpdir(), `expressway-scratch-${req.requestId}`), req.bytes())
  return { stored: true }
})

app.get('/count', async function* (_req, res) {
  res.type('text/plain')
  yield 'one '
  yield 'two'
})

export const handler = app.handler
export const streamHandler = app.streamHandler
