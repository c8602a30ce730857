// Existing Lambda handlers keep working: fromLambdaHandler() takes their results, and routes can be rewritten one by one.
import { createApp, fromLambdaHandler } from '@expressway/core'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'

const legacy = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => ({
  statusCode: 200,
  headers: { 'Content-Type': 'application/json' },
  multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
  body: JSON.stringify({ query: event.queryStringParameters }),
})

const app = createApp<APIGatewayProxyEvent>({ source: 'rest-api' })

app.get('/legacy', fromLambdaHandler(legacy))
app.get('/new', () => ({ rewritten: true }))

export { app }
export const handler = app.handler
