// What browsers and CloudFront may keep, and answers that are not sent twice.
import { createApp, createRouter, NotFoundError } from '@expressway/core'

export const app = createApp({ etag: true })

app.get('/rates', { cacheControl: 'public, max-age=60' }, () => ({ eur: 1.1 }))
app.get('/orders/:id', { cacheControl: 'private, max-age=600' }, (req) => {
  if (req.params.id !== '7') throw new NotFoundError()
  return { id: '7' }
})

const assets = createRouter({ cacheControl: 'public, max-age=31536000, immutable', etag: false })
assets.get('/app.js', () => [200, 'text/javascript', 'start()'])
app.use('/assets', assets)

app.get('/article', (_req, res) => {
  res.set('last-modified', new Date(Date.UTC(2026, 4, 1)).toUTCString()).html('<h1>News</h1>')
})
