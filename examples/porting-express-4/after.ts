import express from '@expressway/express-shim'

const app = express()
app.set('query parser', 'extended')
app.use(express.json())

app.get('/files/*path', (req, res) => {
  res.json({ path: req.params.path.join('/') })
})
app.get('/reports/:year{/:month}', (req, res, next) => {
  if (!/^\d+$/.test(req.params.year)) return next('route')
  res.json({ year: req.params.year, month: req.params.month })
})
app.get('/search', (req, res) => {
  res.json({ text: req.query.text, filter: req.query.filter })
})
app.delete('/notes/:id', (_req, res) => {
  res.sendStatus(204)
})
app.post('/notes', (req, res) => {
  res.status(201).json({ text: req.body?.text })
})
app.get('/old', (_req, res) => {
  res.redirect(301, '/files/new')
})
app.get('/back', (req, res) => {
  res.redirect(req.get('Referrer') ?? '/')
})
app.get('/broken', async () => {
  throw new Error('no tea')
})

export const handler = app.handler
if (import.meta.main) app.listen(3000)
