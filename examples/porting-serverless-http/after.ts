import express from '@expressway/express-shim'
import { toLambdaHandler } from '@expressway/express-shim/lambda'

type Event = { requestContext: { requestId: string } }

const app = express()
app.use(express.json())
app.get(
  '/users/:id',
  (req, res) => void res.cookie('a', '1').cookie('b', '2').json({ id: req.params.id, q: req.query.q }),
)
app.post('/users', (req, res) => void res.status(201).location('/users/7').json(req.body))
app.get('/logo', (_req, res) => void res.type('png').send(Buffer.from([0x89, 0x50, 0x4e, 0x47])))
app.get('/report', (_req, res) => void res.type('pdf').send(Buffer.from([0x25, 0xff, 0xfe])))
app.get('/request', (req, res) => void res.json({ id: (req.lambda.event as Event).requestContext.requestId }))
app.get('/client', (req, res) => void res.json({ ip: req.ip, protocol: req.protocol }))

export const handler = toLambdaHandler(app, { basePath: '/shop' })
