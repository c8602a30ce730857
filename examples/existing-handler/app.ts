// Handlers that exist keep working: what they return is understood, one route after the other can be rewritten.
import { createApp } from '@expressway/core'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'

const legacy = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => ({
  statusCode: 200,
  headers: { 'Content-Type': 'application/json' },
  multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
  body: JSON.stringify({ query: event.queryStringParameters }),
})

const app = createApp<APIGatewayProxyEvent>({ source: 'rest-api' })

app.get('/legacy', (req) => legacy(req.event))
app.get('/new', () => ({ rewritten: true }))

export { app }
export const handler = app.handler
