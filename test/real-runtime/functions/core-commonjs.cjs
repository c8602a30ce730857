const { createApp } = require('@expressway/core')
const { addRoutes } = require('./core-routes.mjs')

const app = createApp()
addRoutes(app)

exports.handler = app.handler
exports.streamHandler = app.streamHandler
