import { createApp } from '@expressway/core'
import { withInvocation } from '@expressway/core/invocation'
import { toLambdaHandler } from '@expressway/core/lambda'
import { toStreamingLambdaHandler } from '@expressway/core/streaming'
import { addRoutes } from './core-routes.mjs'

const app = createApp()
addRoutes(app)

export const handler = toLambdaHandler(withInvocation(app.handle))
export const streamHandler = toStreamingLambdaHandler(withInvocation(app.handle))
