// The same application with real Express and with the shim: `diff with-express.ts with-shim.ts` is one line.
import express from '@expressway/express-shim'

export const app = express()
const users = express.Router()

app.use(express.json())
app.use('/users', users)

users.param('id', (req, _res, next, id: string) => {
  req.app.locals.lastId = id
  next(/^\d+$/.test(id) ? undefined : 'route')
})
users.get('/:id', (req, res) => {
  res.cookie('seen', req.params.id, { httpOnly: true }).format({
    json: () => res.json({ id: req.params.id, host: req.hostname, last: req.app.locals.lastId }),
    html: () => res.send(`<p>User ${req.params.id}</p>`),
  })
})
users.post('/', (req, res) => {
  res.status(201).location('/users/7').json(req.body)
})

app.get('/old', (_req, res) => res.redirect(301, '/users/1'))
app.get('/broken', async () => {
  throw Object.assign(new Error('no tea'), { status: 418 })
})
