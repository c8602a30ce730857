const express = require('@expressway/express-shim')
const { addRoutes } = require('./express-routes.mjs')

const app = express()
addRoutes(app, express.json, (req) => req.lambda.context.awsRequestId)

exports.handler = app.handler
exports.streamHandler = app.streamHandler
