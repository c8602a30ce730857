const express = require('express4') // express@4

const app = express()
app.use(express.json())

app.get('/files/*', (req, res) => {
  res.json({ path: req.params[0] })
})
app.get('/reports/:year(\\d+)/:month?', (req, res) => {
  res.json({ year: req.params.year, month: req.params.month })
})
app.get('/search', (req, res) => {
  res.json({ text: req.param('text'), filter: req.query.filter })
})
app.del('/notes/:id', (_req, res) => {
  res.send(204)
})
app.post('/notes', (req, res) => {
  res.json({ text: req.body.text }, 201)
})
app.get('/old', (_req, res) => {
  res.redirect('/files/new', 301)
})
app.get('/back', (_req, res) => {
  res.redirect('back')
})
app.get('/broken', (_req, _res, next) => {
  Promise.reject(new Error('no tea')).catch(next)
})

module.exports = app
if (require.main === module) app.listen(3000)
