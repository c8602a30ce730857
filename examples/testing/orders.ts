import express from '@expressway/express-shim'

const app = express()
app.use(express.json(), express.text())
app.get('/orders/:id', (req, res) => void res.json({ id: req.params.id }))
app.post('/orders', (req, res) => void res.status(201).json({ id: '8', ...req.body }))
app.post('/pictures', (req, res) => void res.json({ type: req.get('content-type') }))
app.get('/login', (_req, res) => void res.cookie('session', 'abc', { httpOnly: true }).send('Welcome'))
app.get('/me', (req, res) => void res.send(req.get('cookie')))
app.get('/export', (_req, res) => {
  res.type('text').write('first ')
  setTimeout(() => res.end('second'), 5)
})

export const { handler, streamHandler } = app
