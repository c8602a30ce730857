import { createApp, fromLambdaHandler } from '@expressway/core'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { handler as legacy } from './before.ts'

const app = createApp<APIGatewayProxyEventV2>({ source: 'http-api' })
app.all('/{*path}', fromLambdaHandler(legacy))

export const handler = app.handler
