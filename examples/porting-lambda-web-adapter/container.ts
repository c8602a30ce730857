// Without the shim: a core application, or any handle, as a server.
import { createApp } from '@expressway/core'
import { listen } from '@expressway/express-shim/server'

export const app = createApp()
app.get('/users/:id', (req) => ({ id: req.params.id }))

export const handler = app.handler
if (import.meta.main) listen(app.handle, { trustProxy: true }) // at PORT, behind a load balancer
