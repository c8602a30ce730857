const { getInvocation, toLambdaHandler, toStreamingLambdaHandler } = require('@expressway/express-shim/listener')
const express = require('express')
const { addRoutes } = require('./express-routes.mjs')

const app = express()
addRoutes(app, express.json, (req) => getInvocation(req).context.awsRequestId)

exports.handler = toLambdaHandler(app)
exports.streamHandler = toStreamingLambdaHandler(app)
