import { createApp, fromLambdaHandler, NotFoundError } from '@expressway/core'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { handler as legacy } from './before.ts'

const names = new Map([['ada', 'Ada Lovelace']])

const app = createApp<APIGatewayProxyEventV2>({ source: 'http-api' })
app.get('/users/:id', (req, res) => {
  const { id } = req.params
  const name = names.get(id)
  if (name === undefined) throw new NotFoundError('No such user')
  res.cookie('seen', id).cookie('visits', '1')
  return { id, name }
})
app.all('/{*path}', fromLambdaHandler(legacy))

export const handler = app.handler
