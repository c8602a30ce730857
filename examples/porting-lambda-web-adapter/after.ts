import express from '@expressway/express-shim'
import { toLambdaHandler } from '@expressway/express-shim/lambda'
import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda'

const app = express()
app.use(express.json())
app.get('/', (_req, res) => void res.send('ready'))
app.get(
  '/users/:id',
  (req, res) => void res.cookie('a', '1').cookie('b', '2').json({ id: req.params.id, q: req.query.q }),
)
app.post('/users', (req, res) => void res.status(201).location('/users/7').json(req.body))
app.get('/request', (req, res) => {
  const { requestId } = (req.lambda.event as APIGatewayProxyEventV2).requestContext
  res.json({ id: requestId })
})

export const handler = toLambdaHandler(app, {
  onOtherEvent: async (event) => ({ records: (event as SQSEvent).Records.length }),
})
if (import.meta.main) app.listen(Number(process.env.PORT || 8080)) // in a container, and on your machine
