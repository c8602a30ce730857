// The application before: a server of its own.
import express from 'express'
import session from 'express-session'
import multer from 'multer'
import { addNote, listNotes } from './notes.ts'

const app = express()
app.set('trust proxy', true)
app.use(session({ secret: 'keyboard cat', resave: false, saveUninitialized: true }))
app.use(express.json({ limit: '20mb' }))
app.use(express.static('public'))

app.get('/visits', (req, res) => {
  req.session.visits = (req.session.visits ?? 0) + 1
  res.json({ visits: req.session.visits, ip: req.ip })
})
app.get('/notes', async (_req, res) => {
  res.json(await listNotes())
})
app.post('/notes', async (req, res) => {
  res.status(201).json(await addNote(req.body.text))
})
app.post('/pictures', multer({ dest: 'uploads' }).single('picture'), (req, res) => {
  res.status(201).json({ name: req.file?.originalname, size: req.file?.size })
})

setInterval(async () => console.log(`${(await listNotes()).length} notes`), 60_000)
app.listen(process.env.PORT || 3000)
