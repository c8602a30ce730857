// Handlers that are written wrongly, on top of ones that are not.
import { createApp } from '@expressway/core'

const app = createApp()
app.get('/json', () => ({ hello: 'world' }))

export const callback = (event, context, done) => app.handler(event, context).then((result) => done(null, result))
export const wrapped = globalThis.awslambda?.streamifyResponse(Object.assign((...args) => app.handler(...args), {}))
export const { handler } = app
