const { toLambdaHandler } = require('@expressway/express-shim/listener')
const app = require('./before.cjs')

exports.handler = toLambdaHandler(app)
