// The application after: the same on Lambda and, by `node app.ts`, on a server.
import { join } from 'node:path'
import express from '@expressway/express-shim'
import cookieSession from 'cookie-session'
import multer from 'multer'
import { addNote, listNotes, storePicture } from './notes.ts'

export const app = express()
app.set('trust proxy', 1)
app.use(cookieSession({ name: 'session', secret: process.env.SESSION_SECRET ?? 'for development', sameSite: 'lax' }))
app.use(express.json({ limit: '1mb' }))
app.use(express.static(join(import.meta.dirname, 'public'), { maxAge: '1d' }))

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

const upload = multer({ storage: multer.memoryStorage(), limits: { fileSize: 4_000_000 } })
app.post('/pictures', upload.single('picture'), async (req, res) => {
  res.status(201).json(await storePicture(req.file?.originalname ?? '', req.file?.buffer ?? new Uint8Array()))
})

if (import.meta.main) app.listen(3000)

export const handler = app.handler
