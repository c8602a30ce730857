// Routes in files of their own, under a prefix, with middleware around them.
import { createApp, type Middleware } from '@expressway/core'
import { users } from './users.ts'

const serverTiming: Middleware = async (_req, res, next) => {
  const start = performance.now()
  await next()
  res.set('server-timing', `app;dur=${(performance.now() - start).toFixed(1)}`)
}

// One function behind the mappings /v1 and /v2 of a custom domain.
const app = createApp({ stripPrefixes: [/^\/v[12]/] })
app.use(serverTiming)
app.use('/users', users)

export { app }
export const handler = app.handler
