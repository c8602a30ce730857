import express from '@expressway/express-shim'
import { toLambdaHandler } from '@expressway/express-shim/lambda'
import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda'

const app = express()
app.use(express.json())
app.get(
  '/users/:id',
  (req, res) => void res.cookie('a', '1').cookie('b', '2').json({ id: req.params.id, q: req.query.q }),
)
app.post('/users', (req, res) => void res.status(201).location('/users/7').json(req.body))
app.get('/report', (_req, res) => void res.type('pdf').send(Buffer.from([0x25, 0xff, 0xfe])))
app.get('/request', (req, res) => {
  res.json({ id: (req.lambda.event as APIGatewayProxyEventV2).requestContext.requestId })
})
app.get('/client', (req, res) => void res.json({ ip: req.ip, protocol: req.protocol }))

export const handler = toLambdaHandler(app, {
  onOtherEvent: async (event) => ({ records: (event as SQSEvent).Records.length }),
})
