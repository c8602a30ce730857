import { configure, getCurrentInvoke } from '@codegenie/serverless-express'
import express from 'express'

const app = express()
app.use(express.json())
app.get(
  '/users/:id',
  (req, res) => void res.cookie('a', '1').cookie('b', '2').json({ id: req.params.id, q: req.query.q }),
)
app.post('/users', (req, res) => void res.status(201).location('/users/7').json(req.body))
app.get('/report', (_req, res) => void res.type('pdf').send(Buffer.from([0x25, 0xff, 0xfe])))
app.get('/request', (_req, res) => void res.json({ id: getCurrentInvoke().event.requestContext.requestId }))
app.get('/client', (req, res) => void res.json({ ip: req.ip, protocol: req.protocol }))
app.post('/queue', (req, res) => void res.json({ records: req.body.Records.length }))

export const handler = configure({
  app,
  eventSourceRoutes: { AWS_SQS: '/queue' },
  binarySettings: { contentTypes: ['image/*', 'application/pdf'] },
})
