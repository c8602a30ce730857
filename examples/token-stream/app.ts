// A model's answer, token by token, in the events that chat clients read. `complete` stands for the model's API.
import { setTimeout as pause } from 'node:timers/promises'
import express from '@expressway/express-shim'

async function* complete(prompt: string, signal: AbortSignal) {
  for (const token of ['You', ' said: ', ...prompt.split(/(?= )/)]) {
    await pause(5, undefined, { signal })
    yield token
  }
}

export const app = express()
app.use(express.json())

app.post('/chat', async (req, res) => {
  const client = new AbortController()
  // Who closes the page shall not pay for the rest of the answer.
  res.on('close', () => client.abort())
  res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' }).flushHeaders()
  for await (const token of complete(req.body.prompt, client.signal)) {
    res.write(`data: ${JSON.stringify({ token })}\n\n`)
  }
  res.end('data: [DONE]\n\n')
})

export const handler = app.streamHandler
