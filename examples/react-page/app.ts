// A React page, its API and its files in one function.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createApp, NotFoundError, reply } from '@expressway/core'

const assets = join(import.meta.dirname, 'assets') // beside the bundle
let likes = 0 // stands for a table

export const app = createApp()

app.get('/', async (req) => {
  // React is loaded for the page: the API and the files answer without it.
  const { renderPage } = await import('./page.tsx')
  const [script] = await readdir(assets)
  const body = await renderPage({ base: req.basePath, script: `${req.basePath}/assets/${script}`, likes }, req.signal)
  return reply({ contentType: 'text/html; charset=utf-8', headers: { 'cache-control': 'no-store' }, body })
})

app.get('/api/likes', () => ({ likes }))
app.post('/api/likes', () => ({ likes: ++likes }))

// The name of a file has a hash of its content, so that a browser never asks for it again.
const forever = { cacheControl: 'public, max-age=31536000, immutable', etag: 'strong', compress: true } as const

app.get('/assets/:name', forever, async (req, res) => {
  const { name } = req.params
  if (!(await readdir(assets)).includes(name)) throw new NotFoundError()
  res.send(await readFile(join(assets, name)), 'text/javascript; charset=utf-8')
})

export const handler = app.streamHandler
