import express from 'express'
import serverless from 'serverless-http'

type Behind = express.Request & { apiGateway: { event: { requestContext: { requestId: string } } } }

const app = express()
app.use(express.json())
app.get(
  '/users/:id',
  (req, res) => void res.cookie('a', '1').cookie('b', '2').json({ id: req.params.id, q: req.query.q }),
)
app.post('/users', (req, res) => void res.status(201).location('/users/7').json(req.body))
app.get('/logo', (_req, res) => void res.type('png').send(Buffer.from([0x89, 0x50, 0x4e, 0x47])))
app.get('/report', (_req, res) => void res.type('pdf').send(Buffer.from([0x25, 0xff, 0xfe])))
app.get('/request', (req, res) => void res.json({ id: (req as Behind).apiGateway.event.requestContext.requestId }))
app.get('/client', (req, res) => void res.json({ ip: req.ip, protocol: req.protocol }))

export const handler = serverless(app, { basePath: '/shop', binary: ['image/*'] })
