// Files of any size up to 200 MB, whole or in ranges: a buffered answer ends at 6 MB.
import express from '@expressway/express-shim'

export const app = express()

// ETag, Last-Modified, Range and If-Range, 304, 206 and 416 come with it; a path that leaves the folder is a 403.
app.get('/files/:name', (req, res) => {
  const { name } = req.params
  res.download(name, name, { root: process.env.FILES ?? '/opt/files', maxAge: '1h' })
})

export const handler = app.streamHandler
