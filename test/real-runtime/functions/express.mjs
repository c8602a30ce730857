import { getInvocation, toLambdaHandler, toStreamingLambdaHandler } from '@expressway/express-shim/listener'
import express from 'express'
import { addRoutes } from './express-routes.mjs'

const app = express()
addRoutes(app, express.json, (req) => getInvocation(req).context.awsRequestId)

export const handler = toLambdaHandler(app)
export const streamHandler = toStreamingLambdaHandler(app)
