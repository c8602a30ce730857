import { createApp, NotFoundError } from '@expressway/core'

const app = createApp()

app.get('/hello/:username', (req) => `Hello ${req.params.username}!`)
app.get('/users/:id', (req) => {
  if (req.params.id !== 'ada') throw new NotFoundError()
  return { name: 'Ada Lovelace' }
})

export const handler = app.handler
