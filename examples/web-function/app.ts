// One file: a Lambda function by its export, a server where it is what Node was started with (a Web Function, a container).
import { createApp } from '@expressway/core'
import { listen } from '@expressway/express-shim/server'

export const app = createApp()
app.get('/hello/:name', (req) => ({ hello: req.params.name, through: req.source }))

export const handler = app.streamHandler

if (import.meta.main) listen(app.handle)
