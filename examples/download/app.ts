// A file of any size up to 200 MB: a buffered answer ends at 6 MB.
import express from '@expressway/express-shim'

export const app = express()

app.get('/files/:name', (req, res) => {
  const { name } = req.params
  res.download(name, name, { root: process.env.FILES ?? '/mnt/files' })
})

export const handler = app.streamHandler
