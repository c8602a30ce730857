import express from 'express'

// All below is the same in both files.

import { join } from 'node:path'
import cookieSession from 'cookie-session'
import ejs from 'ejs'

const app = express()
app.set('trust proxy', 1)
app.set('views', join(import.meta.dirname, 'views'))
app.engine('ejs', ejs.renderFile)
app.set('view engine', 'ejs')

app.use(cookieSession({ name: 'session', secret: process.env.SESSION_SECRET ?? 'for development', sameSite: 'lax' }))
app.use(express.static(join(import.meta.dirname, 'public'), { maxAge: '1h' }))
app.use(express.urlencoded({ limit: '10kb' }))

app.get('/', (req, res) => res.render('index', { tasks: req.session.tasks ?? [] }))

const tasks = express.Router()

tasks.get('/', (req, res) => res.json(req.session.tasks ?? []))

tasks.post('/', (req, res) => {
  const { title } = req.body ?? {}
  if (!title) throw Object.assign(new Error('A task needs a title'), { status: 400 })
  req.session.tasks = [...(req.session.tasks ?? []), title]
  res.redirect(303, '/')
})

tasks.get('/:number', (req, res, next) => {
  const task = req.session.tasks?.[req.params.number - 1]
  if (task === undefined) return next()
  res.json(task)
})

app.use('/tasks', tasks)

app.use((req, res) => res.status(404).render('error', { message: `There is no ${req.path}` }))

// biome-ignore lint/correctness/noUnusedFunctionParameters: Express knows an error handler by its four parameters
app.use((error, req, res, next) => {
  const { status = 500, message } = error
  res.status(status).render('error', { message: status < 500 ? message : 'Something went wrong' })
})

if (import.meta.main) app.listen(process.env.PORT ?? 3000)

export default app
