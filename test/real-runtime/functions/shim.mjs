import express from '@expressway/express-shim'
import { addRoutes } from './express-routes.mjs'

const app = express()
addRoutes(app, express.json, (req) => req.lambda.context.awsRequestId)

export const { handler, streamHandler } = app
