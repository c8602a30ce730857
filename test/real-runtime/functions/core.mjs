import { createApp } from '@expressway/core'
import { toLambdaHandler, toStreamingLambdaHandler, withInvocation } from '@expressway/core/lambda'
import { addRoutes } from './core-routes.mjs'

const app = createApp()
addRoutes(app)

export const handler = toLambdaHandler(withInvocation(app.handle))
export const streamHandler = toStreamingLambdaHandler(withInvocation(app.handle))
