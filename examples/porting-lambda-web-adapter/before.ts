import express from 'express'

const app = express()
app.use(express.json())
app.get('/', (_req, res) => void res.send('ready'))
app.get(
  '/users/:id',
  (req, res) => void res.cookie('a', '1').cookie('b', '2').json({ id: req.params.id, q: req.query.q }),
)
app.post('/users', (req, res) => void res.status(201).location('/users/7').json(req.body))
app.get('/request', (req, res) => {
  const { requestId } = JSON.parse(req.get('x-amzn-request-context') ?? '{}')
  res.json({ id: requestId })
})
app.post('/events', (req, res) => void res.json({ records: req.body.Records.length }))

app.listen(process.env.PORT || 8080)
