import express from '@expressway/express-shim' // was: 'express'

export const app = express()
app.use(express.json())

app.get('/hello/:name', (req, res) => {
  res.json({ message: `Hello ${req.params.name}!` })
})

app.post('/orders', (req, res) => {
  res.status(201).json(req.body)
})

if (import.meta.main) app.listen(3000) // `node app.ts` is a server, still
export const handler = app.handler
