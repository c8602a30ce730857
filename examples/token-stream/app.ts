// A model's answer, token by token, in the events that chat clients read.
import express from '@expressway/express-shim'
import { complete } from './model.ts'

export const app = express()
app.use(express.json({ limit: '100kb' }))

app.post('/chat', async (req, res) => {
  const { prompt } = req.body ?? {}
  if (typeof prompt !== 'string') return res.status(400).json({ error: 'The body needs a prompt' })

  // The model stops when the reader has gone: on a server, and on Lambda if its runtime notices.
  const reader = new AbortController()
  res.on('close', () => reader.abort())
  res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache, no-transform' }).flushHeaders()
  try {
    for await (const token of complete(prompt, reader.signal)) res.write(`data: ${JSON.stringify({ token })}\n\n`)
    res.end('data: [DONE]\n\n')
  } catch (error) {
    if (reader.signal.aborted) return
    // The status has been sent: an event says that the answer is not complete.
    console.error(error)
    res.end(`event: error\ndata: ${JSON.stringify({ error: 'The model failed' })}\n\n`)
  }
})

export const handler = app.streamHandler
